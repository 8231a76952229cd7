/// `iota[index] = index`; and the rows 0, 1, 2, … of `x`, gathered or summed by number, are `x`.
struct GatherOfIota: Rewrite {
  func concerns(_ operation: any Primitive.Type) -> Bool {
    operation == Gather.self || operation == SegmentSum.self
  }

  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    let (rows, index) = (symbol.operands[0], symbol.operands[1])
    if primitive is Gather, rows.primitive is Iota { return index }
    return index.primitive is Iota && symbol.type == rows.type ? rows : nil
  }
}
