public import Graph

/// The part of an interaction that carries directions: tensors of atoms `[atoms, components, inputs]`
/// and those of pairs to `[atoms, components, outputs]`.
///
///     Y_i = Σ_j (P_j + t_ij) g_ij W             the gate g_ij is the same for all components
///
/// With weights of its own for both ends, `P_j` becomes `P_i W_i + P_j W_j`. There is no bias and no
/// activation, so tensors turn with the coordinates. Its variables are `<name>.pp1.weights`,
/// `[channels, outputs]`, and with weights of the ends `<name>.pi.first.weights` and
/// `<name>.pi.second.weights`, `[inputs, inputs]`. Source: Li et al., PiNet2 of PiNN 2.0.
public struct TensorInteraction: Hashable, Sendable {
  /// The matrix W.
  public let mixing: Dense
  /// The matrices W_i and W_j, if the ends have weights.
  public let ends: [Dense]

  /// Makes an interaction; tensors of no inputs are zero.
  public init(_ name: String, inputs: Int, channels: Int, outputs: Int, isWeighted: Bool) {
    mixing = Dense("\(name).pp1", inputs: channels, outputs: outputs, bias: nil)
    ends =
      isWeighted && inputs > 0
      ? ["first", "second"].map {
        Dense("\(name).pi.\($0)", inputs: inputs, outputs: inputs, bias: nil)
      } : []
  }

  /// Returns the tensors of each atom.
  ///
  /// - Parameters:
  ///   - tensors: The tensors of atoms so far, [atoms, components, inputs]; nil where they are zero.
  ///   - directions: The tensors of pairs, [pairs, components].
  ///   - gates: The gates, [pairs, channels].
  ///   - first: The atom i of each pair, [pairs].
  ///   - second: The atom j of each pair, [pairs].
  ///   - atoms: The number of atoms.
  /// - Returns: The tensors, [atoms, components, outputs].
  public func callAsFunction(
    _ tensors: Symbol?, _ directions: Symbol, gates: Symbol, first: Symbol, second: Symbol,
    atoms: Extent
  ) -> Symbol {
    let shape: Shape = [gates.shape[0], directions.shape[1], gates.shape[1]]
    var factor = directions.broadcast(to: shape, axes: [0, 1])
    if let tensors {
      factor =
        factor
        + (ends.isEmpty
          ? tensors.gathered(by: second)
          : ends[0](tensors).gathered(by: first) + ends[1](tensors).gathered(by: second))
    }
    return mixing(
      (factor * gates.broadcast(to: shape, axes: [0, 2])).segmentSum(by: first, count: atoms))
  }
}
