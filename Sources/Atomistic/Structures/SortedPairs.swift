import Tensors

/// The arrays of a neighbour list, and the memory that they are made in.
struct SortedPairs: Hashable, Sendable {
  private(set) var first: [Int32] = []
  private(set) var second: [Int32] = []
  private(set) var shift: [SIMD3<Int32>] = []
  private(set) var offsets: [Int] = [0]
  private(set) var displacement: [SIMD3<Double>] = []
  private(set) var distance: [Double] = []
  private var scratch = Scratch()

  /// Pairs kept for their memory: freshly allocated, its pages would have to be cleared for each list.
  /// It makes no difference between lists.
  private struct Scratch: Hashable, Sendable {
    /// A search for each chunk of second atoms.
    var searches: [NeighborSearch] = []
    /// For each chunk and first atom the number of pairs found, then the place of the next of them.
    var places: [Int32] = []
    /// Given pairs sorted by second atom.
    var given: [SIMD2<Int32>] = []

    static func == (left: Scratch, right: Scratch) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
  }

  /// Replaces the pairs by those of a grid, sorted by first atom, second atom and shift.
  ///
  /// Second atoms are cut into chunks, each of which is searched by one thread. As the pairs of one
  /// first atom are found in their order, a stable counting sort gives the order of the list without
  /// any comparison, the same for any number of chunks.
  mutating func find(
    in grid: NeighborGrid, atMost most: Int, workers: Workers
  ) throws(NeighborListError) {
    let atoms = grid.positions.count
    var chunks = workers.count == 1 ? 1 : max(1, min(4 * workers.count, atoms))
    if chunks > 1 {
      let error = search(grid, chunks, atMost: 2 * most / chunks, workers)
      let count = scratch.searches.reduce(0) { $0 + $1.pairs.count }
      // What fails in chunks is searched again as a whole, to fail in the same way for any threads.
      if error != nil || count > most { chunks = 1 }
    }
    if chunks == 1, let error = search(grid, chunks, atMost: most, workers) { throw error }
    replaceOffsets(atoms: atoms)
    sort(atoms: atoms, workers)
    replaceDisplacements(positions: grid.positions, vectors: grid.vectors, workers: workers)
  }

  /// Replaces the pairs by given ones no longer than `reach`, sorted by first and second atom.
  ///
  /// Two counting sorts, by second atom and then by first, compare and allocate nothing.
  mutating func replace(
    by given: GivenNeighbors, positions: [SIMD3<Double>], reach: Double
  ) throws(NeighborListError) {
    let (longest, shortest) = (reach * reach, NeighborList.shortestDistance)
    let atoms = positions.count
    first.resize(to: 0, filling: 0)
    second.resize(to: 0, filling: 0)
    offsets.resize(to: 1, filling: 0)
    scratch.places.resize(to: 0, filling: 0)
    scratch.places.resize(to: atoms + 1, filling: 0)
    for atom in 0..<atoms {
      for neighbor in given.neighbors(of: atom) {
        let vector = positions[Int(neighbor)] - positions[atom]
        let square = vector.dot(vector)
        guard square < longest else { continue }
        guard square > shortest * shortest else {
          throw .overlap(first: atom, second: Int(neighbor), distance: square.squareRoot())
        }
        first.append(Int32(atom))
        second.append(neighbor)
        scratch.places[Int(neighbor) + 1] += 1
      }
      offsets.append(second.count)
    }
    for atom in 0..<atoms { scratch.places[atom + 1] += scratch.places[atom] }
    scratch.given.resize(to: second.count, filling: .zero)
    for pair in second.indices {
      let number = Int(second[pair])
      scratch.given[Int(scratch.places[number])] = SIMD2(first[pair], second[pair])
      scratch.places[number] += 1
    }
    for atom in 0..<atoms { scratch.places[atom] = Int32(offsets[atom]) }
    for pair in scratch.given {
      second[Int(scratch.places[Int(pair.x)])] = pair.y
      scratch.places[Int(pair.x)] += 1
    }
    shift.resize(to: 0, filling: .zero)
    shift.resize(to: second.count, filling: .zero)
    replaceDisplacements(positions: positions, vectors: .zero, workers: Workers(count: 1))
  }

