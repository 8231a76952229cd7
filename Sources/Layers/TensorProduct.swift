public import Graph

/// The scalar product of tensors with themselves, channel by channel: `[atoms, components, channels]`
/// to `[atoms, channels]`.
///
///     s_ic = Σ_m (Y_im W₁)_c (Y_im W₂)_c                      and Σ_m Y_imc² without weights
///
/// It does not change when the structure turns, if the components are those of an orthonormal basis.
/// Its variables, with weights, are `<name>.first.weights` and `<name>.second.weights`.
public struct TensorProduct: Hashable, Sendable {
  /// The matrices W₁ and W₂, if there are any.
  public let factors: [Dense]

  /// Makes a product of so many channels.
  public init(_ name: String, channels: Int, isWeighted: Bool) {
    factors =
      isWeighted
      ? ["first", "second"].map {
        Dense("\(name).\($0)", inputs: channels, outputs: channels, bias: nil)
      } : []
  }

  /// Returns the products.
  public func callAsFunction(_ tensors: Symbol) -> Symbol {
    (factors.isEmpty ? tensors * tensors : factors[0](tensors) * factors[1](tensors))
      .sum(along: 1)
  }
}
