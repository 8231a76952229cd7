import Tensors

/// The pairs of one neighbour j with a range of k.
struct TripletRow<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>

  /// The number of pairs; the columns are valid up to the end of the last vector.
  let count: Int
  let r: Column
  let inverse: Column
  let window: Column
  let slope: Column
  /// `|x_j - x_k|²`
  let square: Column
  /// `cos θ_jk`
  let cosine: Column
}

extension StagedNeighbors {
  /// The pairs of neighbour j with a range of k.
  @inline(__always)
  func row(
    _ j: Int, _ range: Range<Int>, of group: SymmetryFunctionConstants<Scalar>.Angular
  ) -> TripletRow<Scalar> {
    let (x, y, z, inverse) = (self.x, self.y, self.z, self.inverse)
    let (square, cosine) = (self.square, self.cosine)
    let side = TripletSide(x[j], y[j], z[j], inverse: inverse[j])
    var k = range.lowerBound
    while k < range.upperBound {
      let pairs = side.pairs(
        x.lanes(at: k), y.lanes(at: k), z.lanes(at: k), inverse: inverse.lanes(at: k))
      square.setLanes(pairs.square, at: k)
      cosine.setLanes(pairs.cosine, at: k)
      k += Scalar.lanes
    }
    let start = range.lowerBound
    return TripletRow(
      count: range.count, r: r + start, inverse: inverse + start,
      window: window(group.window) + start, slope: slope(group.window) + start,
      square: square + start, cosine: cosine + start)
  }
}

/// The neighbour j of triplets, in all lanes.
struct TripletSide<Scalar: RealScalar> {
  private let x: Scalar.Vector, y: Scalar.Vector, z: Scalar.Vector, inverse: Scalar.Vector

  @inline(__always)
  init(_ x: Scalar, _ y: Scalar, _ z: Scalar, inverse: Scalar) {
    self.x = Scalar.Vector(repeating: x)
    self.y = Scalar.Vector(repeating: y)
    self.z = Scalar.Vector(repeating: z)
    self.inverse = Scalar.Vector(repeating: inverse)
  }

  /// `|x_j - x_k|²` and `cos θ_jk` for a vector of k.
  @inline(__always)
  func pairs(
    _ xk: Scalar.Vector, _ yk: Scalar.Vector, _ zk: Scalar.Vector, inverse inverseK: Scalar.Vector
  ) -> (square: Scalar.Vector, cosine: Scalar.Vector) {
    let (dx, dy, dz) = (xk - x, yk - y, zk - z)
    let dot = (xk * x).addingProduct(yk, y).addingProduct(zk, z)
    return (
      (dx * dx).addingProduct(dy, dy).addingProduct(dz, dz), dot * (inverseK * inverse)
    )
  }
}
