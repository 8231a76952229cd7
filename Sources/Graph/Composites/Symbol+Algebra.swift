import Tensors

extension Symbol {
  /// Returns the square of each element.
  public func square() -> Symbol { self * self }

  /// Returns one over each element.
  public func reciprocal() -> Symbol { 1 / self }

  /// Returns the symbols side by side along a new axis.
  public static func stacking(_ symbols: [Symbol], axis: Int) -> Symbol {
    concatenating(symbols.map { $0.inserting(axis: axis) }, axis: axis)
  }

  /// Returns the products `x[i] y[j]` of two vectors, of shape [i, j].
  public func outer(_ other: Symbol) -> Symbol {
    inserting(axis: 1).matmul(other.inserting(axis: 0))
  }

  /// The identity matrix of shape [n, n].
  public static func identity(_ n: Extent) -> Symbol { OneHot(count: n)(Iota(count: n)()) }

  /// Returns the sums of the diagonals of the square matrices in the last two axes.
  public func trace() -> Symbol {
    ensure(shape.isSquare, "trace needs square matrices, got \(type)")
    let identity = Symbol.identity(shape[rank - 1])
    return (self * identity.broadcast(to: shape, axes: [rank - 2, rank - 1]))
      .sum(along: [rank - 2, rank - 1])
  }
}
