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
    outputs(
      features, first: first, second: second, weights: dense.weights.symbol,
      bias: dense.bias?.symbol)
  }

  /// Returns the layer's outputs for each pair as matrices of `count` rows, each transposed,
  /// `[pairs, outputs / count, count]`; see ``Dense``.
  public func callAsFunction(
    _ features: Symbol, first: Symbol, second: Symbol, transposing count: Int
  ) -> Symbol {
    outputs(
      features, first: first, second: second,
      weights: dense.weights.symbol.transposingMatrices(of: count),
      bias: dense.bias?.symbol.transposingMatrices(of: count)
    ).dividingLastAxis(by: count)
  }

  private func outputs(
    _ features: Symbol, first: Symbol, second: Symbol, weights: Symbol, bias: Symbol?
  ) -> Symbol {
    let count = Extent.fixed(inputs)
    var start = features.matmul(weights.slice(0, count: count))
    if let bias { start = start + bias.broadcast(to: start.shape, axes: [1]) }
    let end = features.matmul(weights.slice(count, count: count))
    return dense.activation(start.gathered(by: first) + end.gathered(by: second))
  }
}
