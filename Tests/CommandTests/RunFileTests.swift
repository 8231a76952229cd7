import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Runs lose nothing that is not theirs to lose")
struct RunFileTests {
  /// Starts the tool in a folder with streams of the test's own.
  private func start(
    _ arguments: [String], in folder: URL, output: FileHandle = .nullDevice,
    errors: FileHandle = .nullDevice
  ) throws -> Process {
    let process = Process()
    process.executableURL = BuiltTool.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    return process
  }

  /// Waits until a table has some rows: then the run has begun to listen.
  private func wait(for process: Process, table: URL) {
    for _ in 0..<2000 where process.isRunning {
      let lines = (try? String(contentsOf: table, encoding: .utf8))?.split(separator: "\n")
      if (lines?.count ?? 0) > 3 { return }
      usleep(10_000)
    }
  }

  private func refused(
    _ arguments: String..., in folder: URL, status: Int32 = 1, words: String...
  ) throws {
    let run = try BuiltTool(arguments, in: folder)
    #expect(run.status == status, "\(arguments) \(run.errors)")
    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
  }

  private func train(_ arguments: String..., in folder: URL) throws {
    let run = try BuiltTool(["train"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test("signals that ask for the end leave a checkpoint", arguments: [SIGTERM, SIGHUP])
  func signals(number: Int32) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let process = try start(["train", "train.json", "--steps", "1000000000"], in: folder)
      wait(for: process, table: folder.appendingPathComponent("model/metrics.csv"))
      kill(process.processIdentifier, number)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
      let again = try BuiltTool("train", "--resume", "--steps", "1", in: folder)
      #expect(again.status == 0 && again.errors.contains("done already"), "\(again.errors)")
    }
  }

  @Test("a reader of the output that goes away does not end a run")
  func closedOutput() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let pipe = Pipe()
      let process = try start(
        ["train", "train.json"], in: folder, output: pipe.fileHandleForWriting)
      try pipe.fileHandleForReading.close()
      try pipe.fileHandleForWriting.close()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
      #expect(try TrainingProblem.files(folder.appendingPathComponent("model")).count == 5)
    }
  }

  @Test(
    "results that are lost are an error",
    arguments: ["--help", "data info water.extxyz", "train train.json", "bench --list"])
  func fullOutput(line: String) throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let errors = Pipe()
      let process = try start(
        line.split(separator: " ").map(String.init), in: folder, output: full,
        errors: errors.fileHandleForWriting)
      try errors.fileHandleForWriting.close()
      let text = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 1)
      #expect(text.contains("standard output: expected a place for the results, found a full disk"))
    }
  }

  /// Runs a line of the shell in a folder, where `$0` is the tool; returns its status and errors.
  private func shell(_ line: String, in folder: URL) throws -> (status: Int32, errors: String) {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line, BuiltTool.executable.path]
    process.currentDirectoryURL = folder
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
    try process.run()
    let text = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  @Test("an output that is closed, and a limit of the size of files, are errors")
  func limits() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let closed = try shell("\"$0\" data info water.extxyz >&-", in: folder)
      #expect(closed.status == 1)
      #expect(closed.errors.contains("standard output: expected a place for the results, found"))
      // A profile of the coverage would be cut off, too, and spoil those of all other processes.
      let limited = try shell(
        "export LLVM_PROFILE_FILE=/dev/null; ulimit -f 8; \"$0\" data convert water.extxyz -o copy.extxyz",
        in: folder)
      #expect(limited.status == 1 && limited.errors.contains("a limit of the size of files"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!names.contains { $0.contains("copy.extxyz") }, "\(names)")
    }
  }

  @Test("a configuration may come through a pipe, and a folder is none")
  func configurations() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let run = try shell("cat train.json | \"$0\" train /dev/stdin --steps 2", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      try refused(
        "train", "model", "-d", "other", in: folder,
        words: "expected a file that can be read, found a folder")
      try refused("train", "/dev/zero", "-d", "other", in: folder, words: "a file of at most")
      try refused("analyse", "learning", "empty", in: folder, words: "found no folder")
    }
  }

  @Test("an output is none of the inputs, and none of the other outputs")
  func inputs() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let file = folder.appendingPathComponent("water.extxyz")
      let data = try Data(contentsOf: file)
      symlink("water.extxyz", folder.appendingPathComponent("link.extxyz").path)
      for name in ["water.extxyz", "./water.extxyz", "link.extxyz"] {
        try refused(
          "predict", "spcfw", "water.extxyz", "-o", name, in: folder, words: "a file of its own")
        try refused(
          "data", "convert", "water.extxyz", "-o", name, in: folder, words: "a file of its own")
        try refused(
          "data", "generate", "--start", "water.extxyz", "-o", name, in: folder,
          words: "a file of its own")
      }
      let md = ["--ensemble", "nve", "--temperature", "300", "--steps", "1"]
      for name in ["t.restart", "t.csv"] {
        let run = try BuiltTool(["md", "spcfw", "water.extxyz", "-o", name] + md, in: folder)
        #expect(run.status == 1 && run.errors.contains("let it end in .extxyz"), "\(run.errors)")
      }
      let start = try BuiltTool(
        ["md", "spcfw", "water.extxyz", "--force", "-o", "water.extxyz"] + md, in: folder)
      #expect(start.status == 1 && start.errors.contains("a file of its own"), "\(start.errors)")
      #expect(mkfifo(folder.appendingPathComponent("pipe").path, 0o600) == 0)
      let pipe = try BuiltTool(
        ["md", "spcfw", "water.extxyz", "--force", "-o", "pipe"] + md, in: folder)
      #expect(
        pipe.status == 1 && pipe.errors.contains("found a device or a pipe"), "\(pipe.errors)")
      let hot = try BuiltTool(
        ["md", "spcfw", "water.extxyz", "-o", "a.extxyz", "--ensemble", "nve", "--steps", "1"]
          + ["--temperature", "1e300"], in: folder)
      #expect(hot.status == 2 && hot.errors.contains("between 0 and 1e8 K"), "\(hot.errors)")
      #expect(try Data(contentsOf: file) == data)
    }
  }

  @Test("a prediction goes into a pipe, through a link, and names program and model")
  func predictions() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try train("train.json", "--steps", "2", in: folder)
      symlink("real.extxyz", folder.appendingPathComponent("link.extxyz").path)
      let run = try BuiltTool("predict", "model", "water.extxyz", "-o", "link.extxyz", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let frames = try StructureFile.read(folder.appendingPathComponent("real.extxyz").path)
      let model = try TrainedModel.load(
        folder.appendingPathComponent("model"), kinds: Catalog.standard.models)
      #expect(frames.structures[0].info["model"] == model.fileChecksum)
      #expect(frames.structures[0].info["program"] == AtomFlowVersion.text)
      #expect(model.trainingData?.hasPrefix("6 structures ") == true)
      let pipe = folder.appendingPathComponent("pipe").path
      #expect(mkfifo(pipe, 0o600) == 0)
      let reader = open(pipe, O_RDONLY | O_NONBLOCK)
      defer { close(reader) }
      let piped = try BuiltTool("predict", "spcfw", "water.extxyz", "-o", "pipe", in: folder)
      #expect(piped.status == 0, "\(piped.errors)")
      var status = stat()
      #expect(lstat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
  }

  @Test("one process at a time trains in a directory, or moves a trajectory")
  func locks() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let training = try start(["train", "train.json", "--steps", "1000000000"], in: folder)
      let dynamics = try start(
        [
          "md", "spcfw", "water.extxyz", "--ensemble", "nve", "--temperature", "300", "--steps",
          "1000000000",
        ]
          + ["-o", "t.extxyz"], in: folder)
      wait(for: training, table: folder.appendingPathComponent("model/metrics.csv"))
      wait(for: dynamics, table: folder.appendingPathComponent("t.csv"))
      try refused(
        "train", "train.json", "--force", in: folder, words: "another process is at work in")
      try refused("train", "--resume", in: folder, words: "another process is at work in")
      try refused(
        "md", "spcfw", "--resume", "-o", "t.extxyz", in: folder, words: "another process that is")
      for process in [training, dynamics] {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      // What a killed process has left locks nothing, and md goes on from the start it has written.
      try train("--resume", "--steps", "1", in: folder)
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
      try refused(
        "train", "train.json", "-d", "water.extxyz", in: folder, words: "goes through a file")
      try refused(
        "train", "train.json", "-d", "water.extxyz/model", in: folder,
        words: "goes through a file")
      try refused(
        "train", "train.json", "-d", "", in: folder, status: 2, words: "a text that is not empty")
    }
  }

  @Test("a run that was killed before its first checkpoint is started again with --force")
  func killedEarly() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let table = folder.appendingPathComponent("model/metrics.csv").path
      let process = try start(["train", "train.json", "--steps", "1000000000"], in: folder)
      while process.isRunning, !FileManager.default.fileExists(atPath: table) { usleep(100) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try? FileManager.default.removeItem(
        at: folder.appendingPathComponent("model/checkpoint/state.safetensors"))
      try refused("train", "--resume", in: folder, words: "no checkpoint to go on from", "--force")
      try train("train.json", "--force", in: folder)
      try train("--resume", "--steps", "25", in: folder)
    }
  }

  @Test("other data are noticed when a run goes on, and how they differ")
  func data() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try train("train.json", "--steps", "10", in: folder)
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
        try refused(
          "train", "--resume", "--steps", "20", in: folder, words: words, "--accept-changed-data")
        #expect(try TrainingProblem.files(directory) == files)
      }
      try train("--resume", "--steps", "20", "--accept-changed-data", in: folder)
      try train("--resume", "--steps", "25", in: folder)
      try refused(
        "train", "train.json", "--accept-changed-data", in: folder, status: 2, words: "no meaning")
    }
  }

  @Test("the configuration of a run keeps the digest of its data, with which others are compared")
  func digest() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      try train("train.json", in: folder)
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
      try train("train.json", "--steps", "10", in: folder)
      let file = folder.appendingPathComponent("model/config.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      try refused(
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
        try refused(
          "train", "--resume", in: folder, words: key, "the file was changed since then")
      }
      try Data(text.replacing(/"steps" *: *10/, with: "\"steps\": 12").utf8).write(to: file)
      try train("--resume", in: folder)
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
