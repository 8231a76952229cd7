import Tensors

/// The neighbour j of triplets, in all lanes.
struct TripletSide<Scalar: RealScalar> {
  private let x: Scalar.ShortVector, y: Scalar.ShortVector, z: Scalar.ShortVector
  private let inverse: Scalar.ShortVector

  @inline(__always)
  init(_ x: Scalar, _ y: Scalar, _ z: Scalar, inverse: Scalar) {
    self.x = Scalar.ShortVector(repeating: x)
    self.y = Scalar.ShortVector(repeating: y)
    self.z = Scalar.ShortVector(repeating: z)
    self.inverse = Scalar.ShortVector(repeating: inverse)
  }

  /// `|x_j - x_k|²` and `cos θ_jk` for a vector of k.
  @inline(__always)
  func pairs(
    _ xk: Scalar.ShortVector, _ yk: Scalar.ShortVector, _ zk: Scalar.ShortVector,
    inverse inverseK: Scalar.ShortVector
  ) -> (square: Scalar.ShortVector, cosine: Scalar.ShortVector) {
    let (dx, dy, dz) = (xk - x, yk - y, zk - z)
    let dot = (xk * x).addingProduct(yk, y).addingProduct(zk, z)
    return (
      (dx * dx).addingProduct(dy, dy).addingProduct(dz, dz), dot * (inverseK * inverse)
    )
  }
}
