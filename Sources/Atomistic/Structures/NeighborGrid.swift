/// Atoms sorted into bins, from which a neighbour list is read.
///
/// Bins are parallelepipeds that divide the cell evenly. Along periodic axes they wrap around, as
/// often as the reach asks for; along the others they divide the extent of the atoms.
struct NeighborGrid {
  /// A row of bins within reach of another, as differences of bin indices along z, and of a bin's
  /// index and the place of its image along x and y.
  private struct Row {
    var x: Int
    var y: Int
    var z: ClosedRange<Int>
  }

  /// Neighbouring bins along z, in some image of the cell, and an atom seen from there.
  struct Segment {
    /// Less the key of an atom in a bin, this is the first atom of a pair and its shift.
    var key: SIMD4<Int32>
    /// The places in the arrays by bins.
    var start: Int32
    var end: Int32
    /// The position of the atom if this image were the cell itself.
    var center: SIMD3<Double>
  }

  /// The bin inside the cell that a place stands for, and by how many cells it is off.
  private struct Image {
    /// Negative outside along an axis that does not repeat.
    var bin: Int32
    var turn: Int32
  }

  let positions: [SIMD3<Double>]
  let vectors: Matrix3
  let reach: Double
  /// The atoms bin by bin, ascending within each, as minus the number of the atom and the lattice
  /// vectors that bring it into the cell.
  let keysInBins: [SIMD4<Int32>]
  /// Positions moved into the cell, bin by bin: all x, all y, all z.
  let coordinatesInBins: [Double]

  /// The number of coordinates along one axis, with room to read some at once.
  var coordinateStride: Int { positions.count + NeighborCandidate.lanes }

  private let periodicity: Periodicity
  private let bins: SIMD3<Int>
  /// The bins at all places along an axis that are within reach of some bin.
  private let images: (x: [Image], y: [Image], z: [Image])
  private let wrapOfAtom: [SIMD3<Int32>]
  private let binOffsets: [Int32]
  private let binOfAtom: [SIMD3<Int32>]
  private let wrappedPositions: [SIMD3<Double>]
  /// The rows within reach of any bin, in descending order.
  private let rows: [Row]

  init(
    positions: [SIMD3<Double>], cell: Cell?, reach: Double
  ) throws(NeighborListError) {
    self.positions = positions
    self.reach = reach
    vectors = cell?.vectors ?? .identity
    periodicity = cell?.periodicity ?? .none
    let frame = cell ?? Cell(.identity, periodicity: .none)
    let (periodic, heights) = (frame.periodicity, frame.heights)

    var fractions = [SIMD3<Double>]()
    fractions.reserveCapacity(positions.count)
    var lower = SIMD3<Double>.zero
    var extent = SIMD3<Double>.one
    for (atom, position) in positions.enumerated() {
      let fraction = frame.fractional(position)
      guard abs(fraction.x) < 1e8, abs(fraction.y) < 1e8, abs(fraction.z) < 1e8 else {
        throw .lostAtom(atom)
      }
      fractions.append(fraction)
    }
    for axis in 0..<3 where !periodic[axis] {
      let values = fractions.lazy.map { $0[axis] }
      lower[axis] = values.min() ?? 0
      extent[axis] = max((values.max() ?? 0) - lower[axis], 1e-9)
    }

    // Two bins to the reach waste little volume at the edges; along z, where neighbouring bins are
    // searched as one, more cost nothing. More bins than atoms do not pay.
    let widths = heights * extent
    var counts = SIMD3<Int>(1, 1, 1)
    let most = Double(max(1, positions.count))
    for axis in 0..<3 {
      let perReach = axis == 2 ? 6.0 : 2.0
      counts[axis] = Int(min(max((perReach * widths[axis] / reach).rounded(.down), 1), most))
    }
    while counts.x * counts.y * counts.z > max(8, 4 * positions.count) {
      let axis = (0..<3).max { counts[$0] < counts[$1] } ?? 0
      counts[axis] = (counts[axis] + 1) / 2
    }
    bins = counts

    var binOfAtom = [SIMD3<Int32>](repeating: .zero, count: positions.count)
    var wrapOfAtom = binOfAtom
    var wrapped = positions
    for atom in positions.indices {
      var wrap = SIMD3<Double>.zero
      for axis in 0..<3 {
        var fraction = fractions[atom][axis]
        if periodic[axis] {
          wrap[axis] = -fraction.rounded(.down)
          fraction += wrap[axis]
        } else {
          fraction = (fraction - lower[axis]) / extent[axis]
        }
        let bin = Int(fraction * Double(counts[axis]))
        binOfAtom[atom][axis] = Int32(min(max(bin, 0), counts[axis] - 1))
        wrapOfAtom[atom][axis] = Int32(wrap[axis])
      }
      wrapped[atom] += wrap * frame.vectors
    }
    self.binOfAtom = binOfAtom
    self.wrapOfAtom = wrapOfAtom
    wrappedPositions = wrapped

    let (binOffsets, atomsInBins) = Self.countingSort(
      positions.count, into: counts.x * counts.y * counts.z
    ) { atom in
      let bin = binOfAtom[atom]
      return (Int(bin.x) * counts.y + Int(bin.y)) * counts.z + Int(bin.z)
    }
    self.binOffsets = binOffsets
    keysInBins = atomsInBins.map { atom in
      let wrap = wrapOfAtom[Int(atom)]
      return SIMD4(-atom, wrap.x, wrap.y, wrap.z)
    }
    var coordinates: [Double] = []
    coordinates.reserveCapacity(3 * (positions.count + NeighborCandidate.lanes))
    for axis in 0..<3 {
      for atom in atomsInBins { coordinates.append(wrapped[Int(atom)][axis]) }
      coordinates.append(contentsOf: repeatElement(0, count: NeighborCandidate.lanes))
    }
    coordinatesInBins = coordinates

    let steps = Matrix3(
      frame.vectors.x * (extent.x / Double(counts.x)),
      frame.vectors.y * (extent.y / Double(counts.y)),
      frame.vectors.z * (extent.z / Double(counts.z)))
    let limits = try Self.limits(
      binHeights: widths / SIMD3<Double>(counts), bins: counts, periodicity: periodic,
      reach: reach, atoms: positions.count)
    rows = Self.rows(steps: steps, limits: limits, reach: reach)
    func images(_ axis: Int) -> [Image] {
      let count = counts[axis]
      return (-limits[axis]..<count + limits[axis]).map { place in
        if place >= 0 && place < count { return Image(bin: Int32(place), turn: 0) }
        if !periodic[axis] { return Image(bin: -1, turn: 0) }
        let turn = place >= 0 ? place / count : -((count - 1 - place) / count)
        return Image(bin: Int32(place - turn * count), turn: Int32(turn))
      }
    }
    self.images = (images(0), images(1), images(2))
  }

