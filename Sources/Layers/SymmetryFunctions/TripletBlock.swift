import Tensors

/// Some triplets of one group of angular functions, vector by vector, as one array per quantity.
///
/// Each step of a computation runs over a whole block, so that vectors overlap in the processor's
/// pipelines, and blocks are so short that they stay in its nearest cache.
final class TripletBlock<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>

  /// The number of vectors that are worth a step.
  static var enough: Int { 32 }

  private let columnCount: Int
  private let powerCount: Int
  private var capacity = 0
  private var memory: Column
  /// The neighbour j of each vector, and the first of its k.
  private(set) var first: UnsafeMutablePointer<Int32>
  private(set) var second: UnsafeMutablePointer<Int32>
  /// The number of vectors.
  var count = 0

  init(_ constants: SymmetryFunctionConstants<Scalar>) {
    powerCount = constants.angular.indices.reduce(0) { max($0, constants.angular[$1].powers.count) }
    columnCount = Self.fixedColumns + 2 * powerCount
    memory = .allocate(capacity: 1)
    first = .allocate(capacity: 1)
    second = .allocate(capacity: 1)
  }

  deinit {
    memory.deallocate()
    first.deallocate()
    second.deallocate()
  }

  /// Makes room for blocks that are not yet long enough and one more row.
  func reserve(rowLength: Int) {
    memory.deallocate()
    first.deallocate()
    second.deallocate()
    capacity = Self.enough + (rowLength + Scalar.lanes - 1) / Scalar.lanes + 1
    memory = .allocate(capacity: columnCount * Scalar.lanes * capacity)
    first = .allocate(capacity: capacity)
    second = .allocate(capacity: capacity)
  }

  private static var fixedColumns: Int { 13 }
  private func column(_ number: Int) -> Column { memory + Scalar.lanes * number * capacity }

  /// `cos θ_jk`
  var cosine: Column { column(0) }
  /// `r_jk²`, then `r_jk`
  var opposite: Column { column(1) }
  /// `Σ r²` over the sides that the Gaussians depend on.
  var squares: Column { column(2) }
  /// The window of the third side, and its derivative over `r_jk`.
  var window: Column { column(3) }
  var slope: Column { column(4) }
  /// The product of the windows.
  var factor: Column { column(5) }
  /// The exponentials of one Gaussian.
  var exponential: Column { column(6) }
  /// The weighted sum of the angular parts that belong to one Gaussian, and of their derivatives.
  var angular: Column { column(7) }
  var angularDerivative: Column { column(8) }
  /// Weighted sums over terms t without the windows: `Σ t`, `Σ -2η t`, `Σ -2η r_s t`, `Σ ∂t/∂cos θ`.
  var value: Column { column(9) }
  var pull: Column { column(10) }
  var shiftedPull: Column { column(11) }
  var byCosine: Column { column(12) }
  /// The coefficients of the gradients, in the places of values that are no longer needed.
  var alongJ: Column { exponential }
  var alongK: Column { angular }
  var across: Column { angularDerivative }
  /// The angular parts of a group and their derivatives.
  func power(_ number: Int) -> Column { column(Self.fixedColumns + number) }
  func powerDerivative(_ number: Int) -> Column { column(Self.fixedColumns + powerCount + number) }

  /// Sets the sums over terms to zero.
  func clearSums() {
    value.update(repeating: 0, count: Scalar.lanes * count)
    pull.update(repeating: 0, count: Scalar.lanes * count)
    shiftedPull.update(repeating: 0, count: Scalar.lanes * count)
    byCosine.update(repeating: 0, count: Scalar.lanes * count)
  }
}

extension StagedNeighbors {
  typealias AngularGroup = SymmetryFunctionConstants<Scalar>.Angular

  /// Fills the block with triplets of a group from neighbour `j` on; returns the next one.
  func fill(_ block: TripletBlock<Scalar>, of group: AngularGroup, from start: Int) -> Int {
    let window = self.window(group.window)
    let end = starts[group.first] + counts[group.first]
    block.count = 0
    var j = start
    while j < end && block.count < TripletBlock<Scalar>.enough {
      if window[j] != 0 { append(j, partners(of: j, in: group), of: group, to: block) }
      j += 1
    }
    return j
  }

