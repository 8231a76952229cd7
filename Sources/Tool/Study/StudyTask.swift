import Atomistic
import Foundation
import Tensors
import Train

/// One run of a study: work in a folder of its own, with a result that tells that it is done.
///
/// A task that is stopped at any moment goes on from what its folder holds, and its result has nothing in
/// it that depends on how often that happened.
protocol StudyTask: Sendable {
  /// The result, which `result.json` of the folder holds.
  associatedtype Result: Codable & Sendable

  /// The name, which is the path of its folder as well: `train/extrapolation/ekf/1`.
  var name: String { get }
  /// The names of the tasks whose results it needs.
  var dependencies: [String] { get }
  /// What it is expected to cost.
  var cost: StudyCost { get }

  /// Does the work, or the rest of it.
  ///
  /// Throws what went wrong, and `Interrupted`.
  func perform(in study: StudyDirectory, tool: Tool) throws -> Result

  /// The steps done so far and all of them, while it runs; nil where that is not known.
  func progress(in study: StudyDirectory) -> (done: Int, total: Int)?
}

extension StudyTask {
  /// Not known.
  func progress(in study: StudyDirectory) -> (done: Int, total: Int)? { nil }
}

/// The expected cost of a task: its steps, and a kind of which all tasks take the same time a step.
struct StudyCost: Sendable, Equatable {
  /// Tasks of one kind take about the same time a step, such as all trainings of an arm.
  var kind: String
  /// The number of steps.
  var steps: Double
  /// The seconds of a step as long as none has been measured.
  var guess: Double
}

/// The folder of a study: its configuration, and a folder for each task.
struct StudyDirectory: Sendable {
  let url: URL

  init(_ path: String) { url = URL(fileURLWithPath: path) }

  /// The configuration as it is used, with all keys.
  var configurationFile: URL { url.appendingPathComponent("study.config.json") }
  /// All numbers of the study.
  var results: URL { url.appendingPathComponent("study.json") }
  /// The report.
  var report: URL { url.appendingPathComponent("report.html") }
  /// The folders of figures and of their numbers.
  var figures: URL { url.appendingPathComponent("figures") }
  var tables: URL { url.appendingPathComponent("tables") }

  /// Whether there is a study.
  var isTaken: Bool { FileManager.default.fileExists(atPath: configurationFile.path) }

  /// The folder of a task.
  func folder(of name: String) -> URL {
    url.appendingPathComponent("runs").appendingPathComponent(name)
  }

  /// The file with the output of a task.
  func log(of name: String) -> URL { folder(of: name).appendingPathComponent("log.txt") }

  private func resultFile(_ name: String) -> URL {
    folder(of: name).appendingPathComponent("result.json")
  }
  private func failureFile(_ name: String) -> URL {
    folder(of: name).appendingPathComponent("failure.json")
  }
  private func timeFile(_ name: String) -> URL {
    folder(of: name).appendingPathComponent("time.json")
  }
  private func lockFile(_ name: String) -> URL {
    folder(of: name).appendingPathComponent(".task.lock")
  }

  /// The configuration.
  ///
  /// Throws `ConfigurationError`.
  func configuration(_ catalog: Catalog) throws -> StudyConfiguration {
    try StudyConfiguration.read(configurationFile.path, catalog: catalog)
  }

  /// Takes the study for one process that runs it; nil while another one does.
  func lock() throws -> FileLock? {
    try Folder.make(url.path)
    return try FileLock(url.appendingPathComponent(".lock").path)
  }

  /// Takes a task for this process; nil while another one is at it.
  func lock(_ name: String) throws -> FileLock? {
    try Folder.make(folder(of: name).path)
    return try FileLock(lockFile(name).path)
  }

  // MARK: - States

  /// The result of a task; nil as long as there is none.
  func result<Task: StudyTask>(of task: Task) -> Task.Result? {
    guard let data = try? Data(contentsOf: resultFile(task.name)) else { return nil }
    return try? JSONDecoder().decode(Task.Result.self, from: data)
  }

  /// Whether a task has a result.
  func isDone(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: resultFile(name).path)
  }

  /// Why a task failed; nil where it did not.
  func failure(of name: String) -> String? {
    guard let data = try? Data(contentsOf: failureFile(name)) else { return nil }
    return (try? JSONDecoder().decode([String: String].self, from: data))?["reason"] ?? "unknown"
  }

  /// Whether a process is at a task now.
  func isRunning(_ name: String) -> Bool {
    guard FileManager.default.fileExists(atPath: lockFile(name).path) else { return false }
    return (try? lock(name)) == nil
  }

  /// Keeps the result of a task.
  func write(_ result: some Encodable, of name: String) throws {
    try WholeFile.write(StrictJSON.text(of: result), to: resultFile(name).path)
  }

  /// Keeps the reason of a failure.
  func writeFailure(_ reason: String, of name: String) throws {
    try Folder.make(folder(of: name).path)
    try WholeFile.write(StrictJSON.text(of: ["reason": reason]), to: failureFile(name).path)
  }

  /// Forgets a failure, so that the task is tried again.
  func forgetFailure(of name: String) throws { try Folder.remove(failureFile(name).path) }

  // MARK: - Times

  /// The time that a task took in all its parts, and its memory at the peak.
  struct Usage: Codable, Sendable {
    var seconds = 0.0
    var peakBytes = 0
  }

  /// What a task has used so far.
  func usage(of name: String) -> Usage {
    guard let data = try? Data(contentsOf: timeFile(name)) else { return Usage() }
    return (try? JSONDecoder().decode(Usage.self, from: data)) ?? Usage()
  }

  /// Adds the usage of a part of a task.
  func add(_ usage: Usage, of name: String) throws {
    var all = self.usage(of: name)
    all.seconds += usage.seconds
    all.peakBytes = max(all.peakBytes, usage.peakBytes)
    try WholeFile.write(StrictJSON.text(of: all), to: timeFile(name).path)
  }
}

extension StudyTask {
  /// Does the task and keeps its result or the reason of its failure, and the time it took.
  ///
  /// - Throws: `Interrupted` where it was stopped in good order, `ToolError` where another process is at
  ///   it, and the reason of a failure.
  func run(in study: StudyDirectory, tool: Tool) throws {
    guard let lock = try waitingLock(in: study) else {
      throw ToolError("another process is at \(name); wait until it has ended")
    }
    defer { withExtendedLifetime(lock) {} }
    // Another process may have done it while this one waited.
    guard !study.isDone(name) else { return }
    let start = ContinuousClock.now
    func keepUsage() throws {
      let (seconds, fraction) = (ContinuousClock.now - start).components
      try study.add(
        .init(seconds: Double(seconds) + Double(fraction) * 1e-18, peakBytes: ownPeakMemory()),
        of: name)
    }
    do {
      let result = try perform(in: study, tool: tool)
      try keepUsage()
      try study.write(result, of: name)
    } catch is Interrupted {
      try keepUsage()
      throw Interrupted(continuation: "study \(study.url.path)")
    } catch {
      try study.writeFailure("\(error)", of: name)
      throw error
    }
  }

  /// The lock, for which a process that has just been asked to end may take some seconds.
  private func waitingLock(in study: StudyDirectory) throws -> FileLock? {
    for _ in 0..<300 {
      if let lock = try study.lock(name) { return lock }
      usleep(100_000)
    }
    return nil
  }
}

/// The memory in bytes that this process has held at its peak.
func ownPeakMemory() -> Int {
  var usage = rusage()
  guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
  return usage.ru_maxrss * 1024
}
