public import Tensors

/// Runs one of two bodies with the pointers in their concrete type.
///
/// A primitive's kernel is reached through `any Primitive`, where the compiler cannot specialise
/// over the scalar. This one branch per call, always inlined into the conforming type, hands it two
/// concrete loops instead.
@inlinable @inline(__always)
func onConcreteScalar<Scalar: RealScalar>(
  _ operands: UnsafePointer<UnsafePointer<Scalar>>, _ result: UnsafeMutablePointer<Scalar>,
  floats: (UnsafePointer<UnsafePointer<Float>>, UnsafeMutablePointer<Float>) -> Void,
  doubles: (UnsafePointer<UnsafePointer<Double>>, UnsafeMutablePointer<Double>) -> Void
) {
  let operands = UnsafeRawPointer(operands)
  let result = UnsafeMutableRawPointer(result)
  if Scalar.self == Float.self {
    floats(
      operands.assumingMemoryBound(to: UnsafePointer<Float>.self),
      result.assumingMemoryBound(to: Float.self))
  } else {
    doubles(
      operands.assumingMemoryBound(to: UnsafePointer<Double>.self),
      result.assumingMemoryBound(to: Double.self))
  }
}

/// A vector of the elements from `offset` on; at the end of an array only the first `lanes` are read.
@inlinable @inline(__always)
func load<Scalar: RealScalar>(
  _ base: UnsafePointer<Scalar>, _ offset: Int, _ lanes: Int
) -> Scalar.Vector {
  if lanes == Scalar.lanes { return base.lanes(at: offset) }
  var vector = Scalar.Vector(repeating: 1)
  for lane in 0..<lanes { vector[lane] = base[offset + lane] }
  return vector
}

/// Writes `body(offset, lanes)` for all vectors, the last one perhaps partly.
@inlinable @inline(__always)
func forEachVector<Scalar: RealScalar>(
  of count: Int, into result: UnsafeMutablePointer<Scalar>,
  _ body: (_ offset: Int, _ lanes: Int) -> Scalar.Vector
) {
  var offset = 0
  while offset &+ Scalar.lanes <= count {
    result.setLanes(body(offset, Scalar.lanes), at: offset)
    offset &+= Scalar.lanes
  }
  if offset < count {
    let vector = body(offset, count - offset)
    for lane in 0..<count - offset { result[offset + lane] = vector[lane] }
  }
}
