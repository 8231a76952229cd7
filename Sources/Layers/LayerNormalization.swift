public import Graph

/// Rows shifted and scaled to mean zero and variance one, `[rows, columns]` to the same shape.
///
///     y = γ (x - μ) / √(σ² + ε) + β,   μ and σ² over the columns of a row
///
/// Its variables are `<name>.scale`, γ, and `<name>.shift`, β, both `[columns]`; they start at one and
/// zero. Source: Ba, Kiros and Hinton 2016.
public struct LayerNormalization: Hashable, Sendable {
  /// The factor γ.
  public let scale: Variable
  /// The offset β.
  public let shift: Variable
  /// The number ε, which keeps the quotient finite for rows of equal values.
  public let epsilon: Double

  /// Makes a layer for rows of so many columns.
  public init(_ name: String, columns: Int, epsilon: Double = 1e-5) {
    scale = Variable("\(name).scale", [columns], initializer: .constant(1))
    shift = Variable("\(name).shift", [columns], initializer: .constant(0))
    self.epsilon = epsilon
  }

  /// Returns the normalised rows.
  public func callAsFunction(_ rows: Symbol) -> Symbol {
    func spread(_ perRow: Symbol) -> Symbol { perRow.broadcast(to: rows.shape, axes: [0]) }
    let centered = rows - spread(rows.mean(along: 1))
    let deviation = (centered.square().mean(along: 1) + epsilon).squareRoot()
    return scale.symbol.broadcast(to: rows.shape, axes: [1]) * centered / spread(deviation)
      + shift.symbol.broadcast(to: rows.shape, axes: [1])
  }
}
