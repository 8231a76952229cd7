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

/// Chooses between the routines for small matrices, for matrices and for vectors, and settles what
/// BLAS leaves open: an empty inner extent, and elements of C that are not to be read.
///
/// With a small right matrix the choice does not depend on the number of rows, so that portions of the
/// rows give the same bits.
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
  if k == 0 { return scaleRows(of: c, leading: ldc, rows: m, columns: n, by: beta) }
  let isVector = m == 1 || n == 1
  let accumulates = beta == 1
  let isPlainSum = alpha == 1 && (beta == 0 || accumulates)
  let smallExtent = largestRowProductExtent
  if isPlainSum, !a.transposed, n <= smallExtent, k <= smallExtent {
    let scratch = rowProductScratch(inner: k, columns: n)
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: scratch) {
      RowProduct(
        b.elements, leading: b.leading, transposed: b.transposed, inner: k, columns: n,
        scratch: $0.baseAddress.unsafelyUnwrapped
      ).multiply(
        a.elements, leading: a.leading, plus: accumulates ? UnsafePointer(c) : nil, into: c,
        leading: ldc, rows: m)
    }
  } else if isPlainSum, a.transposed, !b.transposed, !isVector, max(m, n) <= smallExtent / 2 {
    rowContraction(
      a.elements, leading: a.leading, b.elements, leading: b.leading, into: c, leading: ldc,
      m, n, rows: k, accumulates: accumulates)
  } else if isPlainSum, !accumulates, !a.transposed, b.transposed, !isVector,
    max(m, n) <= smallExtent / 2
  {
    dotProducts(
      a.elements, leading: a.leading, b.elements, leading: b.leading, into: c, leading: ldc,
      rows: m, columns: n, inner: k)
  } else if isPlainSum, !a.transposed, !b.transposed, k <= smallExtent, m <= smallExtent / 4,
    n >= 8
  {
    SmallProduct(
      a: a.elements, rowOfA: a.leading, columnOfA: 1, b: b.elements, rowOfB: b.leading,
      start: accumulates ? UnsafePointer(c) : nil, c: c, rowOfC: ldc,
      rows: m, columns: n, inner: k
    ).evaluate()
  } else if n == 1 {
    if beta == 0 { scaleRows(of: c, leading: ldc, rows: m, columns: n, by: 0) }
    let rows = a.transposed ? k : m
    matrixTimesVector(
      CblasRowMajor, a.flag, Int32(rows), Int32(m + k - rows), alpha, a.elements,
      Int32(a.leading), b.elements, Int32(b.transposed ? 1 : b.leading), beta, c, Int32(ldc))
  } else if m == 1 {
    if beta == 0 { scaleRows(of: c, leading: ldc, rows: m, columns: n, by: 0) }
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

/// Multiplies the rows of a matrix by a number; those multiplied by zero are not read.
@inline(__always)
private func scaleRows<Scalar: RealScalar>(
  of c: UnsafeMutablePointer<Scalar>, leading ldc: Int, rows m: Int, columns n: Int,
  by factor: Scalar
) {
  for row in 0..<m {
    for column in 0..<n {
      let element = c + (row * ldc + column)
      element.pointee = factor == 0 ? 0 : element.pointee * factor
    }
  }
}
