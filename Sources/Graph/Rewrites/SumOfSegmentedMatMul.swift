/// The expressions after `segmentedMatMul(A, B) + segmentedMatMul(C, D) = segmentedMatMul(A, B, C, D)`
/// over the same segments, so that each segment's sum is written once.
///
/// The derivative of a force by a matrix is such a sum, of the matrix's two places in the force. It is
/// not among the laws that look at one symbol alone: a product that another symbol reads as well would
/// be computed twice.
func withSumsOfSegmentedMatMul(_ roots: [Symbol]) -> [Symbol] {
  let order = topologicalOrder(of: roots)
  // Hashing all symbols would cost more than all the rest here.
  guard order.contains(where: { $0.primitive is SegmentedMatMul }) else { return roots }
  var readers: [Symbol: Int] = [:]
  func count(_ symbols: [Symbol]) {
    for symbol in symbols where symbol.primitive is SegmentedMatMul || symbol.primitive is Add {
      readers[symbol, default: 0] += 1
    }
  }
  for symbol in order { count(symbol.operands) }
  count(roots)
  // A symbol that is not among them stands for itself.
  var results: [Symbol: Symbol] = [:]
  for symbol in order {
    let operands = symbol.operands.map { results[$0] ?? $0 }
    if symbol.primitive is Add, symbol.operands.allSatisfy({ readers[$0] == 1 }),
      let product = operands[0].primitive as? SegmentedMatMul,
      operands[1].primitive as? SegmentedMatMul == product,
      operands[0].operands.last == operands[1].operands.last
    {
      results[symbol] = product.applied(to: operands[0].operands.dropLast() + operands[1].operands)
    } else if operands != symbol.operands {
      results[symbol] = symbol.replacingOperands(operands)
    }
  }
  return roots.map { results[$0] ?? $0 }
}
