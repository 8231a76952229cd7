import Tensors

// Shared by the kernels of linear algebra: they work in double precision whatever the scalar, in
// scratch memory of twice as many scalars as they need doubles.

extension Operands {
  /// The scratch memory as doubles.
  var doubleScratch: UnsafeMutablePointer<Double> {
    let raw = UnsafeMutableRawPointer(scratch)
    return raw.assumingMemoryBound(to: Double.self)
  }
}

/// Converts a list of scalars.
@_specialize(where From == Float, To == Double)
@_specialize(where From == Double, To == Double)
@_specialize(where From == Double, To == Float)
func convert<From: RealScalar, To: RealScalar>(
  _ source: UnsafePointer<From>, count: Int, into result: UnsafeMutablePointer<To>
) {
  for index in 0..<count { result[index] = To(source[index]) }
}

/// Writes `(A + Aᵀ) / 2`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func symmetricPart<Scalar: RealScalar>(
  _ matrix: UnsafePointer<Scalar>, size n: Int, into result: UnsafeMutablePointer<Double>
) {
  for row in 0..<n {
    for column in 0...row {
      let mean = (Double(matrix[row * n + column]) + Double(matrix[column * n + row])) / 2
      result[row * n + column] = mean
      result[column * n + row] = mean
    }
  }
}
