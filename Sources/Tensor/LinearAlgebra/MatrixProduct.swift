import COpenBLAS

extension Float {
  /// The matrix product `C = alpha op(A) op(B) + beta C`, with matrices stored row by row.
  public static func multiply(
    _ a: UnsafePointer<Float>, transposed transposedA: Bool, leading lda: Int,
    _ b: UnsafePointer<Float>, transposed transposedB: Bool, leading ldb: Int,
    into c: UnsafeMutablePointer<Float>, leading ldc: Int,
    rows m: Int, columns n: Int, inner k: Int, alpha: Float, beta: Float
  ) {
    matrixProduct(
      MatrixOperand(a, transposed: transposedA, leading: lda),
      MatrixOperand(b, transposed: transposedB, leading: ldb), into: c, leading: ldc,
      rows: m, columns: n, inner: k, alpha: alpha, beta: beta,
      matrixTimesMatrix: cblas_sgemm, matrixTimesVector: cblas_sgemv)
  }
}

extension Double {
  /// The matrix product `C = alpha op(A) op(B) + beta C`, with matrices stored row by row.
  public static func multiply(
    _ a: UnsafePointer<Double>, transposed transposedA: Bool, leading lda: Int,
    _ b: UnsafePointer<Double>, transposed transposedB: Bool, leading ldb: Int,
    into c: UnsafeMutablePointer<Double>, leading ldc: Int,
    rows m: Int, columns n: Int, inner k: Int, alpha: Double, beta: Double
  ) {
    matrixProduct(
      MatrixOperand(a, transposed: transposedA, leading: lda),
      MatrixOperand(b, transposed: transposedB, leading: ldb), into: c, leading: ldc,
      rows: m, columns: n, inner: k, alpha: alpha, beta: beta,
      matrixTimesMatrix: cblas_dgemm, matrixTimesVector: cblas_dgemv)
  }
}

/// A stored matrix and whether a product takes it transposed.
private struct MatrixOperand<Scalar> {
  let elements: UnsafePointer<Scalar>, transposed: Bool, leading: Int

  init(_ elements: UnsafePointer<Scalar>, transposed: Bool, leading: Int) {
    (self.elements, self.transposed, self.leading) = (elements, transposed, leading)
  }

  var flag: CBLAS_TRANSPOSE { transposed ? CblasTrans : CblasNoTrans }
  var opposite: CBLAS_TRANSPOSE { transposed ? CblasNoTrans : CblasTrans }
}

private typealias MatrixTimesMatrix<Scalar> = (
  CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Scalar,
  UnsafePointer<Scalar>?, Int32, UnsafePointer<Scalar>?, Int32, Scalar,
  UnsafeMutablePointer<Scalar>?, Int32
) -> Void

private typealias MatrixTimesVector<Scalar> = (
  CBLAS_ORDER, CBLAS_TRANSPOSE, Int32, Int32, Scalar, UnsafePointer<Scalar>?, Int32,
  UnsafePointer<Scalar>?, Int32, Scalar, UnsafeMutablePointer<Scalar>?, Int32
) -> Void

/// Chooses between the matrix and the vector routine, and settles what BLAS leaves open: an empty
/// inner extent, and elements of C that are not to be read.
@inline(__always)
private func matrixProduct<Scalar: RealScalar>(
  _ a: MatrixOperand<Scalar>, _ b: MatrixOperand<Scalar>,
  into c: UnsafeMutablePointer<Scalar>, leading ldc: Int,
  rows m: Int, columns n: Int, inner k: Int, alpha: Scalar, beta: Scalar,
  matrixTimesMatrix: MatrixTimesMatrix<Scalar>, matrixTimesVector: MatrixTimesVector<Scalar>
) {
  assert(m >= 0 && n >= 0 && k >= 0, "multiply: extents are not negative")
  assert(a.leading >= (a.transposed ? m : k), "multiply: the rows of A overlap")
  assert(b.leading >= (b.transposed ? k : n), "multiply: the rows of B overlap")
  assert(ldc >= n, "multiply: the rows of C overlap")
  if m == 0 || n == 0 { return }
  let isVector = m == 1 || n == 1
  if beta == 0, isVector || k == 0 {
    for row in 0..<m { (c + row * ldc).update(repeating: 0, count: n) }
  } else if k == 0, beta != 1 {
    for row in 0..<m { for column in 0..<n { c[row * ldc + column] *= beta } }
  }
  if k == 0 { return }
  if n == 1 {
    let rows = a.transposed ? k : m
    matrixTimesVector(
      CblasRowMajor, a.flag, Int32(rows), Int32(m + k - rows), alpha, a.elements,
      Int32(a.leading), b.elements, Int32(b.transposed ? 1 : b.leading), beta, c, Int32(ldc))
  } else if m == 1 {
    let rows = b.transposed ? n : k
    matrixTimesVector(
      CblasRowMajor, b.opposite, Int32(rows), Int32(n + k - rows), alpha, b.elements,
      Int32(b.leading), a.elements, Int32(a.transposed ? a.leading : 1), beta, c, 1)
  } else {
    matrixTimesMatrix(
      CblasRowMajor, a.flag, b.flag, Int32(m), Int32(n), Int32(k), alpha, a.elements,
      Int32(a.leading), b.elements, Int32(b.leading), beta, c, Int32(ldc))
  }
}
