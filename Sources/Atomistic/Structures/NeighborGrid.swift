/// Atoms sorted into bins, from which a neighbour list is read.
///
/// Bins are parallelepipeds that divide the cell evenly. Along periodic axes they wrap around, as
/// often as the reach asks for; along the others they divide the extent of the atoms.
struct NeighborGrid {
  /// One directed pair while the list is made.
  private struct Pair {
    var displacement: SIMD3<Double>
    var shift: SIMD3<Int32>
    var first: Int32
    var second: Int32
  }

  /// One bin within reach of another, as a difference of bin indices.
  typealias Offset = SIMD3<Int>

  /// The arrays of a neighbour list.
  struct SortedPairs {
    var first: [Int32] = []
    var second: [Int32] = []
    var shift: [SIMD3<Int32>] = []
    var offsets: [Int] = []
    var displacement: [SIMD3<Double>] = []
    var distance: [Double] = []
  }

  private let positions: [SIMD3<Double>]
  private let vectors: Matrix3
  private let periodicity: Periodicity
  private let reach: Double
  private let bins: SIMD3<Int>
  /// The atoms bin by bin, ascending within each.
  private let atomsInBins: [Int32]
  private let binOffsets: [Int]
  /// The bin of each atom, and the lattice vectors that bring it into the cell.
  private let binOfAtom: [SIMD3<Int32>]
  private let wrapOfAtom: [SIMD3<Int32>]
  /// Positions moved into the cell, in the order of `atomsInBins`.
  private let wrappedInBins: [SIMD3<Double>]
  private let wrappedPositions: [SIMD3<Double>]
  private let offsets: [Offset]

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

    // About two bins to the reach waste little volume at the edges; more bins than atoms only cost.
    let widths = heights * extent
    var counts = SIMD3<Int>(1, 1, 1)
    let most = Double(max(1, positions.count))
    for axis in 0..<3 {
      counts[axis] = Int(min(max((2 * widths[axis] / reach).rounded(.down), 1), most))
    }
    while counts.x * counts.y * counts.z > max(8, 2 * positions.count) {
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

    let flat = binOfAtom.map { (Int($0.x) * counts.y + Int($0.y)) * counts.z + Int($0.z) }
    (binOffsets, atomsInBins) = Self.countingSort(flat, into: counts.x * counts.y * counts.z)
    wrappedInBins = atomsInBins.map { wrapped[Int($0)] }

    let steps = Matrix3(
      frame.vectors.x * (extent.x / Double(counts.x)),
      frame.vectors.y * (extent.y / Double(counts.y)),
      frame.vectors.z * (extent.z / Double(counts.z)))
    offsets = try Self.offsets(
      steps: steps, binHeights: widths / SIMD3<Double>(counts), bins: counts, periodicity: periodic,
      reach: reach, atoms: positions.count)
  }

  /// Sorts the indices of `keys` by key, stably; also returns where each key begins.
  private static func countingSort(_ keys: [Int], into count: Int) -> ([Int], [Int32]) {
    var offsets = [Int](repeating: 0, count: count + 1)
    for key in keys { offsets[key + 1] += 1 }
    for key in 0..<count { offsets[key + 1] += offsets[key] }
    var next = offsets
    var sorted = [Int32](repeating: 0, count: keys.count)
    for (index, key) in keys.enumerated() {
      sorted[next[key]] = Int32(index)
      next[key] += 1
    }
    return (offsets, sorted)
  }

  /// The differences of bins that may hold pairs, in descending order.
  ///
  /// Two bins are out of reach if the vector between them, shortened by the diagonal of a bin, is
  /// longer than the reach.
  private static func offsets(
    steps: Matrix3, binHeights: SIMD3<Double>, bins: SIMD3<Int>, periodicity: Periodicity,
    reach: Double, atoms: Int
  ) throws(NeighborListError) -> [Offset] {
    var limit = SIMD3<Int>.zero
    var volume = 1.0
    for axis in 0..<3 {
      let needed = (reach / binHeights[axis]).rounded(.up)
      let most = periodicity[axis] ? needed : min(needed, Double(bins[axis] - 1))
      volume *= 2 * most + 1
      guard volume < 4e6, volume * Double(atoms) < 1e10 else {
        throw .tooManyPairs(estimate: volume * Double(atoms))
      }
      limit[axis] = Int(most)
    }
    var diagonal = 0.0
    for signs in [SIMD2<Double>(1, 1), [1, -1], [-1, 1], [-1, -1]] {
      diagonal = max(diagonal, (steps.x + signs.x * steps.y + signs.y * steps.z).length)
    }
    var result: [Offset] = []
    for x in stride(from: limit.x, through: -limit.x, by: -1) {
      for y in stride(from: limit.y, through: -limit.y, by: -1) {
        for z in stride(from: limit.z, through: -limit.z, by: -1) {
          let vector = SIMD3<Double>(Double(x), Double(y), Double(z)) * steps
          if vector.length - diagonal <= reach * (1 + 1e-9) { result.append([x, y, z]) }
        }
      }
    }
    return result
  }

