public import Graph

/// A fully connected layer, `f(x W + b)`, of the last axis: `[rows, inputs]` to `[rows, outputs]`.
///
/// More leading axes than one may stand before the inputs. Its variables are `<name>.weights`,
/// `[inputs, outputs]`, and, unless it has no bias, `<name>.bias`, `[outputs]`.
public struct Dense: Hashable, Sendable {
  /// The matrix W.
  public let weights: Variable
  /// The vector b, if the layer has one.
  public let bias: Variable?
  /// The function f.
  public let activation: Activation

  /// Makes a layer; its bias starts at zero, and `bias: nil` makes a layer without one.
  public init(
    _ name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    weights: Initializer = .xavierUniform, bias: Initializer? = .constant(0)
  ) {
    self.weights = Variable("\(name).weights", [inputs, outputs], initializer: weights)
    self.bias = bias.map { Variable("\(name).bias", [outputs], initializer: $0) }
    self.activation = activation
  }

  /// The weights and, if there is one, the bias.
  public var variables: [Variable] { [weights] + (bias.map { [$0] } ?? []) }

  /// Returns the layer's outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol {
    let product = rows.matmul(weights.symbol)
    guard let bias else { return activation(product) }
    return activation(product + bias.symbol.broadcast(to: product.shape, axes: [product.rank - 1]))
  }
}
