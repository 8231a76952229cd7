public import Tensors

/// The first value of a run that is infinite or not a number, and the values it was computed from.
///
/// Everything before it is finite, so the fault lies in its operation, or in the feed or the state
/// if it is a placeholder or a variable.
public struct NonFiniteValue: Sendable, CustomStringConvertible {
  /// The value at fault.
  public let value: ValueSummary
  /// The place of the first element that is not finite, one index for each axis.
  public let place: [Int]
  /// That element.
  public let element: Double
  /// The values it was computed from, in the operation's order.
  public let operands: [ValueSummary]

  /// Runs the graph of the roots operation by operation and returns the first value that is not
  /// finite, or `nil` if all are.
  ///
  /// Equal expressions are not merged and no law is applied, so that the operations are those that
  /// were written; sums may round in another way than in a program that is compiled for speed.
  /// Placeholders and variables are looked at first. Constants of the graph may be infinite. For a
  /// step of training the roots are its monitors and its new values; the state stays as it is.
  ///
  /// Throws `FeedError` if the feed does not fit.
  public static func first<Scalar: RealScalar>(
    computing roots: [Symbol], _ feed: Feed<Scalar>, state: State<Scalar>, workers: Workers
  ) throws(FeedError) -> NonFiniteValue? {
    let program = Program(
      roots, options: .init(simplifies: false, fuses: false, interleaves: false))
    let session = Session(program, state: state, workers: workers)
    try session.begin(feed)
    for value in program.values.indices {
      switch program.values[value].storage {
      case .placeholder, .variable:
        if let fault = session.nonFinite(value, operands: []) { return fault }
      case .slot, .block, .view: break
      }
    }
    for (unit, phase) in program.phases.enumerated() {
      session.runUnit(unit)
      for instruction in program.instructions[phase.tasks[0].instructions] {
        if let fault = session.nonFinite(instruction.result, operands: instruction.operands) {
          return fault
        }
      }
    }
    return nil
  }

  /// Two lines or more: the value, the element, and a line for each operand.
  public var description: String {
    let place = place.isEmpty ? "" : " at \(place)"
    let cause = operands.isEmpty ? "" : ", the first value of the run that is not finite"
    return
      (["\(value.source): \(value.type) is \(element)\(place)\(cause)"]
      + operands.map { "  from \($0)" }).joined(separator: "\n")
  }
}

/// A value of a run in a few numbers.
public struct ValueSummary: Sendable, Hashable, CustomStringConvertible {
  /// The name of a placeholder or variable, or else the operation with its attributes, after the name
  /// given by `Symbol.named`.
  public let source: String
  /// The kind of the elements and the shape.
  public let type: TensorType
  /// The lengths of the axes in this run.
  public let extents: [Int]
  /// The smallest and the largest finite element, if there is one.
  public let range: ClosedRange<Double>?
  /// The number of elements that are infinite or not a number.
  public let nonFiniteCount: Int

  /// One line, such as `squareRoot: real[atoms] of [192], from 0.0 to 1.5`.
  public var description: String {
    let range = range.map { ", from \($0.lowerBound) to \($0.upperBound)" } ?? ""
    let others = nonFiniteCount == 0 ? "" : ", \(nonFiniteCount) not finite"
    return "\(source): \(type) of \(extents)\(range)\(others)"
  }
}

extension Session {
  /// The fault of a value, if one of its elements is not finite.
  fileprivate func nonFinite(_ value: Int, operands: [Int]) -> NonFiniteValue? {
    guard program.values[value].type.elements == .real else { return nil }
    let elements = doubles(of: value)
    guard let first = elements.firstIndex(where: { !$0.isFinite }) else { return nil }
    let summary = summary(of: value)
    var place: [Int] = []
    var rest = first
    for extent in summary.extents.reversed() {
      place.insert(rest % extent, at: 0)
      rest /= extent
    }
    return NonFiniteValue(
      value: summary, place: place, element: elements[first], operands: operands.map(self.summary))
  }

  private func summary(of value: Int) -> ValueSummary {
    let (elements, shape) = (doubles(of: value), view(of: value).shape)
    let finite = elements.filter(\.isFinite)
    let range = finite.min().map { $0...finite.max()! }
    return ValueSummary(
      source: program.source(of: value), type: program.values[value].type,
      extents: (0..<shape.rank).map { shape[$0] }, range: range,
      nonFiniteCount: elements.count - finite.count)
  }

  private func doubles(of value: Int) -> [Double] {
    let view = view(of: value)
    guard let base = view.base else { return [] }
    switch program.values[value].type.elements {
    case .real:
      let start = base.assumingMemoryBound(to: Scalar.self)
      return UnsafeBufferPointer(start: start, count: view.shape.count).map(Double.init)
    case .index:
      let start = base.assumingMemoryBound(to: Int32.self)
      return UnsafeBufferPointer(start: start, count: view.shape.count).map(Double.init)
    }
  }
}

extension Program {
  /// The name of a placeholder or variable, or else the operation that computes the value.
  func source(of value: Int) -> String {
    if let instruction = instructions.first(where: { $0.result == value }) {
      let label = values[value].label.map { "\($0) = " } ?? ""
      return label + instruction.kernel.text
    }
    switch values[value].storage {
    case .placeholder(let number): return placeholders[number].name
    case .variable(let number): return variables[number].name
    case .view(let operand): return source(of: operand)
    case .slot, .block: trap("value \(value) has no instruction")
    }
  }
}
