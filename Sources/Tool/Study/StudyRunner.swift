import Foundation
import Synchronization

/// Starts tasks of a study in processes of their own.
protocol TaskLauncher: Sendable {
  /// Starts a task; calls `ended` from any thread when its process has ended.
  ///
  /// - Returns: A function that asks the process to end in good order.
  func launch(
    _ name: String, in study: StudyDirectory, ended: @escaping @Sendable (TaskEnding) -> Void
  ) throws -> @Sendable () -> Void
}

/// How the process of a task has ended.
enum TaskEnding: Sendable, Equatable {
  /// With an exit status.
  case status(Int32)
  /// By a signal.
  case signal(Int32)
}

/// Runs the tasks of a study, some at a time, those with the longest chain of work behind them first.
///
/// Where it stands is what the folders hold, so nothing is lost or repeated when it is stopped in any
/// way. A task that fails is left out with all that needs it; the others go on.
struct StudyRunner {
  let plan: StudyPlan
  let study: StudyDirectory
  let jobs: Int
  let launcher: any TaskLauncher
  /// Hears of what happens, a line each.
  let note: (String) -> Void
  /// Hears of the counts of done and all tasks, running ones and the seconds left.
  let progress: (_ done: Int, _ total: Int, _ note: String) -> Void

  /// A task that a signal ends is resumed so many times.
  private static let mostRestarts = 3

  private final class Endings: Sendable {
    let list = Mutex<[(name: String, ending: TaskEnding)]>([])
    func takeAll() -> [(name: String, ending: TaskEnding)] {
      list.withLock { list in
        defer { list = [] }
        return list
      }
    }
  }

  /// Runs until nothing is left that can be done.
  ///
  /// - Returns: Whether it came to that; false if it was interrupted.
  /// - Throws: What keeps a process from being started.
  func run(isInterrupted: () -> Bool) throws -> Bool {
    var schedule = StudySchedule(plan, in: study)
    let endings = Endings()
    var running: [String: @Sendable () -> Void] = [:]
    var restarts: [String: Int] = [:]
    var isEnding = false
    var states = schedule.states()
    var nextProgress = ContinuousClock.now
    while true {
      let ended = endings.takeAll()
      for (name, ending) in ended {
        running[name] = nil
        settle(name, ending, &restarts, isEnding: isEnding)
        if let task = schedule.tasks[name], study.isDone(name) { schedule.addRate(of: task) }
      }
      if !ended.isEmpty { states = schedule.states(running: Set(running.keys)) }
      if !isEnding, isInterrupted() {
        isEnding = true
        for stop in running.values { stop() }
      }
      if !isEnding, running.count < jobs {
        let chains = schedule.chains()
        let ready = schedule.order.filter { states[$0] == .ready }.enumerated()
          .sorted { (chains[$0.element] ?? 0, $1.offset) > (chains[$1.element] ?? 0, $0.offset) }
        for (_, name) in ready.prefix(jobs - running.count) {
          running[name] = try launcher.launch(name, in: study) { ending in
            endings.list.withLock { $0.append((name, ending)) }
          }
          states[name] = .running
        }
      }
      guard !running.isEmpty else { break }
      if ContinuousClock.now >= nextProgress {
        tell(schedule, states)
        nextProgress = .now + .seconds(2)
      }
      usleep(50_000)
    }
    return !isEnding
  }

  private func tell(_ schedule: StudySchedule, _ states: [String: StudySchedule.State]) {
    let failed = states.values.count { $0 == .failed }
    let left = Self.clock(schedule.secondsLeft(states, jobs: jobs))
    progress(
      states.values.count { $0 == .done }, schedule.order.count,
      "\(states.values.count { $0 == .running }) running\(failed > 0 ? ", \(failed) failed" : ""), "
        + "about \(left) left")
  }

  private func settle(
    _ name: String, _ ending: TaskEnding, _ restarts: inout [String: Int], isEnding: Bool
  ) {
    guard !study.isDone(name) else { return note("\(name): done") }
    if let reason = study.failure(of: name) { return note("\(name): failed: \(reason)") }
    switch ending {
    case .status(Tool.Status.interrupted.rawValue) where isEnding: return
    case .signal where isEnding: return
    case .signal(let number) where restarts[name, default: 0] < Self.mostRestarts:
      restarts[name, default: 0] += 1
      note("\(name): signal \(number) ended it; it goes on")
    case .status(Tool.Status.interrupted.rawValue)
    where restarts[name, default: 0] < Self.mostRestarts:
      restarts[name, default: 0] += 1
    case .status(let status): fail(name, "its process ended with status \(status), see log.txt")
    case .signal(let number): fail(name, "signal \(number) ended its process again and again")
    }
  }

  private func fail(_ name: String, _ reason: String) {
    do { try study.writeFailure(reason, of: name) } catch { note("\(name): \(error)") }
    note("\(name): failed: \(reason)")
  }

  /// Hours and minutes, or minutes and seconds.
  static func clock(_ seconds: Double) -> String {
    guard seconds < 1e8 else { return "years" }
    let whole = Int(seconds.rounded(.up))
    return whole >= 3600
      ? "\(whole / 3600) h \(whole / 60 % 60) min"
      : whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
  }
}

/// Starts tasks as `study DIR --run NAME` of the same program, with their output in `log.txt`.
struct ProcessLauncher: TaskLauncher {
  let executable: URL

  /// The program of this process.
  init() { executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }

  init(executable: URL) { self.executable = executable }

  func launch(
    _ name: String, in study: StudyDirectory, ended: @escaping @Sendable (TaskEnding) -> Void
  ) throws -> @Sendable () -> Void {
    let folder = study.folder(of: name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let log = study.log(of: name)
    if !FileManager.default.fileExists(atPath: log.path) {
      _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    }
    let output = try FileHandle(forWritingTo: log)
    try output.seekToEnd()
    let process = Process()
    // The process ends when this pipe closes, which it does with the study's own process.
    let life = Pipe()
    process.executableURL = executable
    process.arguments = ["study", study.url.path, "--run", name, "--attached"]
    process.standardInput = life
    process.standardOutput = output
    process.standardError = output
    process.terminationHandler = { process in
      // Holds the pipe open as long as the process lasts.
      try? life.fileHandleForWriting.close()
      try? output.close()
      ended(
        process.terminationReason == .exit
          ? .status(process.terminationStatus) : .signal(process.terminationStatus))
    }
    try process.run()
    let identifier = process.processIdentifier
    return { kill(identifier, SIGTERM) }
  }
}
