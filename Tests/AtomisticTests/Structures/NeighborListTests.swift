import Atomistic
import Tensors
import Testing

@Suite("Neighbour list")
struct NeighborListTests {
  /// All pairs by looking at every pair of atoms in every image, in the order of the list.
  static func reference(
    _ positions: [SIMD3<Double>], _ cell: Cell?, _ cutoff: Double
  ) -> [(Int, Int, SIMD3<Int32>, SIMD3<Double>)] {
    var pairs: [(Int, Int, SIMD3<Int32>, SIMD3<Double>)] = []
    var images = cell?.imageCounts(within: cutoff) ?? .zero
    if let cell {
      for axis in 0..<3 where cell.periodicity[axis] {
        let fractions = positions.map { cell.fractional($0)[axis] }
        images[axis] += Int(((fractions.max() ?? 0) - (fractions.min() ?? 0)).rounded(.up))
      }
    }
    for i in positions.indices {
      for j in positions.indices {
        for x in -images.x...images.x {
          for y in -images.y...images.y {
            for z in -images.z...images.z where i != j || x != 0 || y != 0 || z != 0 {
              let shift = SIMD3<Double>(Double(x), Double(y), Double(z))
              let vector = (positions[j] + shift * (cell?.vectors ?? .zero)) - positions[i]
              guard vector.length < cutoff else { continue }
              pairs.append((i, j, SIMD3<Int32>(Int32(x), Int32(y), Int32(z)), vector))
            }
          }
        }
      }
    }
    return pairs
  }

  static func randomCell(_ generator: inout StructureFixtures.Generator, seed: Int) -> Cell? {
    if seed % 9 == 0 { return nil }
    let size = [2.0, 4.0, 7.0, 13.0][seed % 4]
    let periodicity = Periodicity(rawValue: UInt8(seed % 8))
    while true {
      let vectors = Matrix3(
        SIMD3(size, 0, 0) + generator.vector(-0.5...0.5) * size,
        SIMD3(0, size, 0) + generator.vector(-0.5...0.5) * size,
        SIMD3(0, 0, size * (seed % 5 == 0 ? -1 : 1)) + generator.vector(-0.5...0.5) * size)
      let isRoomy = abs(vectors.determinant) > 0.3 * size * size * size
      if isRoomy { return Cell(vectors, periodicity: periodicity) }
    }
  }

  @Test("equals the search over all pairs and images, in order and bit by bit", arguments: 0..<48)
  func equalsReference(seed: Int) throws {
    var generator = StructureFixtures.Generator(seed: seed)
    let cell = Self.randomCell(&generator, seed: seed)
    let count = [1, 2, 5, 9, 14][seed % 5]
    let spread = seed % 3 == 0 ? 20.0 : 5.0
    let positions = (0..<count).map { _ in generator.vector(-spread...spread) }
    let cutoff = [2.5, 4.0, 5.5][(seed / 3) % 3]
    let list = try NeighborList(positions: positions, cell: cell, cutoff: cutoff)
    let reference = Self.reference(positions, cell, cutoff)
    #expect(list.first == reference.map { Int32($0.0) })
    #expect(list.second == reference.map { Int32($0.1) })
    #expect(list.shift == reference.map(\.2))
    #expect(list.displacement == reference.map(\.3))
    #expect(list.distance == reference.map(\.3.length))
    #expect(list.atomCount == count)
    for atom in 0..<count {
      #expect(list.pairs(of: atom).count == reference.count { $0.0 == atom })
    }
  }

  @Test("counts the neighbours of a face-centred cubic crystal in its primitive cell")
  func crystal() throws {
    let cell = Cell(Matrix3([0, 2, 2], [2, 0, 2], [2, 2, 0]))
    let list = try NeighborList(positions: [[0.1, 0, 0]], cell: cell, cutoff: 4.95)
    #expect(list.count == 12 + 6 + 24)
    #expect(list.offsets == [0, 42])
  }

  @Test("has no pairs for no atoms, one atom and distant atoms")
  func empty() throws {
    #expect(try NeighborList(positions: [], cell: nil, cutoff: 5).offsets == [0])
    #expect(try NeighborList(positions: [.zero], cell: nil, cutoff: 5).offsets == [0, 0])
    let distant = try NeighborList(positions: [.zero, [1e6, -1e6, 3]], cell: nil, cutoff: 5)
    #expect(distant.offsets == [0, 0, 0])
  }

  @Test("lists each pair in both directions in a large periodic box")
  func symmetry() throws {
    let water = StructureFixtures.water(molecules: 8, seed: 3)
    let list = try NeighborList(water, cutoff: 4)
    #expect(list.atomCount == 1536)
    var directions: [String: Int] = [:]
    for pair in 0..<list.count {
      let (i, j) = (list.first[pair], list.second[pair])
      let shift = i < j ? list.shift[pair] : SIMD3<Int32>.zero &- list.shift[pair]
      directions["\(min(i, j)) \(max(i, j)) \(shift)", default: 0] += 1
    }
    #expect(directions.values.allSatisfy { $0 == 2 })
  }

