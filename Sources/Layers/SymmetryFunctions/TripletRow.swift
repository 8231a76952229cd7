import Tensors

/// The pairs of one neighbour j with many k that a group of angular functions has to visit.
struct TripletRow<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>
  typealias Group = SymmetryFunctionConstants<Scalar>.Angular

  /// How many pairs there are; the columns are valid up to the next multiple of eight.
  let count: Int
  let r: Column
  let inverse: Column
  let window: Column
  let slope: Column
  let square: Column
  let cosine: Column
}

extension StagedNeighbors {
  /// All pairs of neighbour j with a range of k, where they lie.
  @inline(__always)
  func wholeRow(
    _ j: Int, _ range: Range<Int>, of group: TripletRow<Scalar>.Group
  ) -> TripletRow<Scalar> {
    measureRow(j, range)
    let start = range.lowerBound
    return TripletRow(
      count: range.count, r: r + start, inverse: inverse + start,
      window: window(group.cutoff) + start, slope: slope(group.cutoff) + start,
      square: square + start, cosine: cosine + start)
  }

  /// The pairs of neighbour j with a range of k that count.
  ///
  /// Narrow functions need only those with `r_jk < r_c`, about half; they are moved together, and
  /// `members` says which they are.
  @inline(__always)
  func compactRow(
    _ j: Int, _ range: Range<Int>, of group: TripletRow<Scalar>.Group
  ) -> TripletRow<Scalar> {
    let whole = wholeRow(j, range, of: group)
    if !group.isNarrow { return whole }
    let radius = Scalar(constants.cutoffs[group.cutoff].radius)
    let limit = radius * radius
    let members = self.members
    var found = 0
    for k in 0..<range.count {
      members[found] = Int32(truncatingIfNeeded: k)
      // A sum instead of a choice, for half of the branches would be predicted wrongly.
      found &+= Int(unsafeBitCast(whole.square[k] < limit, to: UInt8.self))
    }
    let row = TripletRow(
      count: found, r: rowR, inverse: rowInverse, window: rowWindow, slope: rowSlope,
      square: rowSquare, cosine: rowCosine)
    for member in 0..<found {
      let k = Int(members[member])
      row.r[member] = whole.r[k]
      row.inverse[member] = whole.inverse[k]
      row.window[member] = whole.window[k]
      row.slope[member] = whole.slope[k]
      row.square[member] = whole.square[k]
      row.cosine[member] = whole.cosine[k]
    }
    for member in found..<(found + 7) / 8 * 8 {
      row.r[member] = 1
      row.inverse[member] = 1
      row.window[member] = 0
      row.slope[member] = 0
      row.square[member] = 1
      row.cosine[member] = 0
    }
    return row
  }
}
