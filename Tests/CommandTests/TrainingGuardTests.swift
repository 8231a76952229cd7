import Atomistic
import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Wild labels are named before training, and do not spoil it")
struct TrainingGuardTests {
  /// Twenty frames of eight water molecules.
  private static let frames: [Structure] = {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (200, 40)
    do {
      return try WaterDataset.generate(
        frames: 20, molecules: 8, densities: [1], temperatures: [300, 400], seed: 8,
        sampling: sampling)
    } catch {
      preconditionFailure("TrainingGuardTests: \(error)")
    }
  }()

  /// Writes frames, one of them changed, and a configuration into a folder.
  private func write(to folder: URL, _ change: (inout Labels) -> Void = { _ in }) throws {
    var frames = Self.frames
    change(&frames[11].labels)
    try TrainingProblem.write(to: folder)
    try StructureFile.write(frames, to: folder.appendingPathComponent("water.extxyz").path)
  }

  private func train(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    try BuiltTool(["train", "train.json", "--force"] + arguments, in: folder)
  }

  private static func scaleForces(_ labels: inout Labels, _ factor: Double) {
    labels.forces = labels.forces?.map { $0 * factor }
  }

  static let damages: [@Sendable (inout Labels) -> Void] = [
    { $0.energy? *= 1000 }, { $0.energy? *= 10 }, { scaleForces(&$0, 100) },
    {
      $0.energy? -= 300
      scaleForces(&$0, 1 / UnitSystem.atomic.forceFactor)
    },
  ]

  @Test("training refuses outliers with their number, or leaves them out", arguments: 0..<4)
  func outliers(damage: Int) throws {
    try withTemporaryDirectory { folder in
      try write(to: folder, Self.damages[damage])
      let refused = try train(in: folder)
      #expect(refused.status == 1 && refused.errors.contains("structure 11 ("), "\(refused.errors)")
      #expect(refused.errors.contains("set data.outliers to \"leaveOut\" to train without"))
      let model = folder.appendingPathComponent("model").path
      #expect(!FileManager.default.fileExists(atPath: model))

      let left = try train("--set", "data.outliers='leaveOut'", in: folder)
      #expect(left.status == 0, "\(left.errors)")
      #expect(
        left.errors.contains(
          "1 structure left out for labels far from those of the others: 11 (counted from 0)"))
      #expect(!left.errors.contains("warning: "), "\(left.errors)")
      let kept = try train("--set", "data.outliers='keep'", in: folder)
      #expect(kept.errors.contains("warning: "), "\(kept.errors)")
      let wrong = try train("--set", "data.outliers='drop'", in: folder)
      #expect(wrong.status == 1 && wrong.errors.contains("'data.outliers'"), "\(wrong.errors)")
    }
  }

  @Test("a strict command ends with the first warning, others print it")
  func strict() throws {
    try withTemporaryDirectory { folder in
      var frames = Self.frames
      frames.append(frames[2])
      try TrainingProblem.write(to: folder)
      try StructureFile.write(frames, to: folder.appendingPathComponent("water.extxyz").path)
      let words = "warning: 1 of 21 structures are copies of others, such as structures 2, 20"
      let strict = try train("--strict", in: folder)
      #expect(strict.status == 1 && strict.errors.contains(words), "\(strict.errors)")
      #expect(strict.errors.contains("--strict allows none"))
      let lenient = try train(in: folder)
      #expect(lenient.status == 0 && lenient.errors.contains(words), "\(lenient.errors)")
      let info = try BuiltTool("data", "info", "water.extxyz", in: folder)
      #expect(info.status == 0 && info.output.contains("  " + words), "\(info.output)")
      let strictInfo = try BuiltTool("data", "info", "--strict", "water.extxyz", in: folder)
      #expect(strictInfo.status == 1 && strictInfo.output.contains("  " + words))
      let json = try BuiltTool("data", "info", "--json", "water.extxyz", in: folder)
      #expect(json.output.contains("\"duplicates\"") && !json.output.contains("warning:"))

      try write(to: folder)
      let clean = try train("--strict", in: folder)
      #expect(clean.status == 0, "\(clean.errors)")
      let cleanInfo = try BuiltTool("data", "info", "--strict", "water.extxyz", in: folder)
      #expect(cleanInfo.status == 0, "\(cleanInfo.output)")
    }
  }

  @Test("lone atoms are trained on, and their energies fix the reference energies")
  func loneAtoms() throws {
    try withTemporaryDirectory { folder in
      try write(to: folder)
      let references: [Element: Double] = [.hydrogen: -12.5, .oxygen: -431.75]
      var structures = Self.frames
      for number in structures.indices {
        structures[number].labels.energy! += 8 * (2 * -12.5 - 431.75)
      }
      for (element, energy) in references.sorted(by: { $0.key < $1.key }) {
        structures.append(
          Structure(elements: [element], positions: [.zero], labels: Labels(energy: energy)))
      }
      try StructureFile.write(structures, to: folder.appendingPathComponent("water.extxyz").path)
      let run = try train("--strict", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      for (element, energy) in references {
        let line = try #require(
          run.errors.firstMatch(of: try Regex("reference energy of \(element): (-[0-9.]+) eV")))
        let value = Double(line.output[1].substring ?? "") ?? 0
        #expect(abs(value - energy) < 0.3, "\(run.errors)")
      }
      for command in ["evaluate", "predict"] {
        let output = command == "predict" ? ["-o", "out.extxyz"] : []
        let other = try BuiltTool([command, "model", "water.extxyz"] + output, in: folder)
        #expect(other.status == 0, "\(other.errors)")
      }
    }
  }
}
