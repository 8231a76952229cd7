import Foundation
public import Tensors

/// A comparison of gradients with central differences along random directions.
///
/// For each source x and unit vector u the derivative `g · u` is compared with the five-point
/// difference
///
///     d = (8 (y(x + hu) - y(x - hu)) - (y(x + 2hu) - y(x - 2hu))) / (12 h)
///
/// whose error is of order `h⁴` beside the rounding of y. Functions with kinks, such as rectifiers,
/// may differ where a kink lies within 2h.
public struct GradientCheck: Sendable, CustomStringConvertible {
  /// The comparison along one direction.
  public struct Direction: Sendable, Hashable {
    /// The name of the variable or placeholder.
    public let source: String
    /// The derivative `g · u` by the gradient.
    public let derivative: Double
    /// The derivative by differences.
    public let difference: Double
    /// The length of the gradient by this source.
    public let gradientNorm: Double
    /// The error of the difference by rounding of y.
    public let rounding: Double

    /// The disagreement beyond rounding, relative to the larger of gradient and difference; NaN or
    /// infinite if one of them is not finite.
    public var error: Double {
      let excess = abs(derivative - difference) - rounding
      if excess <= 0 { return 0 }
      return excess / Swift.max(gradientNorm, abs(difference))
    }
  }

  /// All comparisons, the directions of a source one after another.
  public let directions: [Direction]

  /// Compares the gradient of a symbol by variables and placeholders.
  ///
  /// - Parameters:
  ///   - y: a real symbol; if it is not a scalar, its elements are summed with weights `cos k`.
  ///   - sources: real variables or placeholders.
  ///   - feed: the values of placeholders; they are moved, and put back afterwards.
  ///   - state: the values of variables; they are moved, and put back afterwards.
  ///   - workers: the threads that kernels share.
  ///   - count: the number of directions for each source.
  ///   - step: the length h, in the units of the source.
  ///   - seed: the directions' seed.
  /// - Throws: `FeedError` if the feed does not fit.
  public init(
    of y: Symbol, by sources: [Symbol], _ feed: Feed<Double>, state: State<Double>,
    workers: Workers, directions count: Int = 3, step: Double = 1e-3, seed: UInt64 = 1
  ) throws(FeedError) {
    let scalar = y.rank == 0 ? y : GradientCheck.weightedSum(of: y)
    let program = Program([scalar] + gradient(of: scalar, by: sources))
    let session = Session(program, state: state, workers: workers)
    var directions: [Direction] = []
    try session.run(feed)
    let gradients = sources.indices.map { Array(session.output($0 + 1)) }
    for (number, source) in sources.enumerated() {
      let (name, values) = GradientCheck.memory(of: source, feed, state)
      let base = Array(values)
      defer { for element in base.indices { values[element] = base[element] } }
      var random = RandomStream(seed: seed, stream: UInt64(number))
      for _ in 0..<(base.isEmpty ? 0 : count) {
        var direction = base.map { _ in random.normal() }
        let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for element in direction.indices { direction[element] /= length }
        var largest = 0.0
        func moved(_ steps: Double) throws(FeedError) -> Double {
          for element in base.indices {
            values[element] = base[element] + steps * step * direction[element]
          }
          try session.run(feed)
          largest = max(largest, abs(session.output(0)[0]))
          return session.output(0)[0]
        }
        let near = try moved(1) - moved(-1)
        let far = try moved(2) - moved(-2)
        directions.append(
          Direction(
            source: name,
            derivative: zip(gradients[number], direction).reduce(0) { $0 + $1.0 * $1.1 },
            difference: (8 * near - far) / (12 * step),
            gradientNorm: gradients[number].reduce(0) { $0 + $1 * $1 }.squareRoot(),
            rounding: 16 * Double.ulpOfOne * largest / step))
      }
    }
    self.directions = directions
  }

  /// The direction that agrees least, if any source has elements.
  public var worst: Direction? {
    directions.max { first, second in
      !first.error.isNaN && (second.error.isNaN || first.error < second.error)
    }
  }

  /// Whether no error is larger than the tolerance, and none is NaN.
  public func agrees(to tolerance: Double = 1e-6) -> Bool {
    directions.allSatisfy { $0.error <= tolerance }
  }

  /// A table: source, derivative by the gradient, by differences, relative error.
  public var description: String {
    TextTable(
      ["source", "gradient", "difference", "error"],
      directions.map {
        [
          $0.source, String(format: "%.9g", $0.derivative), String(format: "%.9g", $0.difference),
          String(format: "%.1e", $0.error),
        ]
      }
    ).description
  }

  private static func weightedSum(of y: Symbol) -> Symbol {
    let weights = Symbol.fill(1, [y.shape.count]).cumulativeSum(along: 0).cos()
    return (y.flattened() * weights).sum()
  }

  /// The name of a variable or placeholder, and the memory that holds its value.
  private static func memory(
    of source: Symbol, _ feed: Feed<Double>, _ state: State<Double>
  ) -> (name: String, values: UnsafeMutableBufferPointer<Double>) {
    switch source.node.kind {
    case .variable(let variable): return (variable.name, state[variable])
    case .placeholder(let name):
      let buffer = feed.values(of: source)
      return (name, UnsafeMutableBufferPointer(start: buffer.base, count: buffer.count))
    case .operation(let primitive):
      trap(
        "GradientCheck: moves variables and placeholders, not a result of \(primitive.name)")
    }
  }
}
