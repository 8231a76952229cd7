/// `L(0) = 0` for operations that only move and add elements.
///
/// There is no law `x · 0 = 0`: where `x` is infinite or NaN the product is NaN, and must stay so.
struct LinearOfZero: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool {
    operation == Sum.self || operation == SegmentSum.self
      || operation == CumulativeSum.self || operation == Pad.self || operation == LowerTriangle.self
  }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    symbol.operands[0].fillValue == 0 ? .fill(0, symbol.shape) : nil
  }
}
