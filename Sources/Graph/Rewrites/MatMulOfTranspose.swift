/// `A · transpose(B) = A · Bᵀ`, and likewise on the left: products transpose without moving anything.
struct MatMulOfTranspose: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == MatMul.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let product = primitive as? MatMul else { return nil }
    let isTransposed = symbol.operands.map { operand in
      (operand.primitive as? Transpose).map {
        let rank = operand.rank
        return $0.permutation == Array(0..<rank - 2) + [rank - 1, rank - 2]
      } ?? false
    }
    guard isTransposed.contains(true) else { return nil }
    return MatMul(
      transposeA: product.transposeA != isTransposed[0],
      transposeB: product.transposeB != isTransposed[1]
    ).applied(to: zip(symbol.operands, isTransposed).map { $1 ? $0.operands[0] : $0 })
  }
}
