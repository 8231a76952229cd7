import Tensors

/// A matrix with some rows replaced: `result[s + k] = rows[k]`, and the matrix elsewhere.
///
/// Shapes: the matrix [h, n], rows [m, n], the number `s` of the first replaced row a scalar. Rows
/// that would come after the last are dropped, so `s = h` replaces nothing. Done in place where the
/// matrix is not needed any more, and then only the replaced rows are touched.
struct ReplaceRows: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 3 && operands.allSatisfy { $0.elements == .real }
        && operands[0].shape.rank == 2 && operands[1].shape.rank == 2
        && operands[0].shape[1] == operands[1].shape[1] && operands[2].shape.rank == 0,
      "needs a real matrix, rows as long as its own and a scalar")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    if operands.bytes(0) != UnsafeRawPointer(result.bytes) {
      result.base.update(from: operands[0], count: result.shape.count)
    }
    let (height, width) = (result.shape[0], result.shape[1])
    let start = operands[2][0].clamped(to: 0...height)
    let count = min(operands.shape(1)[0], height - start)
    (result.base + start * width).update(from: operands[1], count: count * width)
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let places = Self.places(operands[1].shape[0], of: operands[0].shape[0], from: operands[2])
    return [
      Self.keeping(cotangent, where: places), places.matmul(cotangent), nil,
    ]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    let full = operands.repeated(slices, unless: isBatched)
    let places = Self.places(full[1].shape[1], of: full[0].shape[1], from: full[2])
    return Self.keeping(full[0], where: places) + places.matmul(full[1], transposed: true)
  }

  func canOverwrite(operand: Int) -> Bool { operand == 0 }

  /// A mask [.., m, h]: 1 where row k of the replacement is row r of the result.
  private static func places(_ count: Extent, of height: Extent, from start: Symbol) -> Symbol {
    let shape = Shape(start.shape.extents + [count, height])
    let axes = Array(0..<start.rank)
    let row = Symbol.positions(below: height).broadcast(to: shape, axes: [axes.count + 1])
    let replacement = Symbol.positions(below: count).broadcast(to: shape, axes: [axes.count])
    return (row - replacement).isEqual(to: start.broadcast(to: shape, axes: axes))
  }

  /// Zeros in the rows that are replaced.
  private static func keeping(_ matrix: Symbol, where places: Symbol) -> Symbol {
    let isReplaced = places.sum(along: places.rank - 2)
    return (1 - isReplaced).broadcast(to: matrix.shape, axes: Array(0..<matrix.rank - 1)) * matrix
  }
}

extension Symbol {
  /// Returns this matrix [h, n] with rows [m, n] in place of its own from row `start` on, a scalar;
  /// rows that would come after the last are dropped.
  public func replacingRows(from start: Symbol, with rows: Symbol) -> Symbol {
    ReplaceRows()(self, rows, start)
  }
}

extension RealScalar {
  /// The nearest integer within bounds; the lower bound for NaN.
  func clamped(to range: ClosedRange<Int>) -> Int {
    let bounded = min(max(self, Self(range.lowerBound)), Self(range.upperBound))
    return bounded.isNaN ? range.lowerBound : Int(bounded.rounded())
  }
}
