import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("Inputs and outputs may be streams, and are none of each other")
struct StreamTests {
  @Test("a reader of the output that goes away does not end a run")
  func closedOutput() throws {
    try withTemporaryDirectory { folder in
      try TrainingProblem.write(to: folder)
      let pipe = Pipe()
      let process = try BuiltTool.start(
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
      let process = try BuiltTool.start(
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
      try BuiltTool.refused(
        "train", "model", "-d", "other", in: folder,
        words: "expected a file that can be read, found a folder")
      try BuiltTool.refused(
        "train", "/dev/zero", "-d", "other", in: folder, words: "a file of at most")
      try BuiltTool.refused("analyse", "learning", "empty", in: folder, words: "found no folder")
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
        try BuiltTool.refused(
          "predict", "spcfw", "water.extxyz", "-o", name, in: folder, words: "a file of its own")
        try BuiltTool.refused(
          "data", "convert", "water.extxyz", "-o", name, in: folder, words: "a file of its own")
        try BuiltTool.refused(
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
      try BuiltTool.train("train.json", "--steps", "2", in: folder)
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
}