  /// Appends the vectors of a row in which some triplet has all its sides within the cutoff.
  private func append(
    _ j: Int, _ range: Range<Int>, of group: AngularGroup, to block: TripletBlock<Scalar>
  ) {
    let (x, y, z, inverse) = (self.x, self.y, self.z, self.inverse)
    let (first, second) = (block.first, block.second)
    let cosine = block.cosine + Scalar.lanes * block.count
    let opposite = block.opposite + Scalar.lanes * block.count
    let side = TripletSide(x[j], y[j], z[j], inverse: inverse[j])
    var place = 0
    var k = range.lowerBound
    while k < range.upperBound {
      let pairs = side.pairs(
        x.lanes(at: k), y.lanes(at: k), z.lanes(at: k), inverse: inverse.lanes(at: k))
      cosine.setLanes(pairs.cosine, at: place)
      opposite.setLanes(pairs.square, at: place)
      place &+= Scalar.lanes
      k &+= Scalar.lanes
    }
    // Whole vectors are moved together in a loop of its own, without branches, for these would
    // often be predicted wrongly.
    let radius = Scalar(constants.windows[group.window].radius)
    let limit = group.isNarrow ? radius * radius : .infinity
    var count = block.count
    var kept = 0
    var old = 0
    k = range.lowerBound
    while k < range.upperBound {
      first[count] = Int32(truncatingIfNeeded: j)
      second[count] = Int32(truncatingIfNeeded: k)
      let least = opposite.lanes(at: old).least
      cosine.setLanes(cosine.lanes(at: old), at: kept)
      opposite.setLanes(opposite.lanes(at: old), at: kept)
      let counts = Int(unsafeBitCast(least < limit, to: UInt8.self))
      count &+= counts
      kept &+= Scalar.lanes &* counts
      old &+= Scalar.lanes
      k &+= Scalar.lanes
    }
    block.count = count
  }

  /// Computes the third sides, their windows and the products of all three windows.
  ///
  /// Short loops one after the other: in a long one each vector would wait for its own roots,
  /// quotients and exponentials.
  func computeWindows(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (first, second, count) = (block.first, block.second, block.count)
    let (opposite, squares, factor) = (block.opposite, block.squares, block.factor)
    let (window, slope, inverse) = (block.window, block.slope, block.exponential)
    let (r, windowK) = (self.r, self.window(group.window))
    for number in 0..<count {
      let (j, k) = (Int(first[number]), Int(second[number]))
      let rk = r.lanes(at: k)
      let sum = Scalar.Vector(repeating: r[j] * r[j]).addingProduct(rk, rk)
      squares.setLanes(sum, at: Scalar.lanes * number)
      factor.setLanes(windowK.lanes(at: k) * windowK[j], at: Scalar.lanes * number)
    }
    guard group.isNarrow else {
      window.update(repeating: 1, count: Scalar.lanes * count)
      return
    }
    for number in 0..<count {
      let place = Scalar.lanes * number
      let square = opposite.lanes(at: place)
      let r = Scalar.squareRoot(square)
      squares.setLanes(squares.lanes(at: place) + square, at: place)
      opposite.setLanes(r, at: place)
      inverse.setLanes(1 / r, at: place)
    }
    computeWindows(constants.windows[group.window], opposite, count, into: window, slope)
    for number in 0..<count {
      let place = Scalar.lanes * number
      slope.setLanes(slope.lanes(at: place) * inverse.lanes(at: place), at: place)
      factor.setLanes(factor.lanes(at: place) * window.lanes(at: place), at: place)
    }
  }

  /// Computes a window and its derivative for some vectors of distances.
  private func computeWindows(
    _ shape: RadialWindow, _ r: Column, _ count: Int, into window: Column, _ slope: Column
  ) {
    for number in 0..<count {
      let (value, derivative) = shape.valueAndDerivative(at: r.lanes(at: Scalar.lanes * number))
      window.setLanes(value, at: Scalar.lanes * number)
      slope.setLanes(derivative, at: Scalar.lanes * number)
    }
  }

  /// Computes the exponentials of a Gaussian.
  func computeExponentials(
    _ block: TripletBlock<Scalar>, _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian,
    of group: AngularGroup
  ) {
    let (squares, exponential, count) = (block.squares, block.exponential, block.count)
    if gaussian.shift == 0 {
      let eta = gaussian.eta
      for number in 0..<count {
        exponential.setLanes(
          Scalar.decay(squares.lanes(at: Scalar.lanes * number) * eta), at: Scalar.lanes * number)
      }
    } else {
      let (first, second, opposite, r) = (block.first, block.second, block.opposite, self.r)
      for number in 0..<count {
        let exponent = gaussian.exponent(
          r[Int(first[number])], r.lanes(at: Int(second[number])),
          opposite.lanes(at: Scalar.lanes * number),
          isNarrow: group.isNarrow)
        exponential.setLanes(Scalar.decay(exponent), at: Scalar.lanes * number)
      }
    }
  }

  /// Computes the angular parts of a group and their derivatives.
  func computePowers(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (cosine, count) = (block.cosine, block.count)
    for power in 0..<group.powers.count {
      let shape = constants.powers[group.powers.lowerBound + power]
      let (value, derivative) = (block.power(power), block.powerDerivative(power))
      switch shape.integer {
      case 1: shape.computeWhole(1, cosine, count, value, derivative)
      case 2: shape.computeWhole(2, cosine, count, value, derivative)
      case 4: shape.computeWhole(4, cosine, count, value, derivative)
      default: shape.computeAny(cosine, count, value, derivative)
      }
    }
  }
}
