public import Graph

extension DescriptorScaling {
  /// Returns scaled descriptors, `factor · G + offset` for each column of `[rows, columns]`.
  public func callAsFunction(_ descriptors: Symbol, ranges: [DescriptorRange]) -> Symbol {
    let maps = ranges.map(map(for:))
    let (factors, offsets) = (Symbol.constant(maps.map(\.factor)), maps.map(\.offset))
    let shape = descriptors.shape
    return descriptors * factors.broadcast(to: shape, axes: [1])
      + Symbol.constant(offsets).broadcast(to: shape, axes: [1])
  }
}
