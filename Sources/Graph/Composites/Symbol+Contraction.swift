import Tensors

extension Symbol {
  /// Sums products over pairs of axes, `Σ self[…] · other[…]`, each an axis of this symbol and one of
  /// `other`.
  ///
  /// The result has the shared axes, then the other axes of this symbol, then those of `other`. With p
  /// for pairs, a for atoms, c and d for channels, b for basis functions:
  ///
  ///     weights.contracted(with: basis, over: [(2, 1)])              // Σ w[p,c,b] e[p,b] → [p,c]
  ///     vectors.contracted(with: messages)                           // v[p,3] m[p,c] → [p,3,c]
  ///     u.contracted(with: v, over: [(1, 1)])                        // Σ u[a,3,c] v[a,3,d] → [a,c,d]
  ///     x.contracted(with: matrix, over: [(2, 0)], sharing: 0)       // Σ x[a,3,c] w[c,d] → [a,3,d]
  ///
  /// It is one product of matrices for each row of the shared axes, or a single one without shared axes,
  /// and so are its derivatives; rows of different errors stay apart in Jacobians.
  ///
  /// - Parameters:
  ///   - other: The other factor.
  ///   - pairs: An axis of this symbol and one of `other` of the same length; none gives an outer
  ///     product.
  ///   - leading: How many leading axes are the same in both and are kept, by default the rows.
  /// - Returns: The contraction, [shared…, other axes of self…, other axes of other…].
  public func contracted(
    with other: Symbol, over pairs: [(Int, Int)] = [], sharing leading: Int = 1
  ) -> Symbol {
    let summed = (pairs.map(\.0), pairs.map(\.1))
    ensure(
      leading <= min(rank, other.rank)
        && shape.extents.prefix(leading) == other.shape.extents.prefix(leading)
        && Set(summed.0).count == pairs.count && Set(summed.1).count == pairs.count
        && pairs.allSatisfy {
          (leading..<rank).contains($0) && (leading..<other.rank).contains($1)
            && shape[$0] == other.shape[$1]
        },
      "contracted: axes \(pairs) of \(type) and \(other.type) do not pair behind \(leading) shared "
        + "axes")
    let free = (
      (leading..<rank).filter { !summed.0.contains($0) },
      (leading..<other.rank).filter { !summed.1.contains($0) }
    )
    let shared = Array(shape.extents[..<leading])
    let inner = Shape(summed.0.map { shape[$0] }).count
    let rows = free.0.map { shape[$0] }
    let columns = free.1.map { other.shape[$0] }
    let right = other.matrices(
      leading, first: summed.1, then: free.1, inner, Shape(columns).count)
    let product: Symbol
    if leading == 0, pairs.count == 1, let axis = summed.0.first, axis == rank - 1, rank > 1 {
      // The rows of all matrices times one matrix, without another shape.
      product = MatMul(transposeB: right.isExchanged)(self, right.symbol)
    } else {
      let left = matrices(leading, first: summed.0, then: free.0, inner, Shape(rows).count)
      product = MatMul(transposeA: !left.isExchanged, transposeB: right.isExchanged)(
        left.symbol, right.symbol)
    }
    return product.reshaped(Shape(shared + rows + columns))
  }

  /// The symbol as matrices [shared…, first, then], or with the last two exchanged where that leaves the
  /// elements in their order.
  private func matrices(
    _ leading: Int, first: [Int], then: [Int], _ firstCount: Extent, _ thenCount: Extent
  ) -> (symbol: Symbol, isExchanged: Bool) {
    let shared = Array(0..<leading)
    let extents = shape.extents[..<leading]
    if shared + then + first == Array(0..<rank) {
      return (reshaped(Shape(extents + [thenCount, firstCount])), true)
    }
    return (
      transposed(shared + first + then).reshaped(Shape(extents + [firstCount, thenCount])), false
    )
  }
}