  /// Gives the pairs the displacements and distances of these positions.
  mutating func replaceDisplacements(
    positions: [SIMD3<Double>], vectors: Matrix3, workers: Workers
  ) {
    let count = first.count
    let chunks = workers.count == 1 ? 1 : 4 * workers.count
    let (first, second, shift) = (first, second, shift)
    displacement.resize(to: count, filling: .zero)
    distance.resize(to: count, filling: 0)
    displacement.withUnsafeMutableBufferPointer { displacement in
      distance.withUnsafeMutableBufferPointer { distance in
        // Chunks write pairs of their own.
        nonisolated(unsafe) let (displacement, distance) = (displacement, distance)
        workers.forEach(chunks) { chunk in
          for pair in count * chunk / chunks..<count * (chunk + 1) / chunks {
            let vector = NeighborList.displacement(
              from: positions[Int(first[pair])], to: positions[Int(second[pair])],
              shift: SIMD3<Double>(shift[pair]), vectors: vectors)
            displacement[pair] = vector
            distance[pair] = vector.length
          }
        }
      }
    }
  }

  /// Searches all chunks; returns the error of the first one that has any.
  private mutating func search(
    _ grid: NeighborGrid, _ chunks: Int, atMost most: Int, _ workers: Workers
  ) -> NeighborListError? {
    let atoms = grid.positions.count
    scratch.searches.resize(to: chunks, filling: NeighborSearch())
    scratch.places.resize(to: 0, filling: 0)
    scratch.places.resize(to: chunks * atoms, filling: 0)
    scratch.searches.withUnsafeMutableBufferPointer { searches in
      scratch.places.withUnsafeMutableBufferPointer { places in
        // Each chunk has a search and a row of places.
        nonisolated(unsafe) let (searches, places) = (searches, places)
        workers.forEach(chunks) { chunk in
          searches[chunk].findPairs(
            endingAt: atoms * chunk / chunks..<atoms * (chunk + 1) / chunks, in: grid,
            atMost: most,
            counts: UnsafeMutableBufferPointer(
              rebasing: places[chunk * atoms..<(chunk + 1) * atoms]))
        }
      }
    }
    return scratch.searches.lazy.compactMap(\.error).first
  }

  /// Turns the counts of pairs into places.
  private mutating func replaceOffsets(atoms: Int) {
    offsets.resize(to: atoms + 1, filling: 0)
    var place: Int32 = 0
    for atom in 0..<atoms {
      offsets[atom] = Int(place)
      for number in stride(from: atom, to: scratch.places.count, by: atoms) {
        let count = scratch.places[number]
        scratch.places[number] = place
        place += count
      }
    }
    offsets[atoms] = Int(place)
  }

  /// Brings the pairs that were found to their places.
  private mutating func sort(atoms: Int, _ workers: Workers) {
    let searches = scratch.searches
    let count = offsets[atoms]
    first.resize(to: count, filling: 0)
    second.resize(to: count, filling: 0)
    shift.resize(to: count, filling: .zero)
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        shift.withUnsafeMutableBufferPointer { shift in
          scratch.places.withUnsafeMutableBufferPointer { places in
            // The places that were counted for a chunk are its own.
            nonisolated(unsafe) let (first, second) = (first, second)
            nonisolated(unsafe) let (shift, places) = (shift, places)
            workers.forEach(searches.count) { chunk in
              searches[chunk].forEachPair { pair, atom in
                let number = chunk * atoms + Int(pair.x)
                let place = Int(places[number])
                places[number] &+= 1
                first[place] = pair.x
                second[place] = Int32(truncatingIfNeeded: atom)
                shift[place] = SIMD3(pair.y, pair.z, pair.w)
              }
            }
          }
        }
      }
    }
  }
}

extension Array {
  /// Drops elements, or appends some, in the same memory where there is enough.
  mutating func resize(to count: Int, filling element: Element) {
    if count < self.count {
      removeLast(self.count - count)
    } else {
      append(contentsOf: repeatElement(element, count: count - self.count))
    }
  }

  /// Takes over elements without sharing their memory: a caller that changes them afterwards then does not
  /// copy them first.
  mutating func copy(_ other: [Element]) {
    removeLast(count)
    append(contentsOf: other)
  }
}
