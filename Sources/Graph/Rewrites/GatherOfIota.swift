/// `iota[index] = index`; and the rows 0, 1, 2, … of `x`, gathered or summed by number, are `x`.
struct GatherOfIota: Rewrite {
  func callAsFunction(_ symbol: Symbol, _ primitive: any Primitive) -> Symbol? {
    guard primitive is Gather || primitive is SegmentSum else { return nil }
    let (rows, index) = (symbol.operands[0], symbol.operands[1])
    if primitive is Gather, rows.primitive is Iota { return index }
    return index.primitive is Iota && symbol.type == rows.type ? rows : nil
  }
}
