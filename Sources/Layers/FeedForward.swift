public import Graph
import Tensors

/// A stack of dense layers with the same activation after each, the last one included:
/// `[rows, inputs]` to `[rows, nodes.last]`.
///
/// The layers are called `<name>1`, `<name>2`, …. Without biases, and with an activation that is zero at
/// zero, rows of zeros stay zero.
public struct FeedForward: Hashable, Sendable {
  /// The layers, from the inputs on.
  public let layers: [Dense]

  /// Stacks layers.
  public init(_ layers: [Dense]) { self.layers = layers }

  /// Makes layers of the given numbers of nodes.
  public init(
    _ name: String, inputs: Int, nodes: [Int], activation: Activation, hasBias: Bool = true
  ) {
    ensure(
      inputs > 0 && nodes.allSatisfy { $0 > 0 },
      "FeedForward: '\(name)' needs positive numbers of nodes, not \([inputs] + nodes)")
    layers = zip([inputs] + nodes, nodes).enumerated().map { number, sizes in
      Dense(
        "\(name)\(number + 1)", inputs: sizes.0, outputs: sizes.1, activation: activation,
        bias: hasBias ? .constant(0) : nil)
    }
  }

  /// Returns the outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol { layers.reduce(rows) { $1($0) } }
}
