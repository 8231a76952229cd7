import Graph
import Tensors
import Testing

/// One row of the catalog: a primitive applied to inputs, for the laws that all primitives obey.
struct PrimitiveCase: Sendable, CustomTestStringConvertible {
  /// What an input looks like; the axis `rows` has any length.
  enum Input: Sendable {
    case real(Shape, ClosedRange<Double>)
    case index(Shape, below: Int)
  }

  /// The file in Sources/Graph/Primitives, which has the primitive's name.
  let file: String
  let note: String
  let inputs: [Input]
  /// Up to which order derivatives are compared with differences.
  let order: Int
  let expression: @Sendable ([Symbol]) -> Symbol

  init(
    _ file: String, _ note: String = "", _ inputs: Input..., order: Int = 2,
    _ expression: @escaping @Sendable ([Symbol]) -> Symbol
  ) {
    self.file = file
    self.note = note
    self.inputs = inputs
    self.order = order
    self.expression = expression
  }

  var testDescription: String { note.isEmpty ? file : "\(file) \(note)" }

  /// The inputs as placeholders x0, x1, …
  var symbols: [Symbol] {
    inputs.enumerated().map { number, input in
      switch input {
      case .real(let shape, _): .placeholder("x\(number)", shape)
      case .index(let shape, _): .placeholder("x\(number)", shape, .index)
      }
    }
  }

  var value: Symbol { expression(symbols) }

  /// The real inputs, by which derivatives are taken.
  var sources: [Symbol] { symbols.filter { $0.type.elements == .real } }

  /// The value and its pullbacks, all real.
  var valueAndPullbacks: [Symbol] {
    let value = value
    guard value.type.elements == .real, order > 0 else { return [value] }
    let cotangent = Symbol.fill(0.7, value.shape) * value.cos()
    return [value] + pullback(of: value, by: sources, cotangent: cotangent).compactMap(\.self)
  }

  /// Sets random values; other seeds give other values.
  func fill<Scalar>(_ feed: Feed<Scalar>, rows: Int, seed: UInt64, prefix: String = "x") {
    feed[axis: "rows"] = rows
    for (number, input) in inputs.enumerated() {
      var random = RandomStream(seed: seed, stream: UInt64(number))
      switch input {
      case .real(let shape, let range):
        let symbol = Symbol.placeholder("\(prefix)\(number)", shape)
        let width = range.upperBound - range.lowerBound
        feed.set(
          symbol,
          (0..<shape.count.value { _ in rows }).map { _ in
            range.lowerBound + width * random.uniformDouble()
          })
      case .index(let shape, let bound):
        feed.set(
          .placeholder("\(prefix)\(number)", shape, .index),
          indices: (0..<shape.count.value { _ in rows }).map { _ in random.integer(below: bound) })
      }
    }
  }
}

/// Runs a program of the symbols once.
func evaluate<Scalar: RealScalar>(
  _ symbols: [Symbol], _ feed: Feed<Scalar>, options: Program.Options = .init()
) throws -> [[Double]] {
  let program = Program(symbols, options: options)
  let session = Session(program, state: State<Scalar>([], seed: 1), workers: Workers(count: 1))
  try session.run(feed)
  return symbols.indices.map { session.tensor($0).doubles }
}

/// Whether two lists are equal up to a tolerance relative to one plus the size; NaN equals NaN.
func agree(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= tolerance * (1 + abs($1))
    }
}
