import Tensors

/// Some triplets of one group of angular functions, as one array per quantity.
///
/// Each step of a computation runs over a whole block, so that vectors overlap in the processor's
/// pipelines, and blocks are so short that they stay in its nearest cache. Triplets of one neighbour j
/// come in short vectors, for there are some tens of them; what does not depend on j and k runs over
/// wide ones, up to the end of the last, whose triplets beyond `count` have the factor 0.
final class TripletBlock<Scalar: RealScalar> {
  typealias Column = UnsafeMutablePointer<Scalar>

  /// The number of short vectors that are worth a step.
  static var enough: Int { 32 }

  private let columnCount: Int
  private let powerCount: Int
  private var capacity = 0
  private var memory: Column
  /// The neighbour j of each short vector, and the first of its k.
  private(set) var first: UnsafeMutablePointer<Int32>
  private(set) var second: UnsafeMutablePointer<Int32>
  /// The number of short vectors.
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

  /// Makes room for blocks that are not yet long enough and one more row, and a wide vector's rest.
  func reserve(rowLength: Int) {
    memory.deallocate()
    first.deallocate()
    second.deallocate()
    let vectors = Self.enough + (rowLength + Scalar.shortLanes - 1) / Scalar.shortLanes + 1
    capacity = (vectors + Self.ratio - 1) / Self.ratio * Self.ratio
    memory = .allocateLines(capacity: columnCount * Scalar.shortLanes * capacity)
    first = .allocate(capacity: capacity)
    second = .allocate(capacity: capacity)
  }

  /// The number of short vectors in a wide one.
  private static var ratio: Int { Scalar.lanes / Scalar.shortLanes }

  /// The number of wide vectors.
  var wideCount: Int { (count + Self.ratio - 1) / Self.ratio }

  /// The number of short vectors up to the end of the last wide one.
  var paddedCount: Int { wideCount * Self.ratio }

  /// Fills the last wide vector with copies of the last triplets.
  func pad() {
    guard count > 0 else { return }
    let last = Scalar.shortLanes * (count - 1)
    for number in count..<paddedCount {
      first[number] = first[count - 1]
      second[number] = second[count - 1]
      cosine.setShortLanes(cosine.shortLanes(at: last), at: Scalar.shortLanes * number)
      opposite.setShortLanes(opposite.shortLanes(at: last), at: Scalar.shortLanes * number)
    }
  }

  private static var fixedColumns: Int { 16 }
  private func column(_ number: Int) -> Column { memory + Scalar.shortLanes * number * capacity }

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
  /// The coefficients of the gradients by the derivative of an angular part alone.
  var turnJ: Column { column(13) }
  var turnK: Column { column(14) }
  var turnAcross: Column { column(15) }
  /// The angular parts of a group and their derivatives.
  func power(_ number: Int) -> Column { column(Self.fixedColumns + number) }
  func powerDerivative(_ number: Int) -> Column { column(Self.fixedColumns + powerCount + number) }

  /// Sets the sums over terms to zero.
  func clearSums() {
    let length = Scalar.lanes * wideCount
    value.update(repeating: 0, count: length)
    pull.update(repeating: 0, count: length)
    shiftedPull.update(repeating: 0, count: length)
    byCosine.update(repeating: 0, count: length)
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
    block.pad()
    return j
  }

