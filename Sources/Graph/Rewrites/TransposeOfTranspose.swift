/// `transpose[p](transpose[q](x)) = transpose[q ∘ p](x)`; the identity permutation is left out.
struct TransposeOfTranspose: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Transpose.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let outer = primitive as? Transpose,
      let inner = symbol.operands[0].primitive as? Transpose
    else { return nil }
    return symbol.operands[0].operands[0].transposed(
      outer.permutation.map { inner.permutation[$0] })
  }
}
