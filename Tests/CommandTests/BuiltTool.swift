import Foundation
import Testing

/// The tool as users run it: the executable that was built beside the tests.
struct BuiltTool {
  /// The exit status.
  let status: Int32
  /// What it wrote to standard output and to standard error.
  let output, errors: String

  /// The executable in the folder of the test bundle.
  static var executable: URL {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appendingPathComponent("atomflow")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
      folder.deleteLastPathComponent()
    }
    return folder.appendingPathComponent("atomflow")
  }

  /// Runs a command line in a folder and waits for its end.
  init(_ arguments: String..., in folder: URL, input: String = "") throws {
    try self.init(arguments, in: folder, input: input)
  }

  /// Runs a command line in a folder, with a short text to read, and waits for its end.
  init(_ arguments: [String], in folder: URL, input: String = "") throws {
    let process = Process()
    let (text, output, errors) = (Pipe(), Pipe(), Pipe())
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = text
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    try? text.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try? text.fileHandleForWriting.close()
    // Both are short: neither pipe fills up while the other one is read.
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}

extension BuiltTool {
  /// Starts the tool in a folder with streams of the test's own.
  static func start(
    _ arguments: [String], in folder: URL, output: FileHandle = .nullDevice,
    errors: FileHandle = .nullDevice
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    return process
  }

  /// Runs a command line that has to end with a status and errors with these words.
  static func refused(
    _ arguments: String..., in folder: URL, status: Int32 = 1, words: String...
  ) throws {
    let run = try BuiltTool(arguments, in: folder)
    #expect(run.status == status, "\(arguments) \(run.errors)")
    for word in words { #expect(run.errors.contains(word), "\(run.errors)") }
  }

  /// Trains; the run has to end well.
  static func train(_ arguments: String..., in folder: URL) throws {
    let run = try BuiltTool(["train"] + arguments, in: folder)
    #expect(run.status == 0, "\(run.errors)")
  }
}

/// A small frame of water in extended XYZ, sound or with one fault.
enum WaterFrame {
  /// Three molecules with energy and forces.
  static func text(
    energy: String = "energy=-14.5", force: String = "0.1", element: String = "O",
    scale: Double = 1, forces: Bool = true
  ) -> String {
    let offsets = [(0.0, 0.0, 0.0), (3.0, 0.0, 0.0), (0.0, 3.0, 0.0)]
    let molecule = [("O", 0.0, 0.0, 0.0), ("H", 0.76, 0.59, 0.0), ("H", -0.76, 0.59, 0.0)]
    let properties = "Properties=species:S:1:pos:R:3" + (forces ? ":forces:R:3" : "")
    let side = 8 * scale
    var lines = [
      "9", "Lattice=\"\(side) 0 0 0 \(side) 0 0 0 \(side)\" \(properties) \(energy) pbc=\"T T T\"",
    ]
    for (number, offset) in offsets.enumerated() {
      for (symbol, x, y, z) in molecule {
        let name = lines.count == 2 ? element : symbol
        let place = [x + offset.0, y + offset.1, z + offset.2].map { "\($0 * scale)" }
        let component = number == 0 && symbol == "O" ? force : "0.0"
        lines.append(
          ([name] + place + (forces ? [component, "0.0", "0.0"] : [])).joined(separator: " "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
