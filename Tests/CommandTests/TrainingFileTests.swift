import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Files that a training needs beside its data")
struct TrainingFileTests {
  /// Runs `atomflow train` and expects it to end well.
  @discardableResult
  private func train(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    try train(arguments, in: folder)
  }

  @discardableResult
  private func train(_ arguments: [String], in folder: URL) throws -> BuiltTool {
    let run = try BuiltTool(["train"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return run
  }

  @Test("the folder for features is made, and where they are kept changes no bit")
  func cache() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try train("train.json", "-d", "memory", in: folder)
      let disk = try train(
        "train.json", "-d", "disk", "--set", "cache={memory: '40 kB', directory: 'deep/cache'}",
        in: folder)
      #expect(disk.errors.contains(" MB on disk, "), "\(disk.errors)")
      #expect(!disk.errors.contains("fit neither"))
      // The file has no name and is gone with the process; the folder stays.
      let cache = folder.appendingPathComponent("deep/cache").path
      #expect(try FileManager.default.contentsOfDirectory(atPath: cache).isEmpty)
      let anew = try train(
        "train.json", "-d", "anew", "--set", "cache={memory: '0 B', disk: '0 B'}", in: folder)
      #expect(anew.errors.contains("those of 6 structures fit neither memory nor disk"))
      let files = try ["memory", "disk", "anew"].map { name in
        try TrainingProblem.files(folder.appendingPathComponent(name))
          .filter { $0.key != "config.json" }
      }
      #expect(files[0] == files[1] && files[0] == files[2])
    }
  }

  @Test("a folder for features that cannot be made is named with its key")
  func unwritable() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let run = try BuiltTool(
        "train", "train.json", "--set", "cache={memory: '40 kB', directory: '/dev/null/cache'}",
        in: folder)
      #expect(run.status == 1 && run.errors.contains("features in /dev/null/cache: "))
      #expect(run.errors.contains("name another folder as cache.directory"), "\(run.errors)")
    }
  }

  @Test("models along a run are analysed with its loss, and go with it")
  func keptModels() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let words = [
        "train.json", "-d", "run", "--set", "run.keepEvery=10", "--set", "loss.force=0.25",
      ]
      try train(words, in: folder)
      let names = ["run/steps/0", "run/steps/10", "run/steps/20"]
      func spectra(_ models: [String]) throws -> String {
        let fisher = try BuiltTool(
          ["analyse", "fisher", "water.extxyz", "--labels", "30"] + models, in: folder)
        #expect(fisher.status == 0, "\(fisher.errors)")
        return fisher.output
      }
      let lines = try spectra(names).split(separator: "\n").map {
        $0.drop { $0 != ":" }
      }
      #expect(lines.count == 3 && Set(lines).count == 3)
      // The last step's model is that of the checkpoint, and the loss that of config.json for both.
      let last = try spectra(["run", "--last"]).split(separator: "\n")[0].drop { $0 != ":" }
      #expect(lines[2] == last)
      try BuiltTool.refused("evaluate", "run/steps/30", "water.extxyz", in: folder)
      #expect(try BuiltTool("evaluate", "run/steps/10", "water.extxyz", in: folder).status == 0)
      let stranger = folder.appendingPathComponent("run/steps/notes")
      try Data("mine".utf8).write(to: stranger)
      try BuiltTool.refused(
        "train", "train.json", "-d", "run", "--force", in: folder,
        words: "run holds 'steps', a folder with 'notes', which a run would replace")
      try FileManager.default.removeItem(at: stranger)
      try train("train.json", "-d", "run", "--force", in: folder)
      #expect(!FileManager.default.fileExists(atPath: stranger.deletingLastPathComponent().path))
    }
  }

  /// Symmetry functions as n2p2 has them, lengths in bohr.
  private static func inputNN(eta: Double) -> String {
    """
    number_of_elements 2
    elements H O
    cutoff_type 2
    global_hidden_layers_short 1
    global_nodes_short 4
    global_activation_short t l
    scale_symmetry_functions
    scale_min_short -1.0
    scale_max_short 1.0
    symfunction_short H 2 H \(eta) 0.0 6.0
    symfunction_short H 2 O \(eta) 1.0 6.0
    symfunction_short O 2 H \(eta) 1.0 6.0
    symfunction_short O 2 O \(eta) 0.0 6.0

    """
  }

  @Test("a resumed run has the checkpoint's model, whatever has become of its file of descriptors")
  func descriptors() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let file = folder.appendingPathComponent("input.nn")
      func write(_ eta: Double) throws { try Data(Self.inputNN(eta: eta).utf8).write(to: file) }
      let source = "network={behlerParrinello: {hidden: [4], descriptors: {inputNN: 'input.nn'}}}"
      try write(0.3)
      try train("train.json", "--set", source, "-d", "whole", in: folder)
      for name in ["changed", "gone"] {
        try train("train.json", "--set", source, "-d", name, "--steps", "10", in: folder)
      }
      try write(0.01)
      try train("train.json", "--set", source, "-d", "other", in: folder)
      try train("--resume", "-d", "changed", "--steps", "20", in: folder)
      try FileManager.default.removeItem(at: file)
      try train("--resume", "-d", "gone", "--steps", "20", in: folder)
      let files = try ["whole", "changed", "gone", "other"].map {
        try TrainingProblem.files(folder.appendingPathComponent($0))
      }
      #expect(files[0] == files[1] && files[0] == files[2])
      #expect(files[0]["model.safetensors"] != files[3]["model.safetensors"])
    }
  }
}
