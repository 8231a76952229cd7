/// A sum over rows in which a graph ends: `output[s] = Σ value[r]` over rows r with `segments[r] = s`,
/// where row r of the value needs row r of its sources and of no others.
///
/// Any rows may then be put side by side, in any number and more than once, and give their share.
public struct RowSum: Sendable {
  /// What each row adds, [rows].
  public let value: Symbol
  /// The element of the output that each row adds to, an index of shape [rows].
  public let segments: Symbol
  /// The placeholders with an axis of rows, of which a row of the value needs the same row alone.
  public let sources: [Symbol]

  /// The axis of rows.
  public var rows: Extent { value.shape[0] }

  /// The sums whose sum an output is, or nil where its rows do not stay apart.
  ///
  /// The output is taken apart through additions and sums of segments; it has one axis.
  public static func sums(in output: Symbol) -> [RowSum]? {
    guard output.rank == 1 else { return nil }
    var sums: [RowSum] = []
    var pending: [(value: Symbol, segments: Symbol)] = [
      (output, .indices(below: output.shape[0]))
    ]
    while let (value, segments) = pending.popLast() {
      if value.fillValue == 0 { continue }
      if let sources = rowSources(of: value), !sources.isEmpty {
        sums.append(RowSum(value: value, segments: segments, sources: sources))
      } else if value.primitive is Add {
        pending += value.operands.reversed().map { ($0, segments) }
      } else if let sum = value.primitive as? SegmentSum, sum.axis == 0 {
        let index = value.operands[1]
        let isOwn = segments.primitive is Iota
        pending.append((value.operands[0], isOwn ? index : segments.gathered(by: index)))
      } else {
        return nil
      }
    }
    return sums
  }

  /// The placeholders with an axis of rows that a value is made of row by row; nil where a row needs
  /// other rows or their number.
  private static func rowSources(of value: Symbol) -> [Symbol]? {
    let rows = value.shape[0]
    guard rows.constant == nil, value.mayBeMadeOfRows else { return nil }
    let order = topologicalOrder(of: [value])
    var sources: [Symbol] = []
    /// The symbols whose rows belong to the rows of the value.
    var byRows: Set<Symbol> = []
    for symbol in order {
      let leads = symbol.shape.extents.first == rows
      let mentions = symbol.mentions(rows)
      guard let primitive = symbol.primitive else {
        if leads && symbol.variable == nil {
          sources.append(symbol)
          byRows.insert(symbol)
        } else if mentions {
          return nil
        }
        continue
      }
      if !mentions, !symbol.operands.contains(where: byRows.contains) { continue }
      guard leads, !symbol.hasRowsBehindTheFirstAxis(rows) else { return nil }
      if primitive.repeatsRows, !symbol.operands.contains(where: byRows.contains) {
        byRows.insert(symbol)
        continue
      }
      guard let taken = primitive.rowOperands(symbol.operands.map(\.type), result: symbol.type),
        zip(symbol.operands, taken).allSatisfy({ byRows.contains($0) == $1 })
      else { return nil }
      byRows.insert(symbol)
    }
    return sources
  }
}

extension Symbol {
  /// Whether the operation itself keeps rows apart or repeats one, whatever its operands are.
  fileprivate var mayBeMadeOfRows: Bool {
    guard let primitive else { return true }
    return primitive.repeatsRows || primitive.rowOperands(operands.map(\.type), result: type) != nil
  }

  /// Whether the shape or the operation depends on the number that an extent stands for.
  fileprivate func mentions(_ extent: Extent) -> Bool {
    shape.extents.contains { $0.sharesNames(with: extent) } || operationMentions(extent)
  }

  /// Whether an axis behind the first one, or the operation itself, depends on an extent.
  fileprivate func hasRowsBehindTheFirstAxis(_ extent: Extent) -> Bool {
    shape.extents.dropFirst().contains { $0.sharesNames(with: extent) }
      || operationMentions(extent)
  }

  private func operationMentions(_ extent: Extent) -> Bool {
    primitive?.attributeExtents.contains { $0.sharesNames(with: extent) } == true
  }
}
