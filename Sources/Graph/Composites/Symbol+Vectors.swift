import Tensors

extension Symbol {
  /// Returns the cross products of the vectors in the last axis, which has length 3.
  public func cross(_ other: Symbol) -> Symbol {
    ensure(
      shape == other.shape && rank >= 1 && shape[rank - 1] == 3,
      "cross needs vectors of three components in one shape, got \(type) and \(other.type)")
    let (a, b) = (rotated, other.rotated)
    return a.first * b.second - a.second * b.first
  }

  /// The components (y, z, x) and (z, x, y) of the vectors in the last axis.
  private var rotated: (first: Symbol, second: Symbol) {
    let axis = rank - 1
    let twice = Symbol.concatenating([self, self], axis: axis)
    return (twice.slice(1, count: 3, axis: axis), twice.slice(2, count: 3, axis: axis))
  }

  /// The rows of the 3 × 3 matrices in the last two axes, and their cross products: row `i` of the
  /// second is the product of the rows after `i`.
  private var rowsAndCofactors: (rows: [Symbol], cofactors: [Symbol]) {
    ensure(
      shape.isSquare && shape[rank - 1] == 3, "needs matrices of 3 × 3 elements, got \(type)")
    let vectors = shape.removing([rank - 2])
    let rows = (0..<3).map {
      slice(.fixed($0), count: 1, axis: rank - 2).reshaped(vectors)
    }
    return (rows, (0..<3).map { rows[($0 + 1) % 3].cross(rows[($0 + 2) % 3]) })
  }

  /// Returns the determinants of the 3 × 3 matrices in the last two axes.
  public func determinant3x3() -> Symbol {
    let (rows, cofactors) = rowsAndCofactors
    return (rows[0] * cofactors[0]).sum(along: rank - 2)
  }

  /// Returns the inverses of the 3 × 3 matrices in the last two axes; infinite or NaN where the
  /// determinant is zero.
  public func inverse3x3() -> Symbol {
    let adjugate = Symbol.stacking(rowsAndCofactors.cofactors, axis: rank - 1)
    return adjugate / determinant3x3().broadcast(to: shape, axes: Array(0..<rank - 2))
  }
}
