public import Graph

/// The sum of old features and what is new, `x W + y`, where widths differ, and `x + y` where they agree.
///
/// Its variable, where it has one, is `<name>.weights`, `[old, new]`.
public struct ResidualUpdate: Hashable, Sendable {
  /// The matrix W; nil where widths agree.
  public let dense: Dense?

  /// Makes an update from so many features to so many.
  public init(_ name: String, from old: Int, to new: Int) {
    dense = old == new ? nil : Dense(name, inputs: old, outputs: new, bias: nil)
  }

  /// Returns the new features, [rows, …, new].
  public func callAsFunction(_ old: Symbol, _ new: Symbol) -> Symbol { (dense?(old) ?? old) + new }
}
