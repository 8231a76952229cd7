extension LinearAlgebra {
  /// Computes the x that minimises `|J x - b|² + μ |x|²`, `μ > 0`, by Cholesky's factorisation of the
  /// smaller of two matrices, in double precision:
  ///
  ///     x = (Jᵀ J + μ)⁻¹ Jᵀ b   for m ≥ n        x = Jᵀ (J Jᵀ + μ)⁻¹ b   for m < n
  ///
  /// - Parameters:
  ///   - j: the matrix J by rows, [m, n].
  ///   - m: the number of rows.
  ///   - n: the number of columns.
  ///   - b: the right-hand side, [m].
  ///   - damping: the number μ.
  ///   - x: receives the solution, [n].
  ///   - scratch: room for `dampedLeastSquaresScratch(rows:columns:)` numbers.
  ///   - workers: the threads that share the products.
  /// - Returns: whether the matrix is positive definite; x is not written otherwise.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public static func dampedLeastSquares<Scalar: RealScalar>(
    _ j: UnsafePointer<Scalar>, rows m: Int, columns n: Int, rightHandSide b: UnsafePointer<Scalar>,
    damping: Double, into x: UnsafeMutablePointer<Scalar>,
    scratch: UnsafeMutablePointer<Double>, workers: Workers
  ) -> Bool {
    let system = DampedSystem(j, rows: m, columns: n, scratch: scratch, workers: workers)
    return system.solve(b, damping: damping, into: x)
  }

  /// The numbers of scratch memory for a damped least-squares problem.
  public static func dampedLeastSquaresScratch(rows m: Int, columns n: Int) -> Int {
    let k = min(m, n)
    return k * (k + 1 + DampedSystem<Double>.panelRows)
  }
}

/// The symmetric matrix [k, k] of a damped problem, k = min(m, n), and a panel of J [rows, k] that is
/// converted at a time: rows of J, or its columns if these are more.
///
/// Threads may share it: each writes rows of its own of the matrix, and the panel changes between calls.
private struct DampedSystem<Scalar: RealScalar>: @unchecked Sendable {
  /// The rows of a panel.
  static var panelRows: Int { 256 }
  /// The rows of the matrix that one thread adds to at a time.
  private static var chunk: Int { 128 }

  private let j: UnsafePointer<Scalar>
  private let (m, n): (Int, Int)
  private let matrix, panel, side: UnsafeMutablePointer<Double>
  private let workers: Workers

  init(
    _ j: UnsafePointer<Scalar>, rows m: Int, columns n: Int,
    scratch: UnsafeMutablePointer<Double>, workers: Workers
  ) {
    (self.j, self.m, self.n, self.workers) = (j, m, n, workers)
    let k = min(m, n)
    (matrix, panel) = (scratch, scratch + k * k)
    side = panel + k * Self.panelRows
  }

  private var isPrimal: Bool { m >= n }
  private var size: Int { min(m, n) }

  func solve(
    _ b: UnsafePointer<Scalar>, damping: Double, into x: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let k = size
    matrix.update(repeating: 0, count: k * k)
    side.update(repeating: 0, count: k)
    forEachPanel { start, count in
      addSquare(rows: count)
      guard isPrimal else { return }
      for row in 0..<count {
        let factor = Double(b[start + row])
        for column in 0..<k { side[column] += factor * panel[row * k + column] }
      }
    }
    for row in 0..<k { matrix[row * k + row] += damping }
    if !isPrimal { for row in 0..<k { side[row] = Double(b[row]) } }
    guard LinearAlgebra.choleskyFactor(matrix, size: k) == nil else { return false }
    LinearAlgebra.solveFactored(matrix, size: k, rightHandSides: side, columns: 1)
    if isPrimal {
      for column in 0..<n { x[column] = Scalar(side[column]) }
      return true
    }
    forEachPanel { start, count in
      for row in 0..<count {
        var sum = 0.0
        for column in 0..<k { sum += panel[row * k + column] * side[column] }
        x[start + row] = Scalar(sum)
      }
    }
    return true
  }

  /// Calls the body with the first row and the number of rows of each panel, which is converted then.
  private func forEachPanel(_ body: (_ start: Int, _ count: Int) -> Void) {
    let (k, long) = (size, max(m, n))
    for start in stride(from: 0, to: long, by: Self.panelRows) {
      let count = min(Self.panelRows, long - start)
      for row in 0..<count {
        let target = panel + row * k
        if isPrimal {
          let source = j + (start + row) * n
          for column in 0..<k { target[column] = Double(source[column]) }
        } else {
          for column in 0..<k { target[column] = Double(j[column * n + start + row]) }
        }
      }
      body(start, count)
    }
  }

  /// Adds Pᵀ P of the panel P to the lower triangle.
  private func addSquare(rows: Int) {
    let k = size
    workers.forEach((k + Self.chunk - 1) / Self.chunk) {
      let first = $0 * Self.chunk
      let count = min(Self.chunk, k - first)
      Double.multiply(
        panel + first, transposed: true, leading: k, panel, transposed: false, leading: k,
        into: matrix + first * k, leading: k, rows: count, columns: first + count, inner: rows,
        alpha: 1, beta: 1)
    }
  }
}
