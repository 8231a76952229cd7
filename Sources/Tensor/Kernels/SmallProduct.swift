/// The operands and the result of a product of matrices of few columns,
/// `C[i, j] = S[i, j] + Σ A[i, l] B[l, j]` over l.
struct SmallProduct<S: RealScalar> {
  /// The left matrix; its element (i, l) lies `i * rowOfA + l * columnOfA` elements on.
  let a: UnsafePointer<S>, rowOfA: Int, columnOfA: Int
  /// The right matrix, by rows. A row that is shorter than a vector is followed by elements that
  /// may be read.
  let b: UnsafePointer<S>, rowOfB: Int
  /// The start of the sums, laid out like the result, which it may be; zero if there is none.
  let start: UnsafePointer<S>?
  /// The result, by rows; nothing else is written.
  let c: UnsafeMutablePointer<S>, rowOfC: Int
  /// The rows of C, its columns, and the columns of A.
  let rows: Int, columns: Int, inner: Int

  /// The number of rows that go through all columns together; a multiple of the heights of full blocks.
  private static var rowsAtATime: Int { 48 }

  /// Computes the result.
  ///
  /// A block of C stays in registers while l runs, so neither A nor B needs another order. The sum
  /// of an element is taken in order of l, whatever the number of rows and columns.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func evaluate() {
    let lanes = S.rowLanes
    let all = (columns &+ lanes &- 1) / lanes
    var first = 0
    while first < rows {
      let count = min(rows &- first, Self.rowsAtATime)
      var done = 0
      while done < all {
        // Sixteen registers hold twelve vectors and their factors. The last vector of a row overlaps
        // the one before it, so that one is in the same panel.
        let left = all &- done
        let vectors = rows == 1 && left != 5 ? min(left, 4) : left == 1 || left == 3 ? left : 2
        let column = done &* lanes
        let panel = Panel<S>(
          a: a + first &* rowOfA, rowOfA: rowOfA, columnOfA: columnOfA,
          b: b + column, rowOfB: rowOfB, start: start.map { $0 + (first &* rowOfC &+ column) },
          c: c + (first &* rowOfC &+ column), rowOfC: rowOfC,
          last: left == vectors ? max(0, columns &- lanes &- column) : (vectors &- 1) &* lanes,
          width: min(columns, lanes), inner: inner)
        switch vectors {
        case 1: oneVector(panel, count)
        case 2: twoVectors(panel, count)
        case 3: threeVectors(panel, count)
        default: addBlock(panel, 0, rows: 1, vectors: 4)
        }
        done &+= vectors
      }
      first &+= count
    }
  }
}

/// Some rows of C and as many vectors of its columns as fit into registers together.
private struct Panel<S: RealScalar> {
  let a: UnsafePointer<S>, rowOfA: Int, columnOfA: Int
  let b: UnsafePointer<S>, rowOfB: Int
  let start: UnsafePointer<S>?
  let c: UnsafeMutablePointer<S>, rowOfC: Int
  /// The column where the last vector starts.
  let last: Int
  /// The elements of a vector that belong to the result: not all if it has fewer columns.
  let width: Int
  let inner: Int

  /// The column where a vector of the panel starts.
  @inline(__always)
  func column(_ vector: Int, of vectors: Int) -> Int {
    vector == vectors - 1 ? last : vector * S.rowLanes
  }
}

private func oneVector<S: RealScalar>(_ panel: Panel<S>, _ rows: Int) {
  addBlocks(panel, rows, height: 6, vectors: 1)
}

private func twoVectors<S: RealScalar>(_ panel: Panel<S>, _ rows: Int) {
  addBlocks(panel, rows, height: 6, vectors: 2)
}

private func threeVectors<S: RealScalar>(_ panel: Panel<S>, _ rows: Int) {
  addBlocks(panel, rows, height: 4, vectors: 3)
}

/// All rows of a panel in blocks of nearly one height, since a low block waits for its sums.
@inline(__always)
private func addBlocks<S: RealScalar>(
  _ panel: Panel<S>, _ rows: Int, height: Int, vectors: Int
) {
  let count = (rows &+ height &- 1) / height
  let (lower, higherBlocks) = (rows / count, rows % count)
  var i = 0
  for block in 0..<count {
    let rows = block < higherBlocks ? lower &+ 1 : lower
    switch rows {
    case 6 where height == 6: addBlock(panel, i, rows: 6, vectors: vectors)
    case 5 where height == 6: addBlock(panel, i, rows: 5, vectors: vectors)
    case 4: addBlock(panel, i, rows: 4, vectors: vectors)
    case 3: addBlock(panel, i, rows: 3, vectors: vectors)
    case 2: addBlock(panel, i, rows: 2, vectors: vectors)
    default: addBlock(panel, i, rows: 1, vectors: vectors)
    }
    i &+= rows
  }
}

