public import Foundation

/// A Python interpreter that has a certain module, to compare with the packages users have.
public struct PythonEnvironment: Sendable {
  /// The interpreter.
  public let executable: URL

  /// A script ended with an error.
  public struct Failure: Error, CustomStringConvertible {
    /// The exit status of the interpreter.
    public let status: Int32
    /// What the script wrote.
    public let output: String
    /// The failure in a sentence.
    public var description: String { "Python ended with status \(status): \(output)" }
  }

  /// Finds an interpreter that can import a module.
  ///
  /// Looks at the environment variable `ATOMFLOW_PYTHON`, then into `.build/python`, which
  /// `Scripts/python-environment.sh` makes, then along the path.
  public init?(importing module: String) {
    let environment = ProcessInfo.processInfo.environment
    let places =
      (environment["PATH"] ?? "").split(separator: ":").map { URL(fileURLWithPath: String($0)) }
    let candidates =
      [
        environment["ATOMFLOW_PYTHON"].map { URL(fileURLWithPath: $0) },
        Self.packageRoot.appendingPathComponent(".build/python/bin/python3"),
      ].compactMap { $0 } + places.map { $0.appendingPathComponent("python3") }
    for candidate in candidates
    where FileManager.default.isExecutableFile(atPath: candidate.path) {
      let probe = try? Self.run(candidate, ["-c", "import \(module)"], errors: .nullDevice)
      if probe != nil {
        executable = candidate
        return
      }
    }
    return nil
  }

  /// Runs a script, given as text, and returns what it prints.
  public func run(_ script: String, _ arguments: String...) throws -> String {
    try Self.run(executable, ["-c", script] + arguments, errors: .standardError)
  }

  private static func run(
    _ executable: URL, _ arguments: [String], errors: FileHandle
  ) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = executable
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = errors
    try process.run()
    let output = String(
      decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus, output: output)
    }
    return output
  }

  private static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
