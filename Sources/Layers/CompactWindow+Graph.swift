public import Graph

extension CompactWindow {
  /// Returns `C(x)` of each place, 0 with all its derivatives outside.
  public func callAsFunction(_ x: Symbol) -> Symbol {
    let t = ((x - middle) * (1 / halfWidth)).absolute().minimum(1)
    let place = isAsymmetric ? t * (2 - t) : t
    return t.isLess(than: 1).select(
      shape.cutoffFunction.fade(at: place), Symbol.fill(0, x.shape))
  }
}
