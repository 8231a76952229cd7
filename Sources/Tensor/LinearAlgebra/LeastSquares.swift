import COpenBLAS

/// The shortest of the vectors x that minimise |A x - b|, and the rank of A.
public struct LeastSquares: Sendable {
  /// The solutions as columns, [n, right-hand sides].
  public let solution: [Double]

  /// The number of singular values above the tolerance.
  public let rank: Int

  /// The singular values of A, in descending order.
  public let singularValues: [Double]

  /// Solves by the singular value decomposition (LAPACK's `dgelsd`).
  ///
  /// - Parameters:
  ///   - matrix: A by rows, [m, n].
  ///   - m: the number of equations.
  ///   - n: the number of unknowns.
  ///   - rightHandSides: b as columns, [m, columns].
  ///   - columns: the number of right-hand sides.
  ///   - tolerance: singular values below this part of the largest count as zero; by default
  ///     max(m, n) times the spacing of doubles at 1.
  /// - Throws: ``LinearAlgebra/Failure`` for elements that are not finite, or without convergence.
  public init(
    _ matrix: [Double], rows m: Int, columns n: Int, rightHandSides: [Double],
    count columns: Int = 1, tolerance: Double? = nil
  ) throws(LinearAlgebra.Failure) {
    ensure(matrix.count == m * n, "LeastSquares: the matrix needs \(m * n) elements")
    ensure(
      rightHandSides.count == m * columns,
      "LeastSquares: the right-hand sides need \(m * columns) elements")
    try LinearAlgebra.requireFinite(matrix, columns: n)
    try LinearAlgebra.requireFinite(rightHandSides, columns: columns)
    let (shorter, longer) = (min(m, n), max(m, n))
    if shorter == 0 || columns == 0 {
      solution = Array(repeating: 0, count: n * columns)
      rank = 0
      singularValues = []
      return
    }
    // LAPACK stores by columns, and its right-hand sides have room for the solutions.
    var a = [Double](repeating: 0, count: m * n)
    for i in 0..<m { for j in 0..<n { a[j * m + i] = matrix[i * n + j] } }
    var b = [Double](repeating: 0, count: longer * columns)
    for i in 0..<m { for j in 0..<columns { b[j * longer + i] = rightHandSides[i * columns + j] } }
    var values = [Double](repeating: 0, count: shorter)
    var (rows, unknowns, sides) = (Int32(m), Int32(n), Int32(columns))
    var (leadingA, leadingB) = (Int32(m), Int32(longer))
    var condition = tolerance ?? Double(longer) * Double.ulpOfOne
    var (found, info): (Int32, Int32) = (0, 0)
    func call(work: inout [Double], _ length: Int, integers: inout [Int32]) {
      var length = Int32(length)
      dgelsd_(
        &rows, &unknowns, &sides, &a, &leadingA, &b, &leadingB, &values, &condition, &found,
        &work, &length, &integers, &info)
    }
    // The first call asks for the sizes of the work space.
    var work = [0.0]
    var integers: [Int32] = [0]
    call(work: &work, -1, integers: &integers)
    work = Array(repeating: 0, count: Int(work[0]))
    integers = Array(repeating: 0, count: Int(integers[0]))
    call(work: &work, work.count, integers: &integers)
    if info != 0 { throw .notConverged(rows: m, columns: n) }
    var solution = [Double](repeating: 0, count: n * columns)
    for i in 0..<n { for j in 0..<columns { solution[i * columns + j] = b[j * longer + i] } }
    (self.solution, rank, singularValues) = (solution, Int(found), values)
  }
}
