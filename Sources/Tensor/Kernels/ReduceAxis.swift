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
    } else if view.inner < 8 {
      reduceNarrow(x, rows: view.axis, columns: view.inner, into: y, Operation.self)
    } else {
      reduceWide(x, rows: view.axis, columns: view.inner, into: y, Operation.self)
    }
  }
}

/// Folds neighbouring elements, in 32 partial results.
@inline(__always)
private func reduceRow<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, count: Int, _: Operation.Type
) -> S {
  let blocks = count / 32
  var result = Operation.identity(S.self)
  if blocks > 0 {
    // Partial results go through memory: the optimiser would turn the sums of their lanes at the
    // end into other lanes, and those into single elements in the loop.
    result = withUnsafeTemporaryAllocation(of: S.self, capacity: 32) { partial in
      let partial = partial.baseAddress!
      reduceWide(x, rows: blocks, columns: 32, into: partial, Operation.self)
      let a = Operation.combine(partial.lanes(at: 0), partial.lanes(at: 8))
      let b = Operation.combine(partial.lanes(at: 16), partial.lanes(at: 24))
      return Operation.fold(Operation.combine(a, b))
    }
  }
  for i in blocks * 32..<count { result = Operation.combine(result, x[i]) }
  return result
}

/// Folds rows of less than eight elements: eight rows are as many vectors as a row has elements.
@inline(__always)
private func reduceNarrow<S: RealScalar, Operation: Reduction>(
  _ x: UnsafePointer<S>, rows: Int, columns: Int, into y: UnsafeMutablePointer<S>,
  _: Operation.Type
) {
  y.update(repeating: Operation.identity(S.self), count: columns)
  let blocks = rows / 8
  if blocks > 0 {
    for vector in 0..<columns {
      var partial = SIMD8(repeating: Operation.identity(S.self))
      for block in 0..<blocks {
        partial = Operation.combine(partial, x.lanes(at: (block * columns + vector) * 8))
      }
      var column = vector * 8 % columns
      for lane in 0..<8 {
        y[column] = Operation.combine(y[column], partial[lane])
        column = column + 1 == columns ? 0 : column + 1
      }
    }
  }
  for row in blocks * 8..<rows {
    for column in 0..<columns {
      y[column] = Operation.combine(y[column], x[row * columns + column])
    }
  }
}

/// Folds rows of at least eight elements, a few vectors of columns at a time.
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
  let identity = SIMD8(repeating: Operation.identity(S.self))
  var column = 0
  while column + 32 <= columns {
    var (a, b, c, d) = (identity, identity, identity, identity)
    var row = x + column
    for _ in 0..<rows {
      a = Operation.combine(a, row.lanes(at: 0))
      b = Operation.combine(b, row.lanes(at: 8))
      c = Operation.combine(c, row.lanes(at: 16))
      d = Operation.combine(d, row.lanes(at: 24))
      row += columns
    }
    y.setLanes(a, at: column)
    y.setLanes(b, at: column + 8)
    y.setLanes(c, at: column + 16)
    y.setLanes(d, at: column + 24)
    column += 32
  }
  while column < columns {
    // The last vector begins earlier where the columns do not fill it.
    column = min(column, columns - 8)
    var a = identity
    var row = x + column
    for _ in 0..<rows {
      a = Operation.combine(a, row.lanes(at: 0))
      row += columns
    }
    y.setLanes(a, at: column)
    column += 8
  }
}