  /// Appends the vectors of a row in which some triplet has all its sides within the cutoff.
  private func append(
    _ j: Int, _ range: Range<Int>, of group: AngularGroup, to block: TripletBlock<Scalar>
  ) {
    let (x, y, z, inverse) = (self.x, self.y, self.z, self.inverse)
    let (first, second) = (block.first, block.second)
    let cosine = block.cosine + Scalar.shortLanes * block.count
    let opposite = block.opposite + Scalar.shortLanes * block.count
    let side = TripletSide(x[j], y[j], z[j], inverse: inverse[j])
    let radius = Scalar(constants.windows[group.window].radius)
    let limit = group.isNarrow ? radius * radius : .infinity
    var count = block.count
    var place = 0
    var k = range.lowerBound
    while k < range.upperBound {
      let pairs = side.pairs(
        x.shortLanes(at: k), y.shortLanes(at: k), z.shortLanes(at: k),
        inverse: inverse.shortLanes(at: k))
      cosine.setShortLanes(pairs.cosine, at: place)
      opposite.setShortLanes(pairs.square, at: place)
      first[count] = Int32(truncatingIfNeeded: j)
      second[count] = Int32(truncatingIfNeeded: k)
      // A vector that does not count is written over: a branch would often be predicted wrongly.
      let counts = Int(unsafeBitCast(pairs.square.least < limit, to: UInt8.self))
      count &+= counts
      place &+= Scalar.shortLanes &* counts
      k &+= Scalar.shortLanes
    }
    block.count = count
  }

  /// Computes the third sides, their windows and the products of all three windows.
  ///
  /// Short loops one after the other: in a long one each vector would wait for its own roots,
  /// quotients and exponentials.
  func computeWindows(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (first, second) = (block.first, block.second)
    let (count, padded, wide) = (block.count, block.paddedCount, block.wideCount)
    let (opposite, squares, factor) = (block.opposite, block.squares, block.factor)
    let (window, slope, inverse) = (block.window, block.slope, block.exponential)
    let (r, windowK) = (self.r, self.window(group.window))
    for number in 0..<padded {
      let (place, j, k) = (Scalar.shortLanes * number, Int(first[number]), Int(second[number]))
      let rk = r.shortLanes(at: k)
      let sum = Scalar.ShortVector(repeating: r[j] * r[j]).addingProduct(rk, rk)
      squares.setShortLanes(sum, at: place)
      factor.setShortLanes(windowK.shortLanes(at: k) * windowK[j], at: place)
    }
    (factor + Scalar.shortLanes * count)
      .update(repeating: 0, count: Scalar.shortLanes * (padded - count))
    guard group.isNarrow else {
      window.update(repeating: 1, count: Scalar.lanes * wide)
      return
    }
    for number in 0..<wide {
      let place = Scalar.lanes * number
      let square = opposite.lanes(at: place)
      let r = Scalar.squareRoot(square)
      squares.setLanes(squares.lanes(at: place) + square, at: place)
      opposite.setLanes(r, at: place)
      inverse.setLanes(1 / r, at: place)
    }
    computeWindows(constants.windows[group.window], opposite, wide, into: window, slope)
    for number in 0..<wide {
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
    let (squares, exponential) = (block.squares, block.exponential)
    let eta = gaussian.eta
    guard gaussian.shift != 0 else {
      for number in 0..<block.wideCount {
        let place = Scalar.lanes * number
        exponential.setLanes(Scalar.decay(squares.lanes(at: place) * eta), at: place)
      }
      return
    }
    let (first, second, opposite, r) = (block.first, block.second, block.opposite, self.r)
    let shift = gaussian.shift
    for number in 0..<block.paddedCount {
      let place = Scalar.shortLanes * number
      let distanceJ = r[Int(first[number])] - shift
      let distanceK = r.shortLanes(at: Int(second[number])) - shift
      var sum = Scalar.ShortVector(repeating: distanceJ * distanceJ)
        .addingProduct(distanceK, distanceK)
      if group.isNarrow {
        let third = opposite.shortLanes(at: place) - shift
        sum.addProduct(third, third)
      }
      exponential.setShortLanes(sum * eta, at: place)
    }
    for number in 0..<block.wideCount {
      let place = Scalar.lanes * number
      exponential.setLanes(Scalar.decay(exponential.lanes(at: place)), at: place)
    }
  }

  /// Computes the angular parts of a group and their derivatives.
  func computePowers(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (cosine, count) = (block.cosine, block.wideCount)
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
