/// Atoms sorted into bins, from which a neighbour list is read.
///
/// Bins are parallelepipeds that divide the cell evenly. Along periodic axes they wrap around, as
/// often as the reach asks for; along the others they divide the extent of the atoms.
struct NeighborGrid {
  /// One directed pair while the list is made, in 20 bytes, as sorting is bound by memory.
  struct Pair {
    var first: Int32
    var second: Int32
    var shiftX: Int32
    var shiftY: Int32
    var shiftZ: Int32

    var shift: SIMD3<Int32> { SIMD3(shiftX, shiftY, shiftZ) }
  }

  /// A row of bins within reach of another, as differences of bin indices.
  private struct Row {
    var x: Int
    var y: Int
    var z: ClosedRange<Int>
  }

  /// The arrays of a neighbour list.
  struct SortedPairs: Hashable, Sendable {
    var first: [Int32] = []
    var second: [Int32] = []
    var shift: [SIMD3<Int32>] = []
    var offsets: [Int] = [0]
    var displacement: [SIMD3<Double>] = []
    var distance: [Double] = []
    fileprivate var found = Scratch()

    /// Makes room for as many pairs; which numbers they hold is open.
    fileprivate mutating func resize(to count: Int) {
      first.resize(to: count, filling: 0)
      second.resize(to: count, filling: 0)
      shift.resize(to: count, filling: .zero)
      displacement.resize(to: count, filling: .zero)
      distance.resize(to: count, filling: 0)
    }
  }

  /// Pairs in the order they are found, kept for their memory: freshly allocated, its pages would have
  /// to be cleared for each list. It makes no difference between lists.
  fileprivate struct Scratch: Hashable, Sendable {
    var pairs: [Pair] = []

    static func == (left: Scratch, right: Scratch) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
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

    (binOffsets, atomsInBins) = Self.countingSort(
      positions.count, into: counts.x * counts.y * counts.z
    ) { atom in
      let bin = binOfAtom[atom]
      return (Int(bin.x) * counts.y + Int(bin.y)) * counts.z + Int(bin.z)
    }
    wrappedInBins = atomsInBins.map { wrapped[Int($0)] }

    let steps = Matrix3(
      frame.vectors.x * (extent.x / Double(counts.x)),
      frame.vectors.y * (extent.y / Double(counts.y)),
      frame.vectors.z * (extent.z / Double(counts.z)))
    rows = try Self.rows(
      steps: steps, binHeights: widths / SIMD3<Double>(counts), bins: counts, periodicity: periodic,
      reach: reach, atoms: positions.count)
  }

  /// Sorts `0 ..< count` by key, stably; also returns where each key begins.
  private static func countingSort(
    _ count: Int, into keys: Int, by key: (Int) -> Int
  ) -> (offsets: [Int], sorted: [Int32]) {
    var offsets = [Int](repeating: 0, count: keys + 1)
    for index in 0..<count { offsets[key(index) + 1] += 1 }
    for key in 0..<keys { offsets[key + 1] += offsets[key] }
    var next = offsets
    var sorted = [Int32](repeating: 0, count: count)
    for index in 0..<count {
      let key = key(index)
      sorted[next[key]] = Int32(truncatingIfNeeded: index)
      next[key] += 1
    }
    return (offsets, sorted)
  }

  /// The rows of bins that may hold pairs, in descending order of x and y.
  ///
  /// Two bins are out of reach if the vector between them, shortened by the diagonal of a bin, is
  /// longer than the reach.
  private static func rows(
    steps: Matrix3, binHeights: SIMD3<Double>, bins: SIMD3<Int>, periodicity: Periodicity,
    reach: Double, atoms: Int
  ) throws(NeighborListError) -> [Row] {
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
    var result: [Row] = []
    for x in stride(from: limit.x, through: -limit.x, by: -1) {
      for y in stride(from: limit.y, through: -limit.y, by: -1) {
        func isInReach(_ z: Int) -> Bool {
          let vector = SIMD3<Double>(Double(x), Double(y), Double(z)) * steps
          return vector.length - diagonal <= reach * (1 + 1e-9)
        }
        let range = -limit.z...limit.z
        if let low = range.first(where: isInReach), let high = range.last(where: isInReach) {
          result.append(Row(x: x, y: y, z: low...high))
        }
      }
    }
    return result
  }

