public import Graph

/// A fully connected layer, `f(x W + b)` of rows `[rows, inputs]`, giving `[rows, outputs]`.
///
/// Its variables are `<name>.weights`, `[inputs, outputs]`, and `<name>.bias`, `[outputs]`.
public struct Dense: Hashable, Sendable {
  /// The matrix W.
  public let weights: Variable
  /// The vector b.
  public let bias: Variable
  /// The function f.
  public let activation: Activation

  /// Makes a layer; its bias starts at zero.
  public init(
    _ name: String, inputs: Int, outputs: Int, activation: Activation = .identity,
    weights: Initializer = .xavierUniform, bias: Initializer = .constant(0)
  ) {
    self.weights = Variable("\(name).weights", [inputs, outputs], initializer: weights)
    self.bias = Variable("\(name).bias", [outputs], initializer: bias)
    self.activation = activation
  }

  /// Returns the layer's outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol {
    let product = rows.matmul(weights.symbol)
    return activation(product + bias.symbol.broadcast(to: product.shape, axes: [1]))
  }
}
