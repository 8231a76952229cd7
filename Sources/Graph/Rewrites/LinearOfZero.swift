/// `L(0) = 0` for operations that only move and add elements.
///
/// There is no law `x · 0 = 0`: where `x` is infinite or NaN the product is NaN, and must stay so.
struct LinearOfZero: Rewrite {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    let isLinear =
      primitive is Sum || primitive is SegmentSum || primitive is CumulativeSum
      || primitive is Pad || primitive is LowerTriangle
    guard isLinear, symbol.operands[0].fillValue == 0 else { return nil }
    return .fill(0, symbol.shape)
  }
}
