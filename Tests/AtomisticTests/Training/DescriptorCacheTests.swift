import Atomistic
import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("The cache of descriptors")
struct DescriptorCacheTests {
  static func cache(_ structures: [Structure], _ model: PotentialModel) throws
    -> DescriptorCache<Double>
  {
    try DescriptorCache(
      structures, CachedModel.choice(model.network), workers: Workers(count: 2))
  }

  /// The sentence that structures are refused with.
  static func refusal(of structures: [Structure]) throws -> String {
    let error = #expect(throws: DescriptorCacheError.self) {
      try cache(structures, CachedModel.water)
    }
    return try #require(error).description
  }

  @Test("an element without functions is named, with those that have some")
  func unknownElement() throws {
    let sentence = try Self.refusal(of: [ModelFixtures.waterBox, ModelFixtures.crystal])
    #expect(
      sentence == "structure 2 holds C, but the descriptors know only H, O; add functions for it "
        + "or take the structure out")
  }

  @Test("an atom without neighbours is named")
  func isolatedAtom() throws {
    var structure = ModelFixtures.waterMolecule
    structure.positions[2].x = 30
    let sentence = try Self.refusal(of: [structure])
    #expect(sentence.hasPrefix("structure 1: atom 3 (H) has no neighbour within 3."))
    #expect(sentence.hasSuffix("check the units of the file or take the structure out"))
  }

  @Test("atoms on top of each other are named")
  func overlap() throws {
    var structure = ModelFixtures.waterMolecule
    structure.positions[2] = structure.positions[1]
    let sentence = try Self.refusal(of: [ModelFixtures.waterBox, structure])
    #expect(sentence.hasPrefix("structure 2: atoms 1 and 2 (counted from 0) lie on top of each"))
  }

  @Test("a folder that is not there is named")
  func missingFolder() throws {
    let folder = URL(fileURLWithPath: "/nowhere/at/all")
    let error = #expect(throws: DescriptorCacheError.self) {
      try CachedModel(
        CachedModel.water, [ModelFixtures.waterBox], budget: CacheBudget(memory: 0, folder: folder))
    }
    let sentence = try #require(error).description
    #expect(sentence.contains("/nowhere/at/all: No such file or directory; name another folder"))
  }

  @Test("a cache on disk holds what one in memory holds and leaves nothing behind")
  func disk() throws {
    try withTemporaryDirectory { folder in
      let structures = [ModelFixtures.waterBox, ModelFixtures.waterMolecule]
      let memory = try CachedModel(CachedModel.water, structures)
      let disk = try CachedModel(
        CachedModel.water, structures, budget: CacheBudget(memory: 0, folder: folder))
      #expect(!memory.cache.isOnDisk && disk.cache.isOnDisk)
      #expect(memory.cache.byteCount == disk.cache.byteCount)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
      let predictions = (memory.predictions, disk.predictions)
      for number in structures.indices {
        for element in memory.cache.elements.indices {
          #expect(
            Array(memory.cache.descriptors(of: number, element: element))
              == Array(disk.cache.descriptors(of: number, element: element)))
        }
        let (first, second) = (predictions.0(number), predictions.1(number))
        #expect(first.energy == second.energy && first.forces == second.forces)
      }
    }
  }

  @Test("ranges are those of the model's descriptors, and scaling brings them to -1 and 1")
  func ranges() throws {
    let network = CachedModel.threeElements.network
    let structures = [ModelFixtures.waterMolecule, ModelFixtures.crystal, ModelFixtures.waterBox]
    let cache = try Self.cache(structures, CachedModel.threeElements)
    #expect(cache.elements == [.hydrogen, .carbon, .oxygen] && cache.widths == [9, 9, 9])
    let monitor = DescriptorMonitor<Double>(network)
    var rows: [[[Double]]] = [[], [], []]
    for number in [0, 2] {
      try monitor.evaluate(structures[number])
      for element in 0..<3 { rows[element] += monitor.descriptors[element] }
    }
    let ranges = cache.ranges(over: [0, 2])
    #expect(ranges[1] == nil)
    for element in [0, 2] {
      let own = try #require(ranges[element])
      for (column, range) in own.enumerated() {
        let values = rows[element].map { $0[column] }
        #expect(abs(range.minimum - values.min()!) < 1e-12)
        #expect(abs(range.maximum - values.max()!) < 1e-12)
        #expect(abs(range.mean - values.reduce(0, +) / Double(values.count)) < 1e-12)
      }
    }
    let all = cache.ranges(over: 0..<3).map { $0! }
    cache.scale(
      by: all.map { $0.map(DescriptorScaling.standard.map(for:)) }, workers: Workers(count: 2))
    for (scaled, unscaled) in zip(cache.ranges(over: 0..<3), all) {
      for (range, old) in zip(scaled!, unscaled) where !old.isConstant {
        #expect(abs(range.minimum + 1) < 1e-9 && abs(range.maximum - 1) < 1e-9)
      }
    }
  }
}
