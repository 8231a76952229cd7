/// `segmentedMatMul(A, C)[s, i, j] = c · segmentSum(A)[s, i]` for a matrix `C` of one constant `c`.
struct SegmentedMatMulOfFill: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == SegmentedMatMul.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let product = primitive as? SegmentedMatMul, symbol.operands.count == 3,
      let value = symbol.operands[1].fillValue
    else { return nil }
    let sums = symbol.operands[0].segmentSum(by: symbol.operands[2], count: product.count)
    return (value == 1 ? sums : sums * value).broadcast(to: symbol.shape, axes: [0, 1])
  }
}