/// One block of C, from row `i` on. The extents are literals, so branches they rule out are not
/// compiled.
@inline(__always)
private func addBlock<S: RealScalar>(
  _ panel: Panel<S>, _ i: Int, rows: Int, vectors: Int
) {
  var (s0, s1, s2) = (RowSums<S>(), RowSums<S>(), RowSums<S>())
  var (s3, s4, s5) = (RowSums<S>(), RowSums<S>(), RowSums<S>())
  if let start = panel.start {
    let start = start + i &* panel.rowOfC
    s0.load(start, panel, vectors)
    if rows > 1 { s1.load(start + panel.rowOfC, panel, vectors) }
    if rows > 2 { s2.load(start + 2 &* panel.rowOfC, panel, vectors) }
    if rows > 3 { s3.load(start + 3 &* panel.rowOfC, panel, vectors) }
    if rows > 4 { s4.load(start + 4 &* panel.rowOfC, panel, vectors) }
    if rows > 5 { s5.load(start + 5 &* panel.rowOfC, panel, vectors) }
  }
  let row = panel.rowOfA
  var (upper, lower) = (panel.a + i &* row, panel.a + (i &+ 3) &* row)
  var right = panel.b
  // The number of these steps is not known in advance, which keeps the compiler from doing four at a
  // time: it would run out of registers for the addresses in A, and keep them in memory instead.
  let end = right + panel.inner &* panel.rowOfB
  while right != end {
    let u0 = right.rowLanes(at: panel.column(0, of: vectors))
    let u1 = vectors > 1 ? right.rowLanes(at: panel.column(1, of: vectors)) : u0
    let u2 = vectors > 2 ? right.rowLanes(at: panel.column(2, of: vectors)) : u0
    let u3 = vectors > 3 ? right.rowLanes(at: panel.column(3, of: vectors)) : u0
    s0.add(upper[0], u0, u1, u2, u3, vectors)
    if rows > 1 { s1.add(upper[row], u0, u1, u2, u3, vectors) }
    if rows > 2 { s2.add(upper[2 &* row], u0, u1, u2, u3, vectors) }
    if rows > 3 { s3.add(lower[0], u0, u1, u2, u3, vectors) }
    if rows > 4 { s4.add(lower[row], u0, u1, u2, u3, vectors) }
    if rows > 5 { s5.add(lower[2 &* row], u0, u1, u2, u3, vectors) }
    upper += panel.columnOfA
    lower += panel.columnOfA
    right += panel.rowOfB
  }
  s0.store(panel, i, vectors)
  if rows > 1 { s1.store(panel, i &+ 1, vectors) }
  if rows > 2 { s2.store(panel, i &+ 2, vectors) }
  if rows > 3 { s3.store(panel, i &+ 3, vectors) }
  if rows > 4 { s4.store(panel, i &+ 4, vectors) }
  if rows > 5 { s5.store(panel, i &+ 5, vectors) }
}

/// The sums of one row of a block.
private struct RowSums<S: RealScalar> {
  typealias Vector = S.RowVector

  private var s0 = Vector(repeating: 0), s1 = Vector(repeating: 0)
  private var s2 = Vector(repeating: 0), s3 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  @inline(__always)
  mutating func add(
    _ factor: S, _ u0: Vector, _ u1: Vector, _ u2: Vector, _ u3: Vector,
    _ vectors: Int
  ) {
    let factor = Vector(repeating: factor)
    s0.addProduct(factor, u0)
    if vectors > 1 { s1.addProduct(factor, u1) }
    if vectors > 2 { s2.addProduct(factor, u2) }
    if vectors > 3 { s3.addProduct(factor, u3) }
  }

  @inline(__always)
  mutating func load(
    _ row: UnsafePointer<S>, _ panel: Panel<S>, _ vectors: Int
  ) {
    if vectors == 1, panel.width < Vector.scalarCount {
      for lane in 0..<panel.width { s0[lane] = row[lane] }
      return
    }
    s0 = row.rowLanes(at: panel.column(0, of: vectors))
    if vectors > 1 { s1 = row.rowLanes(at: panel.column(1, of: vectors)) }
    if vectors > 2 { s2 = row.rowLanes(at: panel.column(2, of: vectors)) }
    if vectors > 3 { s3 = row.rowLanes(at: panel.column(3, of: vectors)) }
  }

  @inline(__always)
  func store(_ panel: Panel<S>, _ i: Int, _ vectors: Int) {
    let row = panel.c + i &* panel.rowOfC
    if vectors == 1, panel.width < Vector.scalarCount {
      for lane in 0..<panel.width { row[lane] = s0[lane] }
      return
    }
    row.setRowLanes(s0, at: panel.column(0, of: vectors))
    if vectors > 1 { row.setRowLanes(s1, at: panel.column(1, of: vectors)) }
    if vectors > 2 { row.setRowLanes(s2, at: panel.column(2, of: vectors)) }
    if vectors > 3 { row.setRowLanes(s3, at: panel.column(3, of: vectors)) }
  }
}