  /// The pairs sorted by first atom, second atom and shift.
  ///
  /// The outer loop runs over second atoms j in ascending order, and the inner ones over bins in
  /// descending order, so that the images of one i come with ascending shifts of j. A stable
  /// counting sort by i then gives the order of the list without any comparison.
  ///
  /// They replace what `list` holds, in its memory.
  func findPairs(
    atMost most: Int, into list: inout SortedPairs
  ) throws(NeighborListError) {
    list.found.pairs.removeAll(keepingCapacity: true)
    list.found.pairs.reserveCapacity(positions.count * 64)
    for atom in positions.indices {
      for row in rows {
        if let error = appendPairs(endingAt: atom, from: row, to: &list.found.pairs) {
          throw error
        }
      }
      guard list.found.pairs.count <= most else {
        throw .tooManyPairs(estimate: Double(list.found.pairs.count))
      }
    }
    list.offsets.resize(to: 0, filling: 0)
    list.offsets.resize(to: positions.count + 1, filling: 0)
    for pair in list.found.pairs { list.offsets[Int(pair.first) + 1] += 1 }
    for atom in positions.indices { list.offsets[atom + 1] += list.offsets[atom] }
    list.resize(to: list.found.pairs.count)
    var next = list.offsets
    for pair in list.found.pairs {
      let place = next[Int(pair.first)]
      next[Int(pair.first)] += 1
      let displacement = NeighborList.displacement(
        from: positions[Int(pair.first)], to: positions[Int(pair.second)],
        shift: SIMD3<Double>(pair.shift), vectors: vectors)
      list.first[place] = pair.first
      list.second[place] = pair.second
      list.shift[place] = pair.shift
      list.displacement[place] = displacement
      list.distance[place] = displacement.length
    }
  }

  /// Appends the pairs (i, j, s) of one atom j with the atoms i of one row of bins.
  private func appendPairs(
    endingAt j: Int, from row: Row, to pairs: inout [Pair]
  ) -> NeighborListError? {
    let own = binOfAtom[j]
    guard let x = wrapped(Int(own.x) + row.x, axis: 0),
      let y = wrapped(Int(own.y) + row.y, axis: 1)
    else { return nil }
    let start = (x.bin * bins.y + y.bin) * bins.z
    var (low, high) = (Int(own.z) + row.z.lowerBound, Int(own.z) + row.z.upperBound)
    if !periodicity[2] { (low, high) = (max(low, 0), min(high, bins.z - 1)) }
    while high >= low {
      guard let z = wrapped(high, axis: 2) else { return nil }
      let length = min(z.bin, high - low)
      let slots = binOffsets[start + z.bin - length]..<binOffsets[start + z.bin + 1]
      let turns = SIMD3(Int32(x.turn), Int32(y.turn), Int32(z.turn))
      if let error = appendPairs(endingAt: j, at: slots, turns: turns, to: &pairs) { return error }
      high -= length + 1
    }
    return nil
  }

  /// The bin inside the cell that an index stands for, and by how many cells it was off; nil
  /// outside along an axis that does not repeat.
  @inline(__always)
  private func wrapped(_ index: Int, axis: Int) -> (bin: Int, turn: Int)? {
    let count = bins[axis]
    if index >= 0 && index < count { return (index, 0) }
    guard periodicity[axis] else { return nil }
    let turn = index >= 0 ? index / count : -((count - 1 - index) / count)
    return (index - turn * count, turn)
  }

  /// Appends the pairs of one atom j with images of atoms i that are moved by `turns` cells.
  private func appendPairs(
    endingAt j: Int, at slots: Range<Int>, turns: SIMD3<Int32>, to pairs: inout [Pair]
  ) -> NeighborListError? {
    // Wrapped positions are good to about 1e-13 of the coordinates: what is near the reach is
    // decided on the exact displacement.
    let limit = reach * reach * (1 + 1e-6) + 1e-6
    let wrapped = wrappedPositions[j]
    let center = turns == .zero ? wrapped : wrapped - SIMD3<Double>(turns) * vectors
    let wrap = wrapOfAtom[j] &- turns
    for slot in slots {
      let rough = center - wrappedInBins[slot]
      guard rough.dot(rough) < limit else { continue }
      let i = Int(atomsInBins[slot])
      let shift = wrap &- wrapOfAtom[i]
      if i == j && shift == .zero { continue }
      let vector = NeighborList.displacement(
        from: positions[i], to: positions[j], shift: SIMD3<Double>(shift), vectors: vectors)
      let distance = vector.length
      guard distance < reach else { continue }
      guard distance >= NeighborList.shortestDistance else {
        return .overlap(first: min(i, j), second: max(i, j), distance: distance)
      }
      pairs.append(
        Pair(
          first: Int32(truncatingIfNeeded: i), second: Int32(truncatingIfNeeded: j),
          shiftX: shift.x, shiftY: shift.y, shiftZ: shift.z))
    }
    return nil
  }
}

extension Array {
  /// Drops elements, or appends some, in the same memory where there is enough.
  fileprivate mutating func resize(to count: Int, filling element: Element) {
    if count < self.count {
      removeLast(self.count - count)
    } else {
      append(contentsOf: repeatElement(element, count: count - self.count))
    }
  }
}
