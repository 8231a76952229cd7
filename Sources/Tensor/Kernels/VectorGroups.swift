/// The vectors of a full group: with two rows their products are ten sums, as many as keep the
/// processor's multipliers busy, and all of them have registers.
let groupSize = 5

/// The layout of several vectors, or of their products: in groups of five, as many elements of each in
/// turn as fill a vector of the machine, so that one address leads to all of a group. The rest lies
/// vector after vector.
struct VectorGroups<S: RealScalar> {
  /// The distance from the elements of a vector in a full group to the next.
  static var step: Int { groupSize * S.lanes }

  /// The number of vectors.
  let count: Int
  /// The elements of a vector; a multiple of the machine's.
  let stride: Int

  /// The number of vectors in full groups.
  var grouped: Int { count / groupSize * groupSize }

  /// The place of the elements of a vector from a column on, a multiple of the machine's vectors.
  @inline(__always)
  func offset(_ vector: Int, column: Int) -> Int {
    if vector >= grouped { return vector * stride + column }
    let place = vector % groupSize
    return (vector - place) * stride + column * groupSize + place * S.lanes
  }

  /// The distance from elements of a vector to the next.
  @inline(__always)
  func step(_ vector: Int) -> Int { vector < grouped ? Self.step : S.lanes }

  /// Copies some columns of vectors of `n` elements, with zeros after the last.
  @inline(__always)
  func pack(
    _ vectors: UnsafePointer<S>, size n: Int, columns: Range<Int>,
    into packed: UnsafeMutablePointer<S>
  ) {
    for k in 0..<count {
      let source = vectors + k * n
      for j in Swift.stride(
        from: columns.lowerBound, to: TrianglePanels.padded(columns.upperBound), by: S.lanes)
      {
        let target = packed + offset(k, column: j)
        if j + S.lanes <= n {
          target.setLanes(source.lanes(at: j), at: 0)
        } else {
          for i in 0..<S.lanes { target[i] = j + i < n ? source[j + i] : 0 }
        }
      }
    }
  }
}

/// The sums of two vectors' products with those of a group.
struct SumsOfFive<Vector: RealVector> {
  private var a0 = Vector(repeating: 0), a1 = Vector(repeating: 0), a2 = Vector(repeating: 0)
  private var a3 = Vector(repeating: 0), a4 = Vector(repeating: 0)
  private var b0 = Vector(repeating: 0), b1 = Vector(repeating: 0), b2 = Vector(repeating: 0)
  private var b3 = Vector(repeating: 0), b4 = Vector(repeating: 0)

  @inline(__always)
  init() {}

  /// Adds the products of two vectors with the factor at each place of the group.
  @inline(__always)
  mutating func add(_ a: Vector, _ b: Vector, factor: (_ place: Int) -> Vector) {
    let x0 = factor(0)
    a0.addProduct(a, x0)
    b0.addProduct(b, x0)
    let x1 = factor(1)
    a1.addProduct(a, x1)
    b1.addProduct(b, x1)
    let x2 = factor(2)
    a2.addProduct(a, x2)
    b2.addProduct(b, x2)
    let x3 = factor(3)
    a3.addProduct(a, x3)
    b3.addProduct(b, x3)
    let x4 = factor(4)
    a4.addProduct(a, x4)
    b4.addProduct(b, x4)
  }

  /// Adds the sums of either vector where those of a group lie.
  @inline(__always)
  func add(
    to first: UnsafeMutablePointer<Vector.Scalar>, _ second: UnsafeMutablePointer<Vector.Scalar>
  ) {
    add(a0, to: first, place: 0)
    add(a1, to: first, place: 1)
    add(a2, to: first, place: 2)
    add(a3, to: first, place: 3)
    add(a4, to: first, place: 4)
    add(b0, to: second, place: 0)
    add(b1, to: second, place: 1)
    add(b2, to: second, place: 2)
    add(b3, to: second, place: 3)
    add(b4, to: second, place: 4)
  }

  @inline(__always)
  private func add(_ sum: Vector, to target: UnsafeMutablePointer<Vector.Scalar>, place: Int) {
    let at = place &* Vector.scalarCount
    target.setLanes(target.lanes(at: at) + sum, at: at)
  }
}
