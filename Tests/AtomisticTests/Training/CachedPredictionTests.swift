import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Predictions from cached descriptors")
struct CachedPredictionTests {
  /// In the crystal atoms lie within the cutoff of their own images.
  @Test(
    "energies and forces are the calculator's",
    arguments: [ModelFixtures.molecule, ModelFixtures.waterBox, ModelFixtures.crystal])
  func small(structure: Structure) throws {
    try compare(CachedModel.threeElements, [ModelFixtures.crystal, structure])
  }

  @Test("functions in bohr give energies and forces in electronvolt and angstrom")
  func inBohr() throws {
    try compare(CachedModel.water, [ModelFixtures.waterBox, ModelFixtures.waterMolecule])
  }

  @Test(
    "energies and forces of liquid water are the calculator's",
    .enabled(
      if: SharedData.has("data/revpbe0-nnp/input.nn", "data/water-pbe0ts/water.extxyz"),
      SharedData.note))
  func water() throws {
    let folder = URL(fileURLWithPath: SharedData.path("data/revpbe0-nnp")!)
    let model = PotentialModel(try N2P2Potential(directory: folder))
    let frames = try ExtendedXYZ.read(SharedData.path("data/water-pbe0ts/water.extxyz")!)
    try compare(model, Array(frames.structures.prefix(2)))
  }

  private func compare(_ model: PotentialModel, _ structures: [Structure]) throws {
    let predictions = try CachedModel(model, structures).predictions
    let calculator: Calculator<Double> = model.calculator(skin: 0)
    for (number, structure) in structures.enumerated() {
      let (energy, forces) = predictions(number)
      let expected = try calculator(structure)
      let offset = model.network.energyOffset(of: structure)
      #expect(largestDifference([energy + offset], [expected.energy!]) < 1e-9)
      let largest = expected.forces!.map(\.length).max()!
      #expect(largest > 1e-3)
      #expect(forces.count == structure.count)
      for (found, force) in zip(forces, expected.forces!) {
        #expect((found - force).length < 1e-9 * max(1, largest))
      }
    }
  }
}
