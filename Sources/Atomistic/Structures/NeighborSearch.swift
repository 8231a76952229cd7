/// The pairs of some atoms in the order they are found, with the memory to find them in.
///
/// The outer loop runs over second atoms j in ascending order, and the inner ones over bins in
/// descending order, so that the images of one i come with ascending shifts of j.
struct NeighborSearch: Sendable {
  /// The first atom and the shift of each pair, second atom by second atom.
  private(set) var pairs: [SIMD4<Int32>] = []
  /// Why the pairs are not complete.
  private(set) var error: NeighborListError?

  private var atoms = 0..<0
  /// The ends of the pairs of each second atom.
  private var ends: [Int] = []
  private var segments: [NeighborGrid.Segment] = []
  private var candidates: [NeighborCandidate] = []

  /// Calls `body` for each pair and its second atom.
  @inline(__always)
  func forEachPair(_ body: (SIMD4<Int32>, Int) -> Void) {
    var start = 0
    for (atom, end) in zip(atoms, ends) {
      for number in start..<end { body(pairs[number], atom) }
      start = end
    }
  }

  /// Finds the pairs (i, j, s) of all j in a range, and counts those of each i.
  ///
  /// Ends with an error if atoms overlap or there are more than `most` pairs.
  mutating func findPairs(
    endingAt atoms: Range<Int>, in grid: NeighborGrid, atMost most: Int,
    counts: UnsafeMutableBufferPointer<Int32>
  ) {
    self.atoms = atoms
    error = nil
    pairs.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    do throws(NeighborListError) {
      for atom in atoms {
        try appendPairs(endingAt: atom, in: grid, counts)
        ends.append(pairs.count)
        guard pairs.count <= most else { throw .tooManyPairs(estimate: Double(pairs.count)) }
      }
    } catch {
      self.error = error
    }
  }

  private mutating func appendPairs(
    endingAt j: Int, in grid: NeighborGrid, _ counts: UnsafeMutableBufferPointer<Int32>
  ) throws(NeighborListError) {
    grid.listSegments(around: j, in: &segments)
    let room = segments.reduce(0) { $0 &+ Int($1.end &- $1.start) } + NeighborCandidate.lanes
    if candidates.count < room {
      candidates.resize(to: 2 * room, filling: NeighborCandidate(slot: 0, segment: 0))
    }
    let (count, doubts) = candidates.withUnsafeMutableBufferPointer {
      NeighborCandidate.collect(in: segments, of: grid, into: $0.baseAddress.unsafelyUnwrapped)
    }
    // The atom itself, at no distance, is always in doubt.
    if doubts == 1 {
      appendAll(count, endingAt: j, in: grid, counts)
    } else {
      try appendChecked(count, endingAt: j, in: grid, counts)
    }
  }

  /// Appends the pairs of one atom j with all of its candidates but itself.
  private mutating func appendAll(
    _ count: Int, endingAt j: Int, in grid: NeighborGrid,
    _ counts: UnsafeMutableBufferPointer<Int32>
  ) {
    let own = SIMD4<Int32>(Int32(truncatingIfNeeded: j), 0, 0, 0)
    let (candidates, segments, keys) = (candidates, segments, grid.keysInBins)
    var place = pairs.count
    pairs.resize(to: place + count, filling: .zero)
    pairs.withUnsafeMutableBufferPointer { pairs in
      for number in 0..<count {
        let candidate = candidates[number]
        let pair = segments[Int(candidate.segment)].key &- keys[Int(candidate.slot)]
        if pair == own { continue }
        pairs[place] = pair
        place += 1
        counts[Int(pair.x)] &+= 1
      }
    }
    pairs.resize(to: place, filling: .zero)
  }

  /// Appends the pairs of one atom j with those candidates that are within reach by their exact
  /// distance.
  private mutating func appendChecked(
    _ count: Int, endingAt j: Int, in grid: NeighborGrid,
    _ counts: UnsafeMutableBufferPointer<Int32>
  ) throws(NeighborListError) {
    for candidate in candidates[..<count] {
      let pair = segments[Int(candidate.segment)].key &- grid.keysInBins[Int(candidate.slot)]
      let (i, shift) = (Int(pair.x), SIMD3(pair.y, pair.z, pair.w))
      if i == j && shift == .zero { continue }
      let distance = NeighborList.displacement(
        from: grid.positions[i], to: grid.positions[j], shift: SIMD3<Double>(shift),
        vectors: grid.vectors
      ).length
      guard distance < grid.reach else { continue }
      guard distance >= NeighborList.shortestDistance else {
        throw .overlap(first: min(i, j), second: max(i, j), distance: distance)
      }
      counts[i] &+= 1
      pairs.append(pair)
    }
  }
}