  /// Sorts `0 ..< count` by key, stably; also returns where each key begins.
  private static func countingSort(
    _ count: Int, into keys: Int, by key: (Int) -> Int
  ) -> (offsets: [Int32], sorted: [Int32]) {
    var offsets = [Int32](repeating: 0, count: keys + 1)
    for index in 0..<count { offsets[key(index) + 1] += 1 }
    for key in 0..<keys { offsets[key + 1] += offsets[key] }
    var next = offsets
    var sorted = [Int32](repeating: 0, count: count)
    for index in 0..<count {
      let key = key(index)
      sorted[Int(next[key])] = Int32(truncatingIfNeeded: index)
      next[key] += 1
    }
    return (offsets, sorted)
  }

  /// The most bins within reach of one: a cell that asks for more is almost flat, and a list of the bins
  /// would take more memory than that of the pairs.
  private static let mostBins = 5e5

  /// The largest distance of a pair along each axis, in bins.
  private static func limits(
    binHeights: SIMD3<Double>, bins: SIMD3<Int>, periodicity: Periodicity,
    reach: Double, atoms: Int
  ) throws(NeighborListError) -> SIMD3<Int> {
    var limit = SIMD3<Int>.zero
    var volume = 1.0
    for axis in 0..<3 {
      let needed = (reach / binHeights[axis]).rounded(.up)
      let most = periodicity[axis] ? needed : min(needed, Double(bins[axis] - 1))
      volume *= 2 * most + 1
      guard volume < mostBins, volume * Double(atoms) < 1e10 else {
        throw .tooManyPairs(estimate: volume * Double(atoms))
      }
      limit[axis] = Int(most)
    }
    return limit
  }

  /// The rows of bins that may hold pairs, in descending order of x and y.
  ///
  /// Two bins are out of reach if the vector between them, shortened by the diagonal of a bin, is
  /// longer than the reach.
  private static func rows(steps: Matrix3, limits: SIMD3<Int>, reach: Double) -> [Row] {
    var diagonal = 0.0
    for signs in [SIMD2<Double>(1, 1), [1, -1], [-1, 1], [-1, -1]] {
      diagonal = max(diagonal, (steps.x + signs.x * steps.y + signs.y * steps.z).length)
    }
    var result: [Row] = []
    for x in stride(from: limits.x, through: -limits.x, by: -1) {
      for y in stride(from: limits.y, through: -limits.y, by: -1) {
        func isInReach(_ z: Int) -> Bool {
          let vector = SIMD3<Double>(Double(x), Double(y), Double(z)) * steps
          return vector.length - diagonal <= reach * (1 + 1e-9)
        }
        let range = -limits.z...limits.z
        if let low = range.first(where: isInReach), let high = range.last(where: isInReach) {
          result.append(Row(x: x + limits.x, y: y + limits.y, z: low...high))
        }
      }
    }
    return result
  }

  /// Replaces segments by those that hold all atoms within reach of one, in descending order of their
  /// place in space.
  func listSegments(around atom: Int, in segments: inout [Segment]) {
    let own = binOfAtom[atom]
    let position = wrappedPositions[atom]
    let wrap = wrapOfAtom[atom]
    let (imagesX, imagesY, imagesZ) = (images.x.span, images.y.span, images.z.span)
    let binOffsets = binOffsets.span
    let reachZ = (imagesZ.count - bins.z) / 2
    segments.removeAll(keepingCapacity: true)
    for row in rows {
      let x = imagesX[Int(own.x) + row.x]
      let y = imagesY[Int(own.y) + row.y]
      if x.bin < 0 || y.bin < 0 { continue }
      let start = (Int(x.bin) * bins.y + Int(y.bin)) * bins.z
      var (low, high) = (Int(own.z) + row.z.lowerBound, Int(own.z) + row.z.upperBound)
      if !periodicity[2] { (low, high) = (max(low, 0), min(high, bins.z - 1)) }
      while high >= low {
        let z = imagesZ[high + reachZ]
        let length = min(Int(z.bin), high - low)
        let turns = SIMD3(x.turn, y.turn, z.turn)
        let slots = start + Int(z.bin)
        let moved = wrap &- turns
        segments.append(
          Segment(
            key: SIMD4(0, moved.x, moved.y, moved.z), start: binOffsets[slots - length],
            end: binOffsets[slots + 1],
            center: turns == .zero ? position : position - SIMD3<Double>(turns) * vectors))
        high -= length + 1
      }
    }
  }
}
