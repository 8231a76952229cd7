public import Graph

/// A dense layer of the features of both ends of each pair: `[atoms, inputs]` to `[pairs, outputs]`.
///
///     y_ij = f(x_i W₁ + x_j W₂ + b)
///
/// It equals a dense layer of the features side by side, `[x_i, x_j] W + b` with W₁ above W₂, but
/// multiplies matrices of atoms instead of those of pairs, which are many more. Its variables are
/// `<name>.weights`, `[2 · inputs, outputs]`, and `<name>.bias`, `[outputs]`.
public struct PairDense: Hashable, Sendable {
  /// The layer of the features side by side.
  public let dense: Dense

  private let inputs: Int

  /// Makes a layer; its bias starts at zero.
  public init(_ name: String, inputs: Int, outputs: Int, activation: Activation = .identity) {
    self.inputs = inputs
    dense = Dense(name, inputs: 2 * inputs, outputs: outputs, activation: activation)
  }

  /// Returns the layer's outputs for each pair of rows.
  ///
  /// - Parameters:
  ///   - features: The features of atoms, [atoms, inputs].
  ///   - first: The atom i of each pair, [pairs].
  ///   - second: The atom j of each pair, [pairs].
  /// - Returns: The outputs, [pairs, outputs].
  public func callAsFunction(_ features: Symbol, first: Symbol, second: Symbol) -> Symbol {
    let weights = dense.weights.symbol
    let count = Extent.fixed(inputs)
    var start = features.matmul(weights.slice(0, count: count))
    if let bias = dense.bias {
      start = start + bias.symbol.broadcast(to: start.shape, axes: [1])
    }
    let end = features.matmul(weights.slice(count, count: count))
    return dense.activation(start.gathered(by: first) + end.gathered(by: second))
  }
}
