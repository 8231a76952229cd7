import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@Suite(
  "Published potentials",
  .enabled(
    if: SharedData.has("data/revpbe0-nnp/n2p2_reference.json", "data/blyp-nnp/input.nn"),
    SharedData.note))
struct PublishedPotentialTests {
  static let folder = "data/revpbe0-nnp/"

  static func model(_ folder: String) throws -> TrainedModel {
    let url = URL(fileURLWithPath: SharedData.path(folder)!)
    return TrainedModel(try N2P2Potential(directory: url))
  }

  static func reference() throws -> [[String: Any]] {
    let url = URL(fileURLWithPath: SharedData.path(folder + "n2p2_reference.json")!)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as! [String: Any]
    return object["structures"] as! [[String: Any]]
  }

  @Test("all structures have n2p2's energies and forces", arguments: [false, true])
  func energies(inBohr: Bool) throws {
    let model = try Self.model(Self.folder)
    let file = SharedData.path(Self.folder + (inBohr ? "input.data" : "structures.extxyz"))!
    let structures =
      inBohr
      ? try RunnerData.read(file, units: .atomic).structures
      : try ExtendedXYZ.read(file).structures
    let expected = try Self.reference()
    #expect(structures.count == expected.count)
    let calculator: Calculator<Double> = model.calculator(skin: 0)
    let unit = Units.hartree / Units.bohr
    for (structure, entry) in zip(structures, expected) {
      let labels = try calculator(structure)
      let energy = entry["energy"] as! Double
      #expect(abs(labels.energy! / Units.hartree / energy - 1) < 1e-8)
      let forces = (entry["forces"] as! [[Double]]).joined()
      let largest = forces.map(abs).max()!
      for (mine, theirs) in zip(labels.forces!.flatMap(\.components), forces) {
        // The file in angstrom rounds positions; the one structure of huge forces magnifies that.
        #expect(abs(mine / unit - theirs) < (inBohr ? 1e-8 : 3e-8) * max(1, largest))
      }
    }
  }

  @Test("descriptors and extrapolation warnings are n2p2's", arguments: [0, 20])
  func descriptors(number: Int) throws {
    let model = try Self.model(Self.folder).network
    let entry = try Self.reference()[number]
    let file = SharedData.path(Self.folder + "input.data")!
    let structure = try RunnerData.read(file, units: .atomic).structures[number]
    let watched = try WatchedStructure(structure, model, tolerance: 0)
    #expect(watched.found.count == entry["num_extrapolation_warnings"] as! Int)
    let raw = entry["G_raw"] as! [[Double]]
    for (own, rows) in zip(model.networks, watched.descriptors) {
      let atoms = structure.elements.indices.filter { structure.elements[$0] == own.element }
      for (atom, row) in zip(atoms, rows) {
        for (mine, theirs) in zip(row, raw[atom]) {
          #expect(abs(mine - theirs) < 1e-8 * max(1e-3, abs(theirs)))
        }
      }
    }
  }

  @Test("the normalisation of the BLYP potential gives water's energies and small forces")
  func normalization() throws {
    let url = URL(fileURLWithPath: SharedData.path("data/blyp-nnp")!)
    let potential = try N2P2Potential(directory: url)
    let model = TrainedModel(potential)
    let file = SharedData.path("data/water-pbe0ts/water.extxyz")!
    let structure = try ExtendedXYZ.read(file).structures[0]
    let labels = try model.calculator(Double.self)(structure)
    let normalization = potential.normalization!
    // The mean energy of an atom is that of the training set: liquid water lies close to it.
    let perAtom = labels.energy! / Units.hartree / Double(structure.count)
    #expect(abs(perAtom - normalization.meanEnergy) < 3e-3)
    let (mine, other) = (labels.forces!, structure.labels.forces!)
    let difference = zip(mine, other).reduce(0) { $0 + ($1.0 - $1.1).dot($1.0 - $1.1) }
    let size = other.reduce(0) { $0 + $1.dot($1) }
    #expect((difference / size).squareRoot() < 0.5)
  }
}
