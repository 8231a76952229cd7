extension Symbol {
  /// Returns the mean over one axis.
  public func mean(along axis: Int) -> Symbol { mean(along: [axis]) }

  /// Returns the mean over several axes; NaN if there are no elements.
  public func mean(along axes: [Int]) -> Symbol {
    sum(along: axes) / .size(of: axes.reduce(1) { $0 * shape[$1] })
  }

  /// Returns the mean of all elements, a scalar; NaN if there are none.
  public func mean() -> Symbol { mean(along: Array(0..<rank)) }

  /// Returns `log Σ exp(x)` over one axis, which neither overflows nor underflows.
  public func logSumExp(along axis: Int) -> Symbol {
    let largest = maximum(along: axis).detached()
    let shifted = self - largest.spread(to: shape, without: axis)
    return shifted.exp().sum(along: axis).log() + largest
  }

  /// Returns `exp(x) / Σ exp(x)` over one axis, which does not overflow.
  public func softmax(along axis: Int) -> Symbol {
    let shifted = self - maximum(along: axis).detached().spread(to: shape, without: axis)
    let weights = shifted.exp()
    return weights / weights.sum(along: axis).spread(to: shape, without: axis)
  }

  /// Returns the lengths `√(Σ x²)` of the vectors along one axis.
  ///
  /// The derivative at a vector of length zero, which has no direction, is taken as zero.
  public func norm(along axis: Int) -> Symbol {
    let sum = square().sum(along: axis)
    let isZero = sum.isEqual(to: 0)
    let safe = isZero.select(.fill(1, sum.shape), sum)
    return isZero.select(.fill(0, sum.shape), safe.squareRoot())
  }

  /// Returns the mean of the rows along `axis` that carry the same index below `count`; 0 for an
  /// index without rows.
  public func segmentMean(by index: Symbol, count: Extent, axis: Int = 0) -> Symbol {
    let rows = Symbol.fill(1, index.shape).segmentSum(by: index, count: count).maximum(1)
    let sum = segmentSum(by: index, count: count, axis: axis)
    return sum / rows.broadcast(to: sum.shape, axes: [axis])
  }

  /// Returns `exp(x) / Σ exp(x)`, the sum over the rows along `axis` that carry the same index below
  /// `count`; it does not overflow.
  ///
  /// Rows are the pairs of an atom, say, and the result their weights in attention. Each column is
  /// summed for itself.
  public func segmentSoftmax(by index: Symbol, count: Extent, axis: Int = 0) -> Symbol {
    let largest = segmentMaximum(by: index, count: count, axis: axis).detached()
    let weights = (self - largest.gathered(by: index, axis: axis)).exp()
    let sums = weights.segmentSum(by: index, count: count, axis: axis)
    return weights / sums.gathered(by: index, axis: axis)
  }

  /// Returns this symbol with rows added to those that the index names: `result[index[k]] += rows[k]`.
  public func scatterAdd(_ rows: Symbol, at index: Symbol, axis: Int = 0) -> Symbol {
    self + rows.segmentSum(by: index, count: shape[axis], axis: axis)
  }

  /// The values of a reduction over `axis`, repeated along it.
  func spread(to shape: Shape, without axis: Int) -> Symbol {
    broadcast(to: shape, axes: shape.extents.indices.filter { $0 != axis })
  }
}
