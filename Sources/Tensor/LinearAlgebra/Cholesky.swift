import COpenBLAS

extension LinearAlgebra {
  /// Factors a symmetric positive definite matrix in place, `A = L Lᵀ`.
  ///
  /// Only the lower triangle of `a`, row i from column 0 to i, is read and overwritten by L.
  /// - Parameters:
  ///   - a: the matrix, [n, n].
  ///   - n: the number of rows.
  /// - Returns: `nil`, or the index of the first pivot that is not positive (or not a number); the
  ///   triangle then holds an unfinished factor.
  public static func choleskyFactor(_ a: UnsafeMutablePointer<Double>, size n: Int) -> Int? {
    if n == 0 { return nil }
    var size = Int32(n)
    var info: Int32 = 0
    // The lower triangle by rows is the upper triangle by columns.
    dpotrf_("U", &size, a, &size, &info)
    if info > 0 { return Int(info) - 1 }
    return (0..<n).first { !(a[$0 * n + $0] > 0) || !a[$0 * n + $0].isFinite }
  }

  /// The stored half of a triangular matrix.
  public enum Triangle: Sendable {
    /// The diagonal and the triangle left of it.
    case lower
    /// The diagonal and the triangle right of it.
    case upper
  }

  /// Solves `op(T) X = B` in place of B for a triangular matrix T.
  ///
  /// - Parameters:
  ///   - t: the triangular matrix, [n, n]; the other half is not read.
  ///   - triangle: the half that is stored.
  ///   - transposed: whether op transposes.
  ///   - n: the number of rows of T.
  ///   - b: the right-hand sides as columns, [n, columns], overwritten by X.
  ///   - columns: the number of right-hand sides.
  public static func solveTriangular(
    _ t: UnsafePointer<Double>, _ triangle: Triangle, transposed: Bool, size n: Int,
    rightHandSides b: UnsafeMutablePointer<Double>, columns: Int
  ) {
    if n == 0 || columns == 0 { return }
    cblas_dtrsm(
      CblasRowMajor, CblasLeft, triangle == .lower ? CblasLower : CblasUpper,
      transposed ? CblasTrans : CblasNoTrans, CblasNonUnit, Int32(n), Int32(columns), 1, t,
      Int32(n), b, Int32(columns))
  }

  /// Solves `A X = B` in place of B, given the factor L of `A = L Lᵀ`.
  ///
  /// - Parameters:
  ///   - factor: L, [n, n], from ``choleskyFactor(_:size:)``.
  ///   - n: the number of rows.
  ///   - b: the right-hand sides as columns, [n, columns], overwritten by X.
  ///   - columns: the number of right-hand sides.
  public static func solveFactored(
    _ factor: UnsafePointer<Double>, size n: Int,
    rightHandSides b: UnsafeMutablePointer<Double>, columns: Int
  ) {
    solveTriangular(
      factor, .lower, transposed: false, size: n, rightHandSides: b, columns: columns)
    solveTriangular(
      factor, .lower, transposed: true, size: n, rightHandSides: b, columns: columns)
  }
}
