/// `C B = broadcast(c · Σₖ B[k, :])` for a matrix `C` of one constant `c`, and likewise
/// `A C = broadcast(c · Σₖ A[:, k])`.
///
/// The backward pass of a layer with one output starts with such a product.
struct MatMulOfFill: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == MatMul.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let product = primitive as? MatMul, symbol.operands.allSatisfy({ $0.rank == 2 })
    else { return nil }
    let (a, b) = (symbol.operands[0], symbol.operands[1])
    if let value = a.fillValue {
      return summed(b, along: product.transposeB ? 1 : 0, times: value)
        .broadcast(to: symbol.shape, axes: [1])
    }
    if let value = b.fillValue {
      return summed(a, along: product.transposeA ? 0 : 1, times: value)
        .broadcast(to: symbol.shape, axes: [0])
    }
    return nil
  }

  private func summed(_ matrix: Symbol, along axis: Int, times value: Double) -> Symbol {
    let isSingle = matrix.shape[axis] == 1
    let sum = isSingle ? matrix.reshaped([matrix.shape[1 - axis]]) : matrix.sum(along: axis)
    return value == 1 ? sum : sum * value
  }
}
