/// `slice(concatenate(…, x, …)) = x` where the slice is one operand, and the slice of all of `x` is `x`.
struct SliceOfConcatenate: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool { operation == Slice.self }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard let slice = primitive as? Slice, slice.step == 1 else { return nil }
    let operand = symbol.operands[0]
    if slice.start == 0, slice.count == operand.shape[slice.axis] { return operand }
    guard let concatenate = operand.primitive as? Concatenate, concatenate.axis == slice.axis
    else { return nil }
    var start: Extent = 0
    for part in operand.operands {
      if start == slice.start, part.shape[slice.axis] == slice.count { return part }
      start = start + part.shape[slice.axis]
    }
    return nil
  }
}
