import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Runs lose nothing that is not theirs to lose")
struct RunFileTests {
  /// Waits until a table has some rows: then the run has begun to listen.
  private func wait(for process: Process, table: URL) {
    for _ in 0..<2000 where process.isRunning {
      let lines = (try? String(contentsOf: table, encoding: .utf8))?.split(separator: "\n")
      if (lines?.count ?? 0) > 3 { return }
      usleep(10_000)
    }
  }

  @Test("signals that ask for the end leave a checkpoint", arguments: [SIGTERM, SIGHUP])
  func signals(number: Int32) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let process = try BuiltTool.start(
        ["train", "train.json", "--steps", "1000000000"], in: folder)
      wait(for: process, table: folder.appendingPathComponent("model/metrics.csv"))
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
      let again = try BuiltTool("train", "--resume", "--steps", "1", in: folder)
      #expect(again.status == 0 && again.errors.contains("done already"), "\(again.errors)")
    }
  }

  @Test("one process at a time trains in a directory, or moves a trajectory")
  func locks() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let training = try BuiltTool.start(
        ["train", "train.json", "--steps", "1000000000"], in: folder)
      let dynamics = try BuiltTool.start(
        [
          "md", "spcfw", "water.extxyz", "--ensemble", "nve", "--temperature", "300", "--steps",
          "1000000000",
        ]
          + ["-o", "t.extxyz"], in: folder)
      wait(for: training, table: folder.appendingPathComponent("model/metrics.csv"))
      wait(for: dynamics, table: folder.appendingPathComponent("t.csv"))
      try BuiltTool.refused(
        "train", "train.json", "--force", in: folder, words: "another process is at work in")
      try BuiltTool.refused("train", "--resume", in: folder, words: "another process is at work in")
      try BuiltTool.refused(
        "md", "spcfw", "--resume", "-o", "t.extxyz", in: folder, words: "another process that is")
      for process in [training, dynamics] {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      // What a killed process has left locks nothing, and md goes on from the start it has written.
      try BuiltTool.train("--resume", "--steps", "1", in: folder)
      let resumed = try BuiltTool(
        "md", "spcfw", "--resume", "--steps", "0", "-o", "t.extxyz", in: folder)
      #expect(resumed.status == 0, "\(resumed.errors)")
      let hidden = try FileManager.default.contentsOfDirectory(
        atPath: folder.appendingPathComponent("model").path)
      #expect(!hidden.contains { $0.hasPrefix(".") })
    }
  }

  @Test("files of other programs are not replaced, and no name is no directory")
  func foreign() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      for (name, isFolder) in [
        ("last", true), ("checkpoint", true), ("metrics.csv", false), ("config.json", false),
        ("events.out.tfevents.1.x", false), ("report.html", false),
      ] {
        let directory = folder.appendingPathComponent("of-\(name)")
        let place = directory.appendingPathComponent(name)
        let file = isFolder ? place.appendingPathComponent("mine") : place
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("step,mine".utf8).write(to: file)
        for more in [[], ["--force"]] {
          let run = try BuiltTool(
            ["train", "train.json", "-d", "of-\(name)"] + more, in: folder)
          #expect(run.status == 1 && run.errors.contains("holds '\(name)'"), "\(run.errors)")
        }
        #expect(try Data(contentsOf: file) == Data("step,mine".utf8))
      }
      try BuiltTool.refused(
        "train", "train.json", "-d", "water.extxyz", in: folder, words: "goes through a file")
      try BuiltTool.refused(
        "train", "train.json", "-d", "water.extxyz/model", in: folder,
        words: "goes through a file")
      try BuiltTool.refused(
        "train", "train.json", "-d", "", in: folder, status: 2, words: "a text that is not empty")
    }
  }

  @Test("a run that was killed before its first checkpoint is started again with --force")
  func killedEarly() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let table = folder.appendingPathComponent("model/metrics.csv").path
      let process = try BuiltTool.start(
        ["train", "train.json", "--steps", "1000000000"], in: folder)
      while process.isRunning, !FileManager.default.fileExists(atPath: table) { usleep(100) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try? FileManager.default.removeItem(
        at: folder.appendingPathComponent("model/checkpoint/state.safetensors"))
      try BuiltTool.refused(
        "train", "--resume", in: folder, words: "no checkpoint to go on from", "--force")
      try BuiltTool.train("train.json", "--force", in: folder)
      try BuiltTool.train("--resume", "--steps", "25", in: folder)
    }
  }

  @Test("other data are noticed when a run goes on, and how they differ")
  func data() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try BuiltTool.train("train.json", "--steps", "10", in: folder)
      let directory = folder.appendingPathComponent("model")
      let files = try TrainingProblem.files(directory)
      let structures = TrainingProblem.structures
      var edited = structures
      edited[2].positions[0].x += 0.1
      for (data, words) in [
        (Array(structures.reversed()), "the same structures in another order"),
        (structures + [structures[0]], "have 1 more structures"),
        (Array(structures.dropLast(2)), "lack 2 of the structures"),
        (edited, "have 1 structures that were edited"),
      ] {
        try StructureFile.write(data, to: folder.appendingPathComponent("water.extxyz").path)
        try BuiltTool.refused(
          "train", "--resume", "--steps", "20", in: folder, words: words, "--accept-changed-data")
        #expect(try TrainingProblem.files(directory) == files)
      }
      try BuiltTool.train("--resume", "--steps", "20", "--accept-changed-data", in: folder)
      try BuiltTool.train("--resume", "--steps", "25", in: folder)
      try BuiltTool.refused(
        "train", "train.json", "--accept-changed-data", in: folder, status: 2, words: "no meaning")
    }
  }

  @Test("the configuration of a run keeps the digest of its data, with which others are compared")
  func digest() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try BuiltTool.train("train.json", in: folder)
      let text = try String(
        contentsOf: folder.appendingPathComponent("model/config.json"), encoding: .utf8)
      let digest = try #require(text.firstMatch(of: /"digest" : "(6 structures [0-9a-f]{16})"/))
      let model = try SafeTensors(
        contentsOf: folder.appendingPathComponent("model/model.safetensors"))
      #expect(model.metadata.values.contains { $0.contains(digest.1) })
      let again = ["train", "model/config.json", "-d", "again"]
      let same = try BuiltTool(again + ["--strict"], in: folder)
      #expect(same.status == 0 && !same.errors.contains("digest"), "\(same.errors)")
      try StructureFile.write(
        Array(TrainingProblem.structures.dropLast()),
        to: folder.appendingPathComponent("water.extxyz").path)
      let other = try BuiltTool(again + ["--force"], in: folder)
      let words = "not those of data.digest: expected \(digest.1), found 5 structures"
      #expect(other.status == 0 && other.errors.contains(words), "\(other.errors)")
      let strict = try BuiltTool(again + ["--force", "--strict"], in: folder)
      #expect(strict.status == 1 && strict.errors.contains(words), "\(strict.errors)")
    }
  }

  @Test("a configuration that was changed by hand is noticed, and options without effect refused")
  func configuration() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try BuiltTool.train("train.json", "--steps", "10", in: folder)
      let file = folder.appendingPathComponent("model/config.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      try BuiltTool.refused(
        "train", "--resume", "--set", "optimizer.ekf.epsilon=0.5", in: folder,
        words: "keeps 'optimizer.ekf.epsilon'")
      for (pattern, other, key) in [
        (/"seed" *: *1/, "\"seed\": 2", "seed"),
        (/"epsilon" *: *0.01/, "\"epsilon\": 1", "epsilon"),
        (/"tanh"/, "\"softplus\"", "network"),
      ] {
        let changed = text.replacing(pattern, with: other)
        try #require(changed != text)
        try Data(changed.utf8).write(to: file)
        try BuiltTool.refused(
          "train", "--resume", in: folder, words: key, "the file was changed since then")
      }
      try Data(text.replacing(/"steps" *: *10/, with: "\"steps\": 12").utf8).write(to: file)
      try BuiltTool.train("--resume", in: folder)
    }
  }

  @Test(
    "networks beyond every memory are refused in a sentence",
    arguments: ["[3000, 3000]", "[100000, 100000]", "[9223372036854775807]"])
  func memory(hidden: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let run = try BuiltTool(
        "train", "train.json", "--set", "network.behlerParrinello.hidden=\(hidden)", in: folder)
      #expect(run.status == 1, "\(run.errors)")
      #expect(run.errors.contains("choose a smaller network") || run.errors.contains("at most"))
    }
  }
}
