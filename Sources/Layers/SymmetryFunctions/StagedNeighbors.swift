import Tensors

/// The neighbours of one atom sorted by element and direction, as one array per quantity.
///
/// Neighbours of one element in the same octant stand together, so that a vector is often
/// out of reach of some other neighbour as a whole. Each element's segment is followed by at least
/// a vector of neighbours far out of reach, whose windows are 0. So vectors may start anywhere in a
/// segment and run over its end.
final class StagedNeighbors<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>

  let constants: SymmetryFunctionConstants<Scalar>
  private(set) var capacity = 0
  private var memory: Column
  private var gradientMemory: Column?

  /// The first neighbour of each element, and how many there are.
  let starts: UnsafeMutablePointer<Int>
  let counts: UnsafeMutablePointer<Int>
  /// The length of all segments.
  private(set) var total = 0
  /// The neighbour's number in its environment.
  private(set) var origin: UnsafeMutablePointer<Int32>
  /// For each neighbour of the environment eight times its element plus its octant, or -1.
  private var buckets: UnsafeMutablePointer<Int32>
  private let cursors: UnsafeMutablePointer<Int>
  /// A vector of partial sums for each function.
  let sums: Column
  /// The triplets that are on their way into sums and gradients.
  let triplets: TripletBlock<Scalar>

  init(_ constants: SymmetryFunctionConstants<Scalar>) {
    self.constants = constants
    starts = .allocate(capacity: constants.elements.count + 1)
    counts = .allocate(capacity: constants.elements.count + 1)
    cursors = .allocate(capacity: 8 * constants.elements.count + 1)
    sums = .allocateLines(capacity: Scalar.lanes * (constants.functionCount + 1))
    memory = .allocate(capacity: 1)
    origin = .allocate(capacity: 1)
    buckets = .allocate(capacity: 1)
    triplets = TripletBlock(constants)
  }

  deinit {
    starts.deallocate()
    counts.deallocate()
    cursors.deallocate()
    sums.deallocate()
    memory.deallocate()
    origin.deallocate()
    buckets.deallocate()
    gradientMemory?.deallocate()
  }

  private static var fixedColumns: Int { 9 }
  private func column(_ number: Int) -> Column { memory + number * capacity }

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
  /// A window of the distances and its derivative.
  func window(_ number: Int) -> Column { column(Self.fixedColumns + 2 * number) }
  func slope(_ number: Int) -> Column { column(Self.fixedColumns + 2 * number + 1) }

  /// The derivative of a function by an axis of each neighbour's displacement.
  func derivative(_ function: Int, _ axis: Int) -> Column {
    derivatives + (3 * function + axis) * capacity
  }

  /// The derivatives of all functions, [functions, 3, capacity].
  private var derivatives: Column {
    if let gradientMemory { return gradientMemory }
    let block = Column.allocateLines(
      capacity: 3 * constants.functionCount * capacity + Scalar.lanes)
    gradientMemory = block
    return block
  }

  func reserve(_ count: Int) {
    let lanes = Scalar.lanes
    let wanted = (count + 2 * lanes * constants.elements.count + 2 * lanes - 1) / lanes * lanes
    guard wanted > capacity else { return }
    memory.deallocate()
    origin.deallocate()
    buckets.deallocate()
    gradientMemory?.deallocate()
    gradientMemory = nil
    capacity = wanted + wanted / 4 / lanes * lanes
    let columns = Self.fixedColumns + 2 * constants.windows.count
    memory = .allocateLines(capacity: columns * capacity + Scalar.lanes)
    memory.initialize(repeating: 0, count: columns * capacity + Scalar.lanes)
    origin = .allocate(capacity: capacity)
    buckets = .allocate(capacity: capacity)
    triplets.reserve(rowLength: capacity)
  }

  /// Sorts the neighbours within reach and computes what depends on a single one.
  @inline(__always)
  func stage(_ environment: AtomEnvironment<Scalar>) {
    reserve(environment.count)
    sort(environment)
    let (r, inverse) = (self.r, self.inverse)
    var k = 0
    while k < total {
      let distance = Scalar.squareRoot(r.lanes(at: k))
      r.setLanes(distance, at: k)
      inverse.setLanes(1 / distance, at: k)
      k += Scalar.lanes
    }
    for number in constants.windows.indices {
      let shape = constants.windows[number]
      let (window, slope) = (self.window(number), self.slope(number))
      k = 0
      while k < total {
        let (value, derivative) = shape.valueAndDerivative(at: r.lanes(at: k))
        window.setLanes(value, at: k)
        slope.setLanes(derivative, at: k)
        k += Scalar.lanes
      }
    }
  }

  /// Moves the neighbours to their places; `r` holds the squares of distances.
  @inline(__always)
  private func sort(_ environment: AtomEnvironment<Scalar>) {
    let (x, y, z, r) = (self.x, self.y, self.z, self.r)
    let (origin, buckets, cursors) = (self.origin, self.buckets, self.cursors)
    let elements = constants.elements
    let limit = constants.reach * constants.reach
    cursors.update(repeating: 0, count: 8 * elements.count)
    for neighbor in 0..<environment.count {
      let vector = environment.displacements + 3 * neighbor
      let (a, b, c) = (vector[0], vector[1], vector[2])
      var bucket = -1
      if a * a + b * b + c * c < limit {
        let number = environment.elements[neighbor]
        for element in elements.indices where elements[element] == number {
          // The octants in an order in which neighbours share a face.
          let (left, down, back) = (bit(a < 0), bit(b < 0), bit(c < 0))
          bucket = 8 * element + 4 * back + 2 * (down ^ back) + (left ^ down)
          cursors[bucket] += 1
        }
      }
      buckets[neighbor] = Int32(truncatingIfNeeded: bucket)
    }
    var cursor = 0
    let far = 4 * constants.reach
    for element in elements.indices {
      starts[element] = cursor
      for bucket in 8 * element..<8 * element + 8 {
        let count = cursors[bucket]
        cursors[bucket] = cursor
        cursor += count
      }
      counts[element] = cursor - starts[element]
      let end = (cursor + 2 * Scalar.lanes - 1) / Scalar.lanes * Scalar.lanes
      while cursor < end {
        x[cursor] = far
        y[cursor] = 0
        z[cursor] = 0
        r[cursor] = far * far
        origin[cursor] = -1
        cursor += 1
      }
    }
    total = cursor
    for neighbor in 0..<environment.count where buckets[neighbor] >= 0 {
      let bucket = Int(buckets[neighbor])
      let place = cursors[bucket]
      cursors[bucket] = place + 1
      let vector = environment.displacements + 3 * neighbor
      let (a, b, c) = (vector[0], vector[1], vector[2])
      x[place] = a
      y[place] = b
      z[place] = c
      r[place] = a * a + b * b + c * c
      origin[place] = Int32(truncatingIfNeeded: neighbor)
    }
  }

  @inline(__always)
  private func bit(_ condition: Bool) -> Int { Int(unsafeBitCast(condition, to: UInt8.self)) }

  /// The range of k that make pairs with neighbour j.
  @inline(__always)
  func partners(of j: Int, in group: SymmetryFunctionConstants<Scalar>.Angular) -> Range<Int> {
    let end = starts[group.second] + counts[group.second]
    return (group.first == group.second ? j + 1 : starts[group.second])..<end
  }
}
