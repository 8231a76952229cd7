import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("The cache of features")
struct FeatureCacheTests {
  static let structures = [ModelFixtures.waterBox, ModelFixtures.waterMolecule]

  static func cache(
    _ structures: [Structure] = structures, budget: FeatureBudget = FeatureBudget()
  ) throws -> FeatureCache<Double> {
    try FeatureCache(
      structures, members: Array(structures.indices), ModelFixtures.network,
      RowPlan(ModelFixtures.network), keepsStrains: true, budget: budget,
      workers: Workers(count: 2), progress: { _ in })
  }

  static func labels(
    _ structures: [Structure], _ potential: any Potential, budget: FeatureBudget = FeatureBudget()
  ) throws -> StructureLabels<Double> {
    let labelled = structures.map { structure in
      var structure = structure
      structure.labels.energy = 1
      return structure
    }
    let data = try TrainingData(training: labelled, reference: ReferenceEnergies([:]))
    return try StructureLabels(data, potential, terms: [LossTerm(.energy)], budget: budget)
  }

  /// The sentence that structures are refused with.
  static func refusal(
    of structures: [Structure], _ potential: any Potential = ModelFixtures.water.potential,
    budget: FeatureBudget = FeatureBudget()
  ) throws -> String {
    let error = #expect(throws: LabelError.self) {
      try labels(structures, potential, budget: budget)
    }
    return try #require(error).description
  }

  @Test("an element that the potential does not know is named with its structure")
  func unknownElement() throws {
    let structures = [ModelFixtures.waterBox, ModelFixtures.crystal]
    var settings = MessagePassing(offsets: [.hydrogen: 0, .oxygen: 0])
    settings.settings.blocks = 1
    for potential in [ModelFixtures.water.potential, settings] as [any Potential] {
      let sentence = try Self.refusal(of: structures, potential)
      #expect(
        sentence
          == "structure 1 (counted from 0): expected atoms of H, O, found C: the model was not made "
          + "for it")
    }
  }

  @Test("atoms on top of each other are named")
  func overlap() throws {
    var structure = ModelFixtures.waterMolecule
    structure.positions[2] = structure.positions[1]
    for potential in [ModelFixtures.network, MessagePassing.threeElements] as [any Potential] {
      let sentence = try Self.refusal(of: [ModelFixtures.waterBox, structure], potential)
      #expect(
        sentence.hasPrefix("structure 1 (counted from 0): atoms 1 and 2 (counted from 0) lie"),
        "\(sentence)")
    }
  }

  @Test("a folder that cannot be made is named with the key")
  func folder() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("file")
      try Data([1]).write(to: file)
      let sentence = try Self.refusal(
        of: [ModelFixtures.waterBox],
        budget: FeatureBudget(memory: 4000, folder: file.appendingPathComponent("below")))
      #expect(sentence.contains("\(file.path)/below: "))
      #expect(sentence.contains("name another folder as cache.directory"))
    }
  }

  @Test("energy beyond the cutoff is refused with the structure")
  func beyondCutoff() throws {
    var potential = MessagePassing.threeElements
    potential.settings.cutoff = 3
    let sentence = try Self.refusal(of: [ModelFixtures.crystal], Stretched(model: potential))
    #expect(
      sentence.hasPrefix(
        "structure 0 (counted from 0): expected no energy of pairs beyond the potential's cutoff of "
          + "2.5 angstrom"))
  }

  /// A potential that claims a shorter cutoff than it has.
  struct Stretched: Potential {
    let model: MessagePassing
    var elements: [Element] { model.elements }
    var cutoff: Double { model.cutoff - 0.5 }

    func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol { model.atomicEnergies(inputs) }
  }

  @Test("what does not fit into memory lies on disk, and leaves nothing behind")
  func disk() throws {
    try withTemporaryDirectory { folder in
      let place = folder.appendingPathComponent("new")
      let memory = try Self.cache()
      let disk = try Self.cache(budget: FeatureBudget(memory: 4000, folder: place))
      #expect(memory.byteCounts.disk == 0 && disk.byteCounts.disk > 0)
      #expect(
        memory.byteCounts.memory == disk.byteCounts.memory + disk.byteCounts.disk)
      #expect(memory.recomputed == 0 && disk.recomputed == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).isEmpty)
      let none = try Self.cache(budget: FeatureBudget(memory: 4000, disk: 0, folder: place))
      #expect(none.recomputed == 2 && none.byteCounts.disk == 0)
      let readers = [memory, disk, none].map { $0.reader() }
      for number in Self.structures.indices {
        let contents = readers.map { reader in
          let block = reader.block(of: number)
          return Array(UnsafeBufferPointer(start: block.base, count: block.layout.count))
        }
        #expect(contents[0] == contents[1] && contents[0] == contents[2])
        #expect(contents[0].contains { $0 != 0 })
      }
    }
  }

  @Test("labels say how they are laid out and what that takes")
  func plan() throws {
    let kept = try Self.labels(Self.structures, ModelFixtures.network)
    #expect(kept.plan == "labels take rows of features that no weight reaches")
    #expect(kept.byteCounts.memory > 8192 && kept.byteCounts.disk == 0)
    let again = try Self.labels(
      Self.structures, ModelFixtures.network, budget: FeatureBudget(memory: 0, disk: 0))
    #expect(again.plan.contains("those of 2 structures fit neither memory nor disk"))
    #expect(again.byteCounts.memory == 0)
    let messages = try Self.labels(Self.structures, MessagePassing.threeElements)
    #expect(messages.plan.hasPrefix("labels take whole structures, since the energy joins"))
    #expect(messages.byteCounts.memory > 0)
  }
}
