/// The layout of several vectors, or of their products: in groups of five, eight elements of each in
/// turn, so that one address leads to all of a group. The rest lies vector after vector.
struct VectorGroups {
  /// The vectors of a full group.
  static var size: Int { 5 }

  /// The distance from eight elements of a vector in a full group to the next eight.
  static var step: Int { size * 8 }

  /// The distance in a full group from elements that fill a vector of the machine, the first four or
  /// eight of some, to those that follow them.
  @inline(__always)
  static func distance<Vector: SIMD>(_: Vector.Type) -> Int {
    Vector.scalarCount == 8 ? step : Vector.scalarCount
  }

  /// The number of vectors.
  let count: Int
  /// The elements of a vector; a multiple of sixteen.
  let stride: Int

  /// The number of vectors in full groups.
  var grouped: Int { count / Self.size * Self.size }

  /// The place of the eight elements of a vector from a column on, a multiple of eight.
  @inline(__always)
  func offset(_ vector: Int, column: Int) -> Int {
    if vector >= grouped { return vector * stride + column }
    let place = vector % Self.size
    return (vector - place) * stride + column * Self.size + place * 8
  }

  /// The distance from eight elements of a vector to the next eight.
  @inline(__always)
  func step(_ vector: Int) -> Int { vector < grouped ? Self.step : 8 }

  /// Copies some columns of vectors of `n` elements, with zeros after the last.
  @inline(__always)
  func pack<S: RealScalar>(
    _ vectors: UnsafePointer<S>, size n: Int, columns: Range<Int>,
    into packed: UnsafeMutablePointer<S>
  ) {
    for k in 0..<count {
      let source = vectors + k * n
      for j in Swift.stride(
        from: columns.lowerBound, to: (columns.upperBound + 15) / 16 * 16, by: 8)
      {
        let target = packed + offset(k, column: j)
        if j + 8 <= n {
          target.setLanes(source.lanes(at: j), at: 0)
        } else {
          for i in 0..<8 { target[i] = j + i < n ? source[j + i] : 0 }
        }
      }
    }
  }
}

/// The sums of two vectors' products with those of a group.
struct SumsOfFive<Vector: SIMD> where Vector.Scalar: RealScalar {
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
    let at = place &* 8
    target.setVector(target.vector(Vector.self, at: at) + sum, at: at)
  }
}
