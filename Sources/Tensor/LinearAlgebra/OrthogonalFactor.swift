import COpenBLAS

extension LinearAlgebra {
  /// Replaces a square matrix by the orthogonal factor of `A = Q R`, where the diagonal of the upper
  /// triangular R is not negative (LAPACK's `dgelqf` and `dorglq`).
  ///
  /// - Parameters:
  ///   - a: the matrix A by rows, [n, n], overwritten by Q.
  ///   - n: the number of rows.
  ///   - scratch: room for `orthogonalFactorScratch(n)` numbers.
  public static func orthogonalFactor(
    _ a: UnsafeMutablePointer<Double>, size n: Int, scratch: UnsafeMutablePointer<Double>
  ) {
    if n == 0 { return }
    // What LAPACK reads by columns is the transpose, whose factors are Aᵀ = Rᵀ Qᵀ.
    let (scales, signs, work) = (scratch, scratch + n, scratch + 2 * n)
    var size = Int32(n)
    var length = Int32(n * blockSize)
    var info: Int32 = 0
    dgelqf_(&size, &size, a, &size, scales, work, &length, &info)
    for i in 0..<n { signs[i] = a[i * n + i] < 0 ? -1 : 1 }
    dorglq_(&size, &size, &size, a, &size, scales, work, &length, &info)
    // Row j of Qᵀ, by columns, is column j of Q, by rows.
    for row in 0..<n { for column in 0..<n { a[row * n + column] *= signs[column] } }
  }

  /// The numbers of scratch memory for an orthogonal factor.
  public static func orthogonalFactorScratch(_ n: Int) -> Int { n * (blockSize + 2) }

  /// The columns that LAPACK works on together.
  private static var blockSize: Int { 32 }
}
