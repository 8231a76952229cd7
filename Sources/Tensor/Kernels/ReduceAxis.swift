/// Adds up the elements along the axis, into [outer, inner]; zero for an empty axis.
///
/// The order of the sum depends on the extents alone: elements are dealt to a fixed number of
/// partial sums, which are added by halves at the end.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func sumAlongAxis<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, into y: UnsafeMutablePointer<S>
) {
  reduce(x, view, into: y, Summation.self)
}

/// Finds the greatest element along the axis, into [outer, inner]; NaN if one is, -∞ if empty.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func maximumAlongAxis<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, into y: UnsafeMutablePointer<S>
) {
  reduce(x, view, into: y, Maximum.self)
}

/// Finds the least element along the axis, into [outer, inner]; NaN if one is, +∞ if empty.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func minimumAlongAxis<S: RealScalar>(
  _ x: UnsafePointer<S>, _ view: AxisView, into y: UnsafeMutablePointer<S>
) {
  reduce(x, view, into: y, Minimum.self)
}

@inline(__always)
private func reduce<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, _ view: AxisView, into y: UnsafeMutablePointer<S>, _: Operation.Type
) {
  for outer in 0..<view.outer {
    let x = x + outer * view.axis * view.inner
    let y = y + outer * view.inner
    if view.inner == 1 {
      y[0] = reduceRow(x, count: view.axis, Operation.self)
    } else if view.inner < S.lanes {
      reduceNarrow(x, rows: view.axis, columns: view.inner, into: y, Operation.self)
    } else {
      reduceWide(x, rows: view.axis, columns: view.inner, into: y, Operation.self)
    }
  }
}

/// Folds neighbouring elements, in four vectors of partial results.
@inline(__always)
private func reduceRow<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, count: Int, _: Operation.Type
) -> S {
  let lanes = S.lanes
  let blocks = count / (4 * lanes)
  var result = Operation.identity(S.self)
  if blocks > 0 {
    // Partial results go through memory: the optimiser would turn the sums of their lanes at the
    // end into other lanes, and those into single elements in the loop.
    result = withUnsafeTemporaryAllocation(of: S.self, capacity: 4 * lanes) { partial in
      let partial = partial.baseAddress!
      reduceWide(x, rows: blocks, columns: 4 * lanes, into: partial, Operation.self)
      let a = Operation.combine(partial.lanes(at: 0), partial.lanes(at: lanes))
      let b = Operation.combine(partial.lanes(at: 2 * lanes), partial.lanes(at: 3 * lanes))
      return Operation.fold(Operation.combine(a, b))
    }
  }
  for i in blocks * 4 * lanes..<count { result = Operation.combine(result, x[i]) }
  return result
}

/// Folds rows shorter than a vector: as many rows as it has lanes are as many vectors as a row has
/// elements.
@inline(__always)
private func reduceNarrow<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, rows: Int, columns: Int, into y: UnsafeMutablePointer<S>,
  _: Operation.Type
) {
  y.update(repeating: Operation.identity(S.self), count: columns)
  let lanes = S.lanes
  let blocks = rows / lanes
  if blocks > 0 {
    for vector in 0..<columns {
      var partial = S.Vector(repeating: Operation.identity(S.self))
      for block in 0..<blocks {
        partial = Operation.combine(partial, x.lanes(at: (block * columns + vector) * lanes))
      }
      var column = vector * lanes % columns
      for lane in 0..<lanes {
        y[column] = Operation.combine(y[column], partial[lane])
        column = column + 1 == columns ? 0 : column + 1
      }
    }
  }
  for row in blocks * lanes..<rows {
    for column in 0..<columns {
      y[column] = Operation.combine(y[column], x[row * columns + column])
    }
  }
}

/// Folds rows that fill at least a vector, a few vectors of columns at a time.
@inline(never)
@_specialize(where S == Float, Operation == Summation)
@_specialize(where S == Double, Operation == Summation)
@_specialize(where S == Float, Operation == Maximum)
@_specialize(where S == Double, Operation == Maximum)
@_specialize(where S == Float, Operation == Minimum)
@_specialize(where S == Double, Operation == Minimum)
private func reduceWide<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, rows: Int, columns: Int, into y: UnsafeMutablePointer<S>,
  _: Operation.Type
) {
  let identity = S.Vector(repeating: Operation.identity(S.self))
  let lanes = S.lanes
  var column = 0
  while column + 4 * lanes <= columns {
    var (a, b, c, d) = (identity, identity, identity, identity)
    var row = x + column
    for _ in 0..<rows {
      a = Operation.combine(a, row.lanes(at: 0))
      b = Operation.combine(b, row.lanes(at: lanes))
      c = Operation.combine(c, row.lanes(at: 2 * lanes))
      d = Operation.combine(d, row.lanes(at: 3 * lanes))
      row += columns
    }
    y.setLanes(a, at: column)
    y.setLanes(b, at: column + lanes)
    y.setLanes(c, at: column + 2 * lanes)
    y.setLanes(d, at: column + 3 * lanes)
    column += 4 * lanes
  }
  while column < columns {
    // The last vector begins earlier where the columns do not fill it.
    column = min(column, columns - lanes)
    var a = identity
    var row = x + column
    for _ in 0..<rows {
      a = Operation.combine(a, row.lanes(at: 0))
      row += columns
    }
    y.setLanes(a, at: column)
    column += lanes
  }
}
