import Tensors

/// The neighbours of one atom sorted by element, as one array per quantity.
///
/// Each element's segment is followed by at least eight neighbours that count for nothing: windows
/// 0, distance 1. So vectors may start anywhere in a segment and run over its end.
final class StagedNeighbors<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>

  let constants: SymmetryFunctionConstants<Scalar>
  private(set) var capacity = 0
  private var block: Column
  private var gradientBlock: Column?

  /// The first neighbour of each element, and how many there are.
  let starts: UnsafeMutablePointer<Int>
  let counts: UnsafeMutablePointer<Int>
  /// The length of all segments.
  private(set) var total = 0
  /// The neighbour's number in its environment.
  private(set) var origin: UnsafeMutablePointer<Int32>
  /// The members of a row that lie within a cutoff.
  private(set) var members: UnsafeMutablePointer<Int32>
  /// Eight partial sums for each function and four more for the gradient by one neighbour; powers
  /// and their derivatives.
  let sums: Column
  let powers: Column

  init(_ constants: SymmetryFunctionConstants<Scalar>) {
    self.constants = constants
    starts = .allocate(capacity: constants.elements.count + 1)
    counts = .allocate(capacity: constants.elements.count + 1)
    sums = .allocate(capacity: 8 * 5 * (constants.functionCount + 1))
    powers = .allocate(capacity: 8 * 2 * (constants.powers.count + 1))
    block = .allocate(capacity: 1)
    origin = .allocate(capacity: 1)
    members = .allocate(capacity: 1)
  }

  deinit {
    starts.deallocate()
    counts.deallocate()
    sums.deallocate()
    powers.deallocate()
    block.deallocate()
    origin.deallocate()
    members.deallocate()
    gradientBlock?.deallocate()
  }

  private static var fixedColumns: Int { 19 }
  private func column(_ number: Int) -> Column { block + number * capacity }

  var x: Column { column(0) }
  var y: Column { column(1) }
  var z: Column { column(2) }
  var r: Column { column(3) }
  /// `1/r`
  var inverse: Column { column(4) }
  /// The gradient by displacement `k` is `along[k] x_k + (acrossX, acrossY, acrossZ)[k]`.
  var along: Column { column(5) }
  var acrossX: Column { column(6) }
  var acrossY: Column { column(7) }
  var acrossZ: Column { column(8) }
  /// Quantities of the pairs of one neighbour j with each k of a row.
  var square: Column { column(9) }
  var cosine: Column { column(10) }
  var rowSquare: Column { column(11) }
  var rowCosine: Column { column(12) }
  var rowR: Column { column(13) }
  var rowInverse: Column { column(14) }
  var rowWindow: Column { column(15) }
  var rowSlope: Column { column(16) }
  var rowAlong: Column { column(17) }
  var rowAcross: Column { column(18) }
  /// The window of a cutoff and its derivative.
  func window(_ cutoff: Int) -> Column { column(Self.fixedColumns + 2 * cutoff) }
  func slope(_ cutoff: Int) -> Column { column(Self.fixedColumns + 2 * cutoff + 1) }

  /// For each function four columns: its `along`, `acrossX`, `acrossY`, `acrossZ`.
  var functionGradients: Column {
    if let gradientBlock { return gradientBlock }
    let block = Column.allocate(capacity: 4 * constants.functionCount * capacity + 8)
    gradientBlock = block
    return block
  }

  func reserve(_ count: Int) {
    let wanted = (count + 16 * constants.elements.count + 15) / 8 * 8
    guard wanted > capacity else { return }
    block.deallocate()
    origin.deallocate()
    members.deallocate()
    gradientBlock?.deallocate()
    gradientBlock = nil
    capacity = wanted + wanted / 4 / 8 * 8
    let columns = Self.fixedColumns + 2 * constants.cutoffs.count
    block = .allocate(capacity: columns * capacity + 8)
    block.initialize(repeating: 0, count: columns * capacity + 8)
    origin = .allocate(capacity: capacity)
    members = .allocate(capacity: capacity + 8)
  }

  /// Sorts the neighbours within reach and computes what depends on a single one.
  @inline(__always)
  func stage(_ environment: AtomEnvironment<Scalar>) {
    reserve(environment.count)
    let (x, y, z, r, inverse) = (self.x, self.y, self.z, self.r, self.inverse)
    let origin = self.origin
    let limit = constants.reach * constants.reach
    var cursor = 0
    for element in constants.elements.indices {
      let number = constants.elements[element]
      starts[element] = cursor
      for neighbor in 0..<environment.count where environment.elements[neighbor] == number {
        let vector = environment.displacements + 3 * neighbor
        let (a, b, c) = (vector[0], vector[1], vector[2])
        let square = a * a + b * b + c * c
        if square < limit {
          x[cursor] = a
          y[cursor] = b
          z[cursor] = c
          r[cursor] = square
          origin[cursor] = Int32(truncatingIfNeeded: neighbor)
          cursor += 1
        }
      }
      counts[element] = cursor - starts[element]
      let end = (cursor + 15) / 8 * 8
      while cursor < end {
        x[cursor] = 0
        y[cursor] = 0
        z[cursor] = 0
        r[cursor] = 1
        origin[cursor] = -1
        cursor += 1
      }
    }
    total = cursor
    var k = 0
    while k < cursor {
      let distance = Scalar.squareRoot(r.lanes(at: k))
      r.setLanes(distance, at: k)
      inverse.setLanes(1 / distance, at: k)
      k += 8
    }
    for cutoff in constants.cutoffs.indices {
      let shape = constants.cutoffs[cutoff]
      let (window, slope) = (self.window(cutoff), self.slope(cutoff))
      k = 0
      while k < cursor {
        let (value, derivative) = shape.valueAndDerivative(at: r.lanes(at: k))
        window.setLanes(value, at: k)
        slope.setLanes(derivative, at: k)
        k += 8
      }
      for element in constants.elements.indices {
        let end = starts[element] + counts[element]
        let padding = (end + 15) / 8 * 8 - end
        (window + end).update(repeating: 0, count: padding)
        (slope + end).update(repeating: 0, count: padding)
      }
    }
  }

  /// Computes `|x_j - x_k|²` and `cos θ_jk` for each k of a range.
  @inline(__always)
  func measureRow(_ j: Int, _ range: Range<Int>) {
    let (x, y, z, inverse) = (self.x, self.y, self.z, self.inverse)
    let (square, cosine) = (self.square, self.cosine)
    let xj = SIMD8(repeating: x[j])
    let yj = SIMD8(repeating: y[j])
    let zj = SIMD8(repeating: z[j])
    let inverseJ = SIMD8(repeating: inverse[j])
    var k = range.lowerBound
    while k < range.upperBound {
      let (xk, yk, zk) = (x.lanes(at: k), y.lanes(at: k), z.lanes(at: k))
      let (dx, dy, dz) = (xk - xj, yk - yj, zk - zj)
      square.setLanes((dx * dx).addingProduct(dy, dy).addingProduct(dz, dz), at: k)
      let dot = (xk * xj).addingProduct(yk, yj).addingProduct(zk, zj)
      cosine.setLanes(dot * (inverse.lanes(at: k) * inverseJ), at: k)
      k += 8
    }
  }

  /// The range of k that make pairs with neighbour j.
  @inline(__always)
  func partners(of j: Int, in group: SymmetryFunctionConstants<Scalar>.Angular) -> Range<Int> {
    let end = starts[group.second] + counts[group.second]
    return (group.first == group.second ? j + 1 : starts[group.second])..<end
  }
}
