import Atomistic
import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Behler-Parrinello networks made for training structures")
struct DescriptorRangeTests {
  static let structures = [ModelFixtures.waterMolecule, ModelFixtures.waterBox]

  static func data(
    _ structures: [Structure] = structures, threads: Int = 1
  ) -> TrainingStructures {
    TrainingStructures(
      structures, reference: ReferenceEnergies([.hydrogen: -13, .oxygen: -2041]),
      workers: Workers(count: threads))
  }

  @Test("have the ranges of the structures' descriptors, whatever the number of threads")
  func ranges() throws {
    let model = try BehlerParrinello(BehlerParrinello.Settings(), Self.data())
    #expect(try BehlerParrinello(BehlerParrinello.Settings(), Self.data(threads: 2)) == model)
    #expect(model.networks.map(\.element) == [.hydrogen, .oxygen])
    #expect(model.networks.map(\.energyOffset) == [-13, -2041])
    var rows: [[[Double]]] = [[], []]
    for structure in Self.structures {
      let watched = try WatchedStructure(structure, model)
      #expect(watched.found.isEmpty)
      for element in 0..<2 { rows[element] += watched.descriptors[element] }
    }
    for (own, rows) in zip(model.networks, rows) {
      for (column, range) in own.ranges.enumerated() {
        let values = rows.map { $0[column] }
        #expect(abs(range.minimum - values.min()!) < 1e-12)
        #expect(abs(range.maximum - values.max()!) < 1e-12)
        #expect(abs(range.mean - values.reduce(0, +) / Double(values.count)) < 1e-12)
        guard range.maximum > range.minimum else { continue }
        let map = DescriptorScaling.standard.map(for: range)
        #expect(abs(map.factor * range.minimum + map.offset + 1) < 1e-9)
        #expect(abs(map.factor * range.maximum + map.offset - 1) < 1e-9)
      }
    }
  }

  @Test("an element that no structure holds is named")
  func missingElement() throws {
    let hydrogen = Structure(elements: [.hydrogen, .hydrogen], positions: [.zero, [0.74, 0, 0]])
    let error = #expect(throws: SettingsError.self) {
      try BehlerParrinello(BehlerParrinello.Settings(), Self.data([hydrogen]))
    }
    #expect(error?.description.hasPrefix("no training structure holds O, so") == true)
  }

  @Test("a structure of another element is named")
  func unknownElement() throws {
    let error = #expect(throws: SettingsError.self) {
      try BehlerParrinello(
        BehlerParrinello.Settings(), Self.data(Self.structures + [ModelFixtures.crystal]))
    }
    #expect(
      error?.description
        == "structure 2 (counted from 0): expected atoms of H, O, found C: the model was not made "
        + "for it")
  }
}
