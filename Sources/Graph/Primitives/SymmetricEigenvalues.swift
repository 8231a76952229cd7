import Tensors

/// The eigenvalues of the symmetric part of a matrix, ascending.
///
/// Shapes: [..., n, n] to [..., n]. Computed in double precision; NaN for a matrix that is not
/// finite. Derivatives beyond the first need eigenvalues that differ.
struct SymmetricEigenvalues: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    let matrix = try LowerTriangle().resultType(operands)
    return matrix.with(matrix.shape.removing([matrix.shape.rank - 1]))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    forEachEigensystem(operands) { slice, n, system in
      for index in 0..<n {
        result.base[slice * n + index] = system.map { Scalar($0.values[index]) } ?? .nan
      }
    }
  }

  /// The sum of `g[i] v[i] v[i]ᵀ` over the eigenvectors.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let vectors = operands[0].symmetricEigenvectors()
    let scaled = vectors * cotangent.broadcast(to: vectors.shape, axes: Array(0..<cotangent.rank))
    return [vectors.matmul(scaled, transposed: true)]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }
}

/// Calls the body with each matrix's eigensystem, or with nil where there is none.
func forEachEigensystem<Scalar: RealScalar>(
  _ operands: Operands<Scalar>, _ body: (_ slice: Int, _ n: Int, SymmetricEigensystem?) -> Void
) {
  let shape = operands.shape(0)
  let n = shape[shape.rank - 1]
  var matrix = [Double](repeating: 0, count: n * n)
  for slice in 0..<shape.count(0..<shape.rank - 2) {
    matrix.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress, n > 0 else { return }
      symmetricPart(operands[0] + slice * n * n, size: n, into: base)
    }
    body(slice, n, try? SymmetricEigensystem(matrix, size: n))
  }
}

extension Symbol {
  /// Returns the eigenvalues of the symmetric part of the matrices in the last two axes, ascending.
  public func symmetricEigenvalues() -> Symbol { SymmetricEigenvalues()(self) }
}
