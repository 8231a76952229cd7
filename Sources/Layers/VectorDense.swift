public import Graph

/// A mixture of the channels of vectors: `[atoms, 3, inputs]` to `[atoms, 3, outputs]`.
///
///     y_{i,x,b} = Σ_a v_{i,x,a} W_{a,b}
///
/// There is no bias and no activation, so vectors turn with the coordinates. Its variable is
/// `<name>.weights`, `[inputs, outputs]`. Source: Schütt, Unke and Gastegger 2021 (PaiNN).
public struct VectorDense: Hashable, Sendable {
  /// The matrix W.
  public let weights: Variable

  /// Makes a layer between so many channels.
  public init(
    _ name: String, inputs: Int, outputs: Int, weights: Initializer = .xavierUniform
  ) {
    self.weights = Variable("\(name).weights", [inputs, outputs], initializer: weights)
  }

  /// Returns the mixed vectors of each atom.
  public func callAsFunction(_ vectors: Symbol) -> Symbol { vectors.matmul(weights.symbol) }
}
