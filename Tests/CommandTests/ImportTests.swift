import Atomistic
import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite(
  "A potential of n2p2 becomes a model directory",
  .enabled(if: SharedData.has("data/revpbe0-nnp/n2p2_reference.json"), "\(SharedData.absence)"))
struct ImportTests {
  private static func path(_ name: String) -> String {
    SharedData.path("data/revpbe0-nnp/" + name)!
  }

  @Test("its energies and forces are n2p2's, whatever the format of the structures")
  func prediction() throws {
    let url = URL(fileURLWithPath: Self.path("n2p2_reference.json"))
    let tree = JSONTree(try JSONSerialization.jsonObject(with: Data(contentsOf: url)))
    let expected = tree["structures"].elements
    try withTemporaryDirectory { folder in
      let run = try BuiltTool("import", "n2p2", Self.path(""), "-o", "nnp", in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      #expect(run.output.contains("H: 27 symmetry functions, hidden layers 20 tanh, 20 tanh, 1001"))
      #expect(run.output.contains("units of the files: bohr and hartree"), "\(run.output)")
      for name in ["input.data", "structures.extxyz"] {
        let run = try BuiltTool("predict", "nnp", Self.path(name), "-o", "out.extxyz", in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let file = folder.appendingPathComponent("out.extxyz").path
        let found = try StructureFile.read(file).structures
        #expect(found.count == expected.count)
        var worst = (energy: 0.0, force: 0.0)
        for (structure, entry) in zip(found, expected) {
          let energy = try #require(structure.labels.energy)
          worst.energy = max(worst.energy, abs(energy - entry["energy"].real * Units.hartree))
          let forces = entry["forces"].elements.flatMap { $0.elements.map(\.real) }
          let largest = forces.map(abs).max()!
          let own = structure.labels.forces!.flatMap { [$0.x, $0.y, $0.z] }
          for (mine, theirs) in zip(own, forces) {
            let error = abs(mine - theirs * Units.hartree / Units.bohr)
            worst.force = max(worst.force, error / max(1, largest))
          }
        }
        #expect(worst.energy < 1e-6 && worst.force < 1e-6, "\(name): \(worst)")
      }
      let tested = try BuiltTool(
        "evaluate", "nnp", Self.path("structures.extxyz"), "--json", in: folder)
      #expect(tested.status == 0, "\(tested.errors)")
      // The labels of this file are n2p2's.
      let report = JSONTree(try JSONSerialization.jsonObject(with: Data(tested.output.utf8)))
      #expect(report["energy"]["max"].real < 1e-8, "\(tested.output)")
      #expect(report["force"]["rmse"].real < 1e-6, "\(tested.output)")
    }
  }

  @Test("units are given together, and a model is not replaced unasked")
  func options() throws {
    try withTemporaryDirectory { folder in
      let half = try BuiltTool(
        "import", "n2p2", Self.path(""), "-o", "nnp", "--length-unit", "bohr", in: folder)
      #expect(half.status == 2 && half.errors.contains("must be given together"))
      let first = try BuiltTool(
        "import", "n2p2", Self.path(""), "-o", "nnp", "--length-unit", "angstrom",
        "--energy-unit", "eV", in: folder)
      #expect(first.output.contains("units of the files: angstrom and eV"))
      let again = try BuiltTool("import", "n2p2", Self.path(""), "-o", "nnp", in: folder)
      #expect(again.status == 1 && again.errors.contains("replace it by --force"))
      let forced = try BuiltTool(
        "import", "n2p2", Self.path(""), "-o", "nnp", "--force", in: folder)
      #expect(forced.status == 0)
      let model = try TrainedModel.load(
        folder.appendingPathComponent("nnp"), kinds: Catalog.standard.models)
      #expect(model.potential.fileUnits == .atomic && model.potential.elements.count == 2)
      let none = try BuiltTool("import", "n2p2", ".", "-o", "other", in: folder)
      #expect(none.status == 1 && none.errors.contains("input.nn"))
      let lost = try BuiltTool(
        "predict", "nnp", Self.path("input.data"), "-o", "none/out.extxyz", in: folder)
      #expect(lost.status == 1 && lost.errors.contains("make it first"))
    }
  }

  @Test("what was imported is exported and imported again, number for number")
  func export() throws {
    try withTemporaryDirectory { folder in
      let first = try BuiltTool("import", "n2p2", Self.path(""), "-o", "nnp", in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let run = try BuiltTool("export", "nnp", "--format", "n2p2", "-o", "files", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output.contains("atomflow import n2p2"), "\(run.output)")
      let again = try BuiltTool("import", "n2p2", "files", "-o", "again", in: folder)
      #expect(again.status == 0, "\(again.errors)")
      let models = try ["nnp", "again"].map {
        try TrainedModel.load(folder.appendingPathComponent($0), kinds: Catalog.standard.models)
      }
      #expect(models[0].parameters == models[1].parameters)
      let networks = try models.map { try #require($0.potential as? BehlerParrinello) }
      #expect(networks[0] == networks[1])
      let refused = try BuiltTool("export", "nnp", "-o", "files", in: folder)
      #expect(refused.status == 1 && refused.errors.contains("replace it by --force"))
      let forced = try BuiltTool("export", "nnp", "-o", "files", "--force", in: folder)
      #expect(forced.status == 0, "\(forced.errors)")
    }
  }
}