  /// The pairs sorted by first atom, second atom and shift.
  ///
  /// The outer loop runs over second atoms j in ascending order, and the inner one over offsets in
  /// descending order, so that the images of one i come with ascending shifts of j. A stable
  /// counting sort by i then gives the order of the list without any comparison.
  func sortedPairs(atMost most: Int) throws(NeighborListError) -> SortedPairs {
    var pairs: [Pair] = []
    pairs.reserveCapacity(positions.count * 64)
    var counts = [Int](repeating: 0, count: positions.count + 1)
    for atom in positions.indices {
      if let error = appendPairs(endingAt: atom, to: &pairs, counts: &counts) { throw error }
      guard pairs.count <= most else { throw .tooManyPairs(estimate: Double(pairs.count)) }
    }
    for atom in positions.indices { counts[atom + 1] += counts[atom] }
    return Self.sorted(pairs, offsets: counts)
  }

  /// Appends the pairs (i, j, s) of one atom j, counting them at `counts[i + 1]`.
  private func appendPairs(
    endingAt j: Int, to pairs: inout [Pair], counts: inout [Int]
  ) -> NeighborListError? {
    // Wrapped positions are good to about 1e-13 of the coordinates: what is near the reach is
    // decided on the exact displacement.
    let limit = reach * reach * (1 + 1e-6) + 1e-6
    let own = binOfAtom[j]
    let wrapped = wrappedPositions[j]
    for offset in offsets {
      // Bin `own + offset` stands for the bin `target` of an image of atom i moved by `turns`.
      var target = SIMD3<Int>.zero
      var turns = SIMD3<Int32>.zero
      var isOutside = false
      for axis in 0..<3 {
        let bin = Int(own[axis]) + offset[axis]
        if bin >= 0 && bin < bins[axis] {
          target[axis] = bin
        } else if periodicity[axis] {
          let quotient = bin >= 0 ? bin / bins[axis] : -((bins[axis] - 1 - bin) / bins[axis])
          turns[axis] = Int32(quotient)
          target[axis] = bin - quotient * bins[axis]
        } else {
          isOutside = true
        }
      }
      if isOutside { continue }
      let center = turns == .zero ? wrapped : wrapped - SIMD3<Double>(turns) * vectors
      let bin = (target.x * bins.y + target.y) * bins.z + target.z
      for slot in binOffsets[bin]..<binOffsets[bin + 1] {
        let rough = center - wrappedInBins[slot]
        guard rough.dot(rough) < limit else { continue }
        let i = Int(atomsInBins[slot])
        // Image of i at turns: j + (w_j - w_i - turns) relative to i, both unwrapped.
        let shift = wrapOfAtom[j] &- wrapOfAtom[i] &- turns
        if i == j && shift == .zero { continue }
        let vector = NeighborList.displacement(
          from: positions[i], to: positions[j], shift: SIMD3<Double>(shift), vectors: vectors)
        let square = vector.dot(vector)
        guard square.squareRoot() < reach else { continue }
        guard square.squareRoot() >= NeighborList.shortestDistance else {
          return .overlap(first: min(i, j), second: max(i, j), distance: square.squareRoot())
        }
        pairs.append(
          Pair(displacement: vector, shift: shift, first: Int32(i), second: Int32(j)))
        counts[i + 1] += 1
      }
    }
    return nil
  }

  /// Distributes pairs to the ranges of their first atoms, keeping their order.
  private static func sorted(_ pairs: [Pair], offsets: [Int]) -> SortedPairs {
    let count = pairs.count
    var next = offsets
    let slots = pairs.map { pair in
      let slot = next[Int(pair.first)]
      next[Int(pair.first)] = slot + 1
      return slot
    }
    var result = SortedPairs()
    result.offsets = offsets
    result.first = .init(repeating: 0, count: count)
    result.second = result.first
    result.shift = .init(repeating: .zero, count: count)
    result.displacement = .init(repeating: .zero, count: count)
    result.distance = .init(repeating: 0, count: count)
    for (pair, slot) in zip(pairs, slots) {
      result.first[slot] = pair.first
      result.second[slot] = pair.second
      result.shift[slot] = pair.shift
      result.displacement[slot] = pair.displacement
      result.distance[slot] = pair.displacement.length
    }
    return result
  }
}
