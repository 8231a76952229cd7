import Atomistic
import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Molecular dynamics through the tool")
struct MolecularDynamicsTests {
  /// Writes a liquid of eight molecules to `start.extxyz`.
  private func writeStart(to folder: URL) throws {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (200, 10)
    var frames = try WaterDataset.generate(
      frames: 1, molecules: 8, densities: [0.9], temperatures: [300], seed: 2, sampling: sampling)
    frames[0].name = nil
    try ExtendedXYZ.write(frames, to: folder.appendingPathComponent("start.extxyz").path)
  }

  /// Runs `atomflow md` and expects it to end well.
  @discardableResult
  private func md(_ arguments: String..., in folder: URL) throws -> BuiltTool {
    let run = try BuiltTool(["md"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
    return run
  }

  /// The rows of a log without the rate.
  private func rows(_ name: String, in folder: URL) throws -> [Substring] {
    let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    return text.split(separator: "\n").map { $0[..<$0.lastIndex(of: ",")!] }
  }

  @Test("a resumed run is the whole run, and there are frames, log and restart")
  func resume() throws {
    try withTemporaryDirectory { folder in
      try writeStart(to: folder)
      let options = ["--ensemble", "npt", "--temperature", "300", "--frame-every", "10"]
      func begin(_ steps: String, _ name: String, _ more: String...) throws -> BuiltTool {
        try BuiltTool(
          ["md", "spcfw", "start.extxyz", "--steps", steps, "-o", name] + options + more,
          in: folder)
      }
      let whole = try begin("50", "whole.extxyz")
      #expect(whole.status == 0 && whole.errors.contains("H16O8, velocities drawn"))
      #expect(whole.output.contains("means of the last half: ") && whole.output.contains(" g/mL"))
      #expect(whole.output.contains("drift of the conserved energy: "), "\(whole.output)")
      _ = try begin("23", "parts.extxyz")
      try md("spcfw", "--resume", "--steps", "50", "-o", "parts.extxyz", in: folder)
      _ = try begin("50", "other.extxyz", "--seed", "2")
      let files = try ["whole", "parts", "other"].map { name in
        try ["extxyz", "restart"].map {
          try Data(contentsOf: folder.appendingPathComponent("\(name).\($0)"))
        }
      }
      #expect(files[0] == files[1] && files[0] != files[2])
      let log = try rows("whole.csv", in: folder)
      #expect(try rows("parts.csv", in: folder) == log && log.count == 7)
      #expect(log[0].hasPrefix("step,time [fs],temperature [K],pressure [bar],volume"))
      let again = try md("spcfw", "--resume", "-o", "whole.extxyz", in: folder)
      #expect(again.errors.contains("all 50 steps are done already"))
      let frames = try StructureFile.read(folder.appendingPathComponent("whole.extxyz").path)
      #expect(frames.structures.count == 6 && frames.inventory.stress.structures == 6)

      // A frame is a start, with its velocities.
      let next = try md(
        "spcfw", "whole.extxyz", "--ensemble", "nve", "--temperature", "300", "--steps", "4",
        "--repeat", "2,1,1", "-o", "next.extxyz", in: folder)
      #expect(next.errors.contains("H32O16, velocities of the start"), "\(next.errors)")
    }
  }

  @Test("what is there is not replaced unasked, and a run belongs to its settings")
  func refusals() throws {
    try withTemporaryDirectory { folder in
      try writeStart(to: folder)
      let line = [
        "md", "spcfw", "start.extxyz", "--ensemble", "nvt", "--temperature", "300", "--steps", "4",
        "-o", "a.extxyz",
      ]
      #expect(try BuiltTool(line, in: folder).status == 0)
      func refused(_ status: Int32, _ words: String, _ line: [String]) throws {
        let run = try BuiltTool(line, in: folder)
        #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
      }
      try refused(1, "replace it by --force", line)
      #expect(try BuiltTool(line + ["--force"], in: folder).status == 0)
      try refused(
        2, "leave --seed out", ["md", "spcfw", "--resume", "--seed", "2", "-o", "a.extxyz"])
      try refused(
        2, "leave START out", ["md", "spcfw", "start.extxyz", "--resume", "-o", "a.extxyz"])
      try refused(1, "expected atoms of Ar, found", ["md", "argon", "--resume", "-o", "a.extxyz"])
    }
  }

  @Test(
    "lines that mean nothing are refused",
    arguments: [
      ("--ensemble nve --steps 1", "needs --temperature."),
      ("--temperature 300 --steps 1", "needs --ensemble."),
      ("--ensemble nve --temperature 300", "needs --steps."),
      ("--ensemble nve --temperature 300 --steps 1 --pressure 1", "no meaning in the ensemble nve"),
      ("--ensemble nvt --temperature 300 --steps 1 --barostat berendsen", "no meaning"),
      ("--ensemble nvt --temperature 300 --steps -1", "--steps should not be negative"),
      ("--ensemble nvt --temperature -1 --steps 1", "--temperature should lie between 0 and 1e8 K"),
      ("--ensemble nvt --temperature 300 --steps 1 --timestep 0", "--timestep should be above 0"),
      ("--ensemble nvt --temperature 300 --steps 1 --frame-every 0", "should be at least 1"),
      ("--ensemble npz --temperature 300 --steps 1", "did you mean npt"),
      ("--ensemble nvt --temperature 300 --steps 1 --extrapolation stop", "stop:N"),
      ("--ensemble nvt --temperature 300 --steps 1 --density-range 2:1", "as in 0.5:2"),
      ("--ensemble nvt --temperature 300 --steps 1 --repeat 2,2", "as in 2,2,2"),
      ("--resume --temperature 300", "leave START out"),
    ])
  func usage(line: String, words: String) throws {
    let tool = line.split(separator: " ").map(String.init)
    var errors = ""
    let status = Tool(
      commands: [MolecularDynamics.self], output: { _ in }, errors: { errors += $0 }
    ).run(["md", "spcfw", "start.extxyz", "-o", "out.extxyz"] + tool)
    #expect(status == .wrongUsage && errors.contains(words), "\(errors)")
  }

  @Test("a run that leaves its bounds ends with status 1 and keeps the last good frame")
  func bounds() throws {
    try withTemporaryDirectory { folder in
      try writeStart(to: folder)
      let run = try BuiltTool(
        "md", "spcfw", "start.extxyz", "--ensemble", "nvt", "--temperature", "300", "--steps",
        "5000", "--highest-temperature", "380", "--seed", "4", "-o", "hot.extxyz", in: folder)
      #expect(run.status == 1 && run.errors.contains("at most 380.0 K"), "\(run.errors)")
      let path = folder.appendingPathComponent("hot.extxyz").path
      let frames = try StructureFile.read(path).structures
      #expect(Double(frames.last?.info["temperature"] ?? "")! <= 380)
      let none = try BuiltTool(
        "md", "spcfw", "start.extxyz", "--ensemble", "npt", "--temperature", "300", "--steps", "1",
        "--density-range", "1.5:2", "-o", "dense.extxyz", in: folder)
      #expect(none.status == 1 && none.errors.contains("between 1.5 and 2.0 g/mL"))
      let strange = try BuiltTool(
        "md", "argon", "start.extxyz", "--ensemble", "nve", "--temperature", "300", "--steps", "1",
        "-o", "argon.extxyz", in: folder)
      #expect(strange.status == 1 && strange.errors.contains("step 0: expected atoms of Ar, found"))
      let lost = try BuiltTool(
        "md", "nowhere", "start.extxyz", "--ensemble", "nve", "--temperature", "300", "--steps",
        "1", "-o", "lost.extxyz", in: folder)
      #expect(lost.status == 1 && lost.errors.contains("there is no model directory"))
      let other = try BuiltTool("md", "spcfw", "--resume", "-o", "lost.extxyz", in: folder)
      #expect(other.status == 1 && other.errors.contains("there is no run to go on with"))
    }
  }

  @Test("Ctrl-C ends a run in good order, and it goes on from there")
  func interruption() throws {
    try withTemporaryDirectory { folder in
      try writeStart(to: folder)
      let process = Process()
      process.executableURL = BuiltTool.executable
      process.arguments = [
        "md", "spcfw", "start.extxyz", "--ensemble", "nvt", "--temperature", "300", "--steps",
        "1000000000", "-o", "long.extxyz",
      ]
      process.currentDirectoryURL = folder
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Once there are rows after the start the run has begun to listen.
      let table = folder.appendingPathComponent("long.csv")
      for _ in 0..<2000 where process.isRunning {
        let lines = (try? String(contentsOf: table, encoding: .utf8))?.split(separator: "\n")
        if (lines?.count ?? 0) > 3 { break }
        usleep(10_000)
      }
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
      let restart = try DynamicsRestart(contentsOf: folder.appendingPathComponent("long.restart"))
      #expect(restart.step >= 20)
      let steps = "\(restart.step + 10)"
      try md("spcfw", "--resume", "--steps", steps, "-o", "long.extxyz", in: folder)
    }
  }

  @Test(
    "a published potential moves water, and what is beyond its training set is told",
    .enabled(if: SharedData.has("data/revpbe0-nnp/input.nn"), "\(SharedData.absence)"))
  func published() throws {
    try withTemporaryDirectory { folder in
      let source = SharedData.path("data/revpbe0-nnp")!
      #expect(try BuiltTool("import", "n2p2", source, "-o", "nnp", in: folder).status == 0)
      let run = try md(
        "nnp", "\(source)/structures.extxyz", "--ensemble", "npt", "--temperature", "320",
        "--thermostat", "berendsen", "--barostat", "berendsen", "--steps", "3",
        "--precision", "float32", "--log-every", "1", "-o", "npt.extxyz", in: folder)
      #expect(run.output.contains("means of the last half"))
      let hot = try BuiltTool(
        "md", "nnp", "\(source)/structures.extxyz", "--ensemble", "nve", "--temperature", "20000",
        "--highest-temperature", "1000000", "--steps", "200", "--extrapolation", "stop:0", "-o",
        "hot.extxyz", in: folder)
      #expect(hot.status == 1, "\(hot.errors)")
      #expect(hot.errors.contains("at most 0 values outside of the training range, found"))
      #expect(hot.errors.contains("symmetry function"))
    }
  }
}