  @Test("is the same for any number of threads, and in the memory of another list")
  func threads() throws {
    let water = StructureFixtures.water(molecules: 4, seed: 7)
    let list = try NeighborList(water, cutoff: 6.35)
    for count in [2, 3] {
      let workers = Workers(count: count)
      #expect(try NeighborList(water, cutoff: 6.35, workers: workers) == list)
      for molecules in [2, 5] {
        let other = StructureFixtures.water(molecules: molecules, seed: 1)
        var remade = try NeighborList(other, cutoff: 6.35, workers: workers)
        try remade.remake(for: water, workers: workers)
        #expect(remade == list)
      }
    }
    #expect(
      try NeighborList(positions: [], cell: nil, cutoff: 5, workers: Workers(count: 2)).count == 0)
  }

  @Test("fails in the same way for any number of threads", arguments: [1, 2])
  func failures(threads: Int) throws {
    let workers = Workers(count: threads)
    var water = StructureFixtures.water(molecules: 4, seed: 7)
    let list = try NeighborList(water, cutoff: 6.35)
    for most in [list.count - 1, 15_000, 5000] {
      var found = 0
      for atom in 0..<192 where found <= most { found += list.second.count { $0 == atom } }
      #expect(throws: NeighborListError.tooManyPairs(estimate: Double(found))) {
        try NeighborList(
          positions: water.positions, cell: water.cell, cutoff: 6.35, mostPairs: most,
          workers: workers)
      }
    }
    water.positions[150] = water.positions[20]
    water.positions[190] = water.positions[180] + [0.5e-6, 0, 0]
    #expect(throws: NeighborListError.overlap(first: 20, second: 150, distance: 0)) {
      try NeighborList(water, cutoff: 6.35, workers: workers)
    }
  }

  @Test("decides on the exact distance at the cutoff")
  func atTheCutoff() throws {
    let cell = Cell(cubic: 9)
    for step in [-1e-7, -1e-13, 0, 1e-13, 1e-7] {
      let positions: [SIMD3<Double>] = [[8.5, 1, 1], [12.5 + step, 1, 1], [3, 1, 10]]
      let list = try NeighborList(positions: positions, cell: cell, cutoff: 4)
      let reference = Self.reference(positions, cell, 4)
      #expect(list.first == reference.map { Int32($0.0) })
      #expect(list.distance == reference.map(\.3.length))
      #expect(
        list.pairs(of: 1).contains {
          list.first[$0] == 1 && list.second[$0] == 0 && list.distance[$0] < 4
        } == (step < 0))
    }
  }

  @Test("names atoms that lie on top of each other, through the boundary too")
  func overlap() {
    #expect(throws: NeighborListError.overlap(first: 0, second: 2, distance: 0)) {
      try NeighborList(
        positions: [.zero, [1, 0, 0], [-8, 4, 0]], cell: Cell(cubic: 4), cutoff: 2)
    }
  }

  @Test("refuses lost atoms and hopeless cells")
  func lost() {
    for value in [Double.nan, .infinity, 1e300, -1e15] {
      #expect(throws: NeighborListError.lostAtom(1)) {
        try NeighborList(positions: [.zero, [value, 0, 0]], cell: Cell(cubic: 4), cutoff: 2)
      }
    }
    #expect(throws: NeighborListError.self) {
      try NeighborList(positions: [.zero], cell: Cell(cubic: 0.01), cutoff: 20)
    }
  }

  @Test("follows moved atoms and a changed cell for as long as its skin says")
  func skin() throws {
    var water = StructureFixtures.water(molecules: 4, seed: 5)
    var list = try NeighborList(water, cutoff: 4, skin: 0.5)
    var generator = StructureFixtures.Generator(seed: 6)
    for atom in 0..<water.count { water.positions[atom] += generator.vector(-0.05...0.05) }
    let old = try #require(water.cell)
    let cell = old.deformed(by: Matrix3([1.01, 0.002, 0], [0, 0.99, 0], [0, 0, 1.005]))
    water.positions = water.positions.map { cell.cartesian(old.fractional($0)) }
    #expect(list.isValid(for: water.positions, cell: cell))
    list.update(positions: water.positions, cell: cell)
    let fresh = try NeighborList(positions: water.positions, cell: cell, cutoff: 4)
    let kept = (0..<list.count).filter { list.distance[$0] < 4 }
    #expect(kept.map { list.first[$0] } == fresh.first)
    #expect(kept.map { list.second[$0] } == fresh.second)
    #expect(kept.map { list.displacement[$0] } == fresh.displacement)
    water.positions[7] += [0.3, 0, 0]
    #expect(!list.isValid(for: water.positions, cell: cell))
    water.positions[7] = [.nan, 0, 0]
    #expect(!list.isValid(for: water.positions, cell: cell))
    #expect(!list.isValid(for: water.positions, cell: nil))
  }
}
