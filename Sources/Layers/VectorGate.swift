public import Graph

/// A nonlinearity of vectors `[atoms, 3, channels]` that acts on their lengths alone.
///
///     y_{i,x,b} = v_{i,x,b} f(Σ_a |v_{i,a}| W_{a,b} + b_b)
///
/// The factors are the same for all components, so vectors turn with the coordinates. Its variables
/// are those of a dense layer of this name, `<name>.weights` and `<name>.bias`. Source: Weiler et al.
/// 2018, with the gates computed from norms.
public struct VectorGate: Hashable, Sendable {
  /// The layer that computes the factors from the lengths.
  public let gates: Dense

  /// Makes a layer of so many channels; the function f is the logistic one unless another is given.
  public init(_ name: String, channels: Int, activation: Activation = .logistic) {
    gates = Dense(name, inputs: channels, outputs: channels, activation: activation)
  }

  /// Returns the scaled vectors of each atom.
  public func callAsFunction(_ vectors: Symbol) -> Symbol {
    vectors * gates(vectors.norm(along: 1)).broadcast(to: vectors.shape, axes: [0, 2])
  }
}
