import Tensors

/// A 3x3 matrix of three rows: a cell, a stress, a strain.
public struct Matrix3: Hashable, Sendable {
  /// The first row.
  public var x: SIMD3<Double>
  /// The second row.
  public var y: SIMD3<Double>
  /// The third row.
  public var z: SIMD3<Double>

  /// Makes a matrix from its rows.
  public init(_ x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// Makes a diagonal matrix.
  public init(diagonal: SIMD3<Double>) {
    self.init([diagonal.x, 0, 0], [0, diagonal.y, 0], [0, 0, diagonal.z])
  }

  /// Makes a matrix from nine numbers, row by row.
  public init(rowMajor values: [Double]) {
    ensure(values.count == 9, "Matrix3: nine numbers are needed, not \(values.count)")
    self.init(
      [values[0], values[1], values[2]], [values[3], values[4], values[5]],
      [values[6], values[7], values[8]])
  }

  /// The matrix of zeros.
  public static let zero = Matrix3(.zero, .zero, .zero)
  /// The matrix that changes nothing.
  public static let identity = Matrix3(diagonal: .one)

  /// The nine numbers, row by row.
  public var rowMajor: [Double] { [x.x, x.y, x.z, y.x, y.y, y.z, z.x, z.y, z.z] }

  /// A row.
  public subscript(row: Int) -> SIMD3<Double> {
    get { row == 0 ? x : row == 1 ? y : z }
    set {
      switch row {
      case 0: x = newValue
      case 1: y = newValue
      case 2: z = newValue
      default: trap("Matrix3: there is no row \(row)")
      }
    }
  }

  /// An element.
  public subscript(row: Int, column: Int) -> Double {
    get { self[row][column] }
    set { self[row][column] = newValue }
  }

  /// The sum of the diagonal.
  public var trace: Double { x.x + y.y + z.z }
  /// The determinant, `x . (y x z)`.
  public var determinant: Double { x.dot(y.cross(z)) }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix3 {
    Matrix3([x.x, y.x, z.x], [x.y, y.y, z.y], [x.z, y.z, z.z])
  }

  /// The inverse; not finite for a singular matrix.
  public var inverse: Matrix3 {
    let volume = determinant
    return Matrix3(y.cross(z) / volume, z.cross(x) / volume, x.cross(y) / volume).transposed
  }

  /// The square root of the sum of the squares of all elements.
  public var frobeniusNorm: Double { (x.dot(x) + y.dot(y) + z.dot(z)).squareRoot() }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// The row vector times the matrix, `sum_i v_i row_i`.
  @inline(__always)
  public static func * (vector: SIMD3<Double>, matrix: Matrix3) -> SIMD3<Double> {
    vector.x * matrix.x + vector.y * matrix.y + vector.z * matrix.z
  }

  /// The matrix product.
  public static func * (lhs: Matrix3, rhs: Matrix3) -> Matrix3 {
    Matrix3(lhs.x * rhs, lhs.y * rhs, lhs.z * rhs)
  }

  /// Every element times a number.
  public static func * (matrix: Matrix3, factor: Double) -> Matrix3 {
    Matrix3(matrix.x * factor, matrix.y * factor, matrix.z * factor)
  }

  /// Every element divided by a number.
  public static func / (matrix: Matrix3, divisor: Double) -> Matrix3 {
    Matrix3(matrix.x / divisor, matrix.y / divisor, matrix.z / divisor)
  }

  /// The sum element by element.
  public static func + (lhs: Matrix3, rhs: Matrix3) -> Matrix3 {
    Matrix3(lhs.x + rhs.x, lhs.y + rhs.y, lhs.z + rhs.z)
  }

  /// The difference element by element.
  public static func - (lhs: Matrix3, rhs: Matrix3) -> Matrix3 {
    Matrix3(lhs.x - rhs.x, lhs.y - rhs.y, lhs.z - rhs.z)
  }
}

extension SIMD3 where Scalar == Double {
  /// The scalar product.
  @inline(__always)
  public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

  /// The vector product.
  public func cross(_ other: Self) -> Self {
    Self(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The Euclidean length.
  public var length: Double { dot(self).squareRoot() }

  /// Whether no component is infinite or NaN.
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
