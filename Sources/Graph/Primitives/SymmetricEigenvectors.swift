import Tensors

/// The orthonormal eigenvectors of the symmetric part of a matrix as rows, by ascending eigenvalue.
///
/// Shapes: [..., n, n] to [..., n, n]. The largest element of each vector is positive, which settles
/// its sign. Derivatives need eigenvalues that differ.
struct SymmetricEigenvectors: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try LowerTriangle().resultType(operands)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    forEachEigensystem(operands) { slice, n, system in
      let target = result.base + slice * n * n
      guard let system else { return target.update(repeating: .nan, count: n * n) }
      for row in 0..<n {
        let vector = system.vectors[row * n..<(row + 1) * n]
        var largest = 0.0
        for element in vector where abs(element) > abs(largest) { largest = element }
        for (column, element) in vector.enumerated() {
          target[row * n + column] = Scalar(largest < 0 ? -element : element)
        }
      }
    }
  }

  /// With vectors as rows of `V`, `M = V̄ Vᵀ` and `Λ[i, j] = 1 / (λ[i] - λ[j])` off the diagonal:
  /// the symmetric part of `Vᵀ (Λ ∘ M) V`.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let shape = result.shape
    let n = shape.rank - 1
    let leading = Array(0..<n - 1)
    let values = operands[0].symmetricEigenvalues()
    let identity = Symbol.identity(shape[n]).broadcast(to: shape, axes: [n - 1, n])
    let gaps =
      values.broadcast(to: shape, axes: leading + [n - 1])
      - values.broadcast(to: shape, axes: leading + [n])
    let weights = (1 - identity) / (gaps + identity)
    let inner = cotangent.matmul(result, otherTransposed: true) * weights
    return [result.matmul(inner.matmul(result), transposed: true).symmetrized()]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    self(operands[0])
  }
}

extension Symbol {
  /// Returns the orthonormal eigenvectors of the symmetric part of the matrices in the last two axes
  /// as rows, by ascending eigenvalue.
  public func symmetricEigenvectors() -> Symbol { SymmetricEigenvectors()(self) }
}
