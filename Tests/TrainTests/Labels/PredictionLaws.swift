import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Predictions of labelled structures")
struct PredictionLaws {
  /// In crystal and box, atoms lie within the cutoff of their own images; the loner has no neighbour.
  static let structures = [
    ModelFixtures.crystal, ModelFixtures.molecule, ModelFixtures.waterBox,
    ModelFixtures.waterMolecule, LabelCase.withLoner,
  ]

  @Test("the plan follows from the potential's graph")
  func plans() {
    for example in [LabelCase.network, LabelCase.density] {
      let plan = LabelGraphs(example.model.potential, LabelCase.terms).plan
      if case .structures(let reason) = plan { Issue.record("\(reason)") }
    }
    guard
      case .structures(let reason) = LabelGraphs(
        MessagePassing.threeElements, LabelCase.terms
      ).plan
    else {
      Issue.record("messages join the rows of atoms")
      return
    }
    #expect(reason.contains("joins the rows of different atoms"))
  }

  @Test("energies, forces and stresses are the calculator's", arguments: LabelCase.all)
  func values(of example: LabelCase) throws {
    try compare(example, Self.structures)
  }

  @Test("functions in bohr give energies and forces in electronvolt and angstrom")
  func inBohr() throws {
    let example = LabelCase(testDescription: "in bohr", model: ModelFixtures.water)
    try compare(example, [ModelFixtures.waterBox, ModelFixtures.waterMolecule])
  }

  @Test(
    "energies, forces and stresses of liquid water are the calculator's",
    .enabled(
      if: SharedData.has("data/revpbe0-nnp/input.nn", "data/water-pbe0ts/water.extxyz"),
      "\(SharedData.absence)"))
  func water() throws {
    let folder = URL(fileURLWithPath: SharedData.path("data/revpbe0-nnp")!)
    let model = TrainedModel(try N2P2Potential(directory: folder))
    let frames = try ExtendedXYZ.read(SharedData.path("data/water-pbe0ts/water.extxyz")!)
    try compare(
      LabelCase(testDescription: "revPBE0", model: model), Array(frames.structures.prefix(2)))
  }

  private func compare(_ example: LabelCase, _ structures: [Structure]) throws {
    let predictions = try example.predictions(structures, threads: 2)
    for (number, structure) in structures.enumerated() {
      let (found, expected) = (predictions.values(of: number), try example.expected(structure))
      #expect(expected[1].contains { abs($0) > 1e-3 })
      #expect(expected[2].contains { abs($0) > 1e-5 })
      for (values, wanted) in zip(found, expected) {
        let largest = wanted.map(\.magnitude).max() ?? 0
        #expect(values.count == wanted.count)
        #expect(zip(values, wanted).allSatisfy { abs($0 - $1) < 1e-9 * max(1, largest) })
      }
    }
  }

  @Test("memory, disk and computing again give the same bits", arguments: LabelCase.all)
  func budgets(of example: LabelCase) throws {
    try withTemporaryDirectory { folder in
      let place = folder.appendingPathComponent("made/when/missing")
      let budgets = [
        FeatureBudget(memory: 4000, folder: place), FeatureBudget(memory: 0, folder: place),
        FeatureBudget(memory: 4000, disk: 0, folder: place),
      ]
      let inMemory = try example.predictions(Self.structures)
      for budget in budgets {
        let other = try example.predictions(Self.structures, budget: budget, threads: 2)
        // Forth and back, since a reader keeps the last structure that it computed.
        for number in Array(Self.structures.indices) + Self.structures.indices.reversed() {
          #expect(other.values(of: number) == inMemory.values(of: number))
        }
      }
    }
  }
}
