import COpenBLAS

/// The eigenvalues and eigenvectors of a real symmetric matrix, `A v_i = λ_i v_i`.
public struct SymmetricEigensystem: Sendable {
  /// The eigenvalues in ascending order.
  public let values: [Double]

  /// The orthonormal eigenvectors as rows, [n, n], in the order of the eigenvalues.
  public let vectors: [Double]

  /// Diagonalises a matrix (LAPACK's divide and conquer, `dsyevd`).
  ///
  /// - Parameters:
  ///   - matrix: the elements by rows, [n, n]; only the lower triangle is used.
  ///   - n: the number of rows.
  /// - Throws: ``LinearAlgebra/Failure`` for elements that are not finite, or without convergence.
  public init(_ matrix: [Double], size n: Int) throws(LinearAlgebra.Failure) {
    var vectors = matrix
    values = try Self.diagonalise(&vectors, size: n, keepsVectors: true)
    self.vectors = vectors
  }

  /// The eigenvalues alone in ascending order, for which less is computed.
  ///
  /// - Parameters:
  ///   - matrix: the elements by rows, [n, n]; only the lower triangle is used.
  ///   - n: the number of rows.
  /// - Returns: the eigenvalues.
  /// - Throws: ``LinearAlgebra/Failure`` for elements that are not finite, or without convergence.
  public static func values(
    of matrix: consuming [Double], size n: Int
  ) throws(LinearAlgebra.Failure) -> [Double] {
    var matrix = matrix
    return try diagonalise(&matrix, size: n, keepsVectors: false)
  }

  /// Replaces a matrix by its eigenvectors as rows, if these are kept; returns the eigenvalues.
  private static func diagonalise(
    _ vectors: inout [Double], size n: Int, keepsVectors: Bool
  ) throws(LinearAlgebra.Failure) -> [Double] {
    ensure(vectors.count == n * n, "SymmetricEigensystem: the matrix needs \(n * n) elements")
    try LinearAlgebra.requireFinite(vectors, columns: n)
    var values = [Double](repeating: 0, count: n)
    var size = Int32(n)
    var info: Int32 = 0
    func call(work: inout [Double], _ length: Int, integers: inout [Int32], _ integerLength: Int) {
      var (length, integerLength) = (Int32(length), Int32(integerLength))
      dsyevd_(
        keepsVectors ? "V" : "N", "U", &size, &vectors, &size, &values, &work, &length, &integers,
        &integerLength, &info)
    }
    if n > 0 {
      // The first call asks for the sizes of the work space.
      var work = [0.0]
      var integers: [Int32] = [0]
      call(work: &work, -1, integers: &integers, -1)
      work = Array(repeating: 0, count: Int(work[0]))
      integers = Array(repeating: 0, count: Int(integers[0]))
      call(work: &work, work.count, integers: &integers, integers.count)
    }
    if info != 0 { throw .notConverged(rows: n, columns: n) }
    return values
  }
}
