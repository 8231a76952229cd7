import Atomistic
import Foundation
import Tensors

/// The runs of a study with their time and memory, estimated from two short trials of each kind.
struct StudyTrial {
  private let plan: StudyPlan
  private let jobs: Int
  private let tool: Tool
  private let launcher: any TaskLauncher

  /// Prepares the trials of a plan.
  init(
    _ plan: StudyPlan, jobs: Int, tool: Tool, launcher: any TaskLauncher = ProcessLauncher()
  ) {
    (self.plan, self.jobs, self.tool, self.launcher) = (plan, jobs, tool, launcher)
  }

  /// What the trials have measured of runs of one kind.
  private struct Measurement {
    var seconds, steps: Double
    var peakBytes: Int
  }

  /// Runs the trials in a temporary folder and prints the table.
  ///
  /// Throws what keeps a trial from running.
  func show() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "atomflow-trial-\(getpid())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (short, long) = (try measure(1, in: folder), try measure(5, in: folder))
    try StandardStreams.output(text(short, long))
  }

  /// Measures each kind of run at a small size.
  private func measure(_ size: Int, in folder: URL) throws -> [String: Measurement] {
    let study = StudyDirectory(folder.appendingPathComponent("\(size)").path)
    let trial = try StudyPlan(
      plan.configuration.trial(size: size), catalog: tool.catalog)
    try Folder.make(study.url.path)
    try WholeFile.write(
      StrictJSON.text(of: trial.configuration), to: study.configurationFile.path)
    let runner = StudyRunner(
      plan: trial, study: study, jobs: 1, launcher: launcher, note: { _ in },
      progress: { _, _, _ in })
    _ = try runner.run { false }
    var measurements: [String: Measurement] = [:]
    for task in trial.tasks {
      if let reason = study.failure(of: task.name) {
        throw ToolError("the trial of \(task.name) failed: \(reason)")
      }
      let usage = study.usage(of: task.name)
      measurements[task.cost.kind] = Measurement(
        seconds: usage.seconds, steps: task.cost.steps, peakBytes: usage.peakBytes)
    }
    return measurements
  }

  private func text(
    _ short: [String: Measurement], _ long: [String: Measurement]
  ) -> String {
    let tasks = plan.tasks
    let kinds = tasks.map(\.cost.kind).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    var lines: [[String]] = [["runs", "kind", "steps", "ms a step", "time"]]
    var total = 0.0
    for kind in kinds {
      let own = tasks.filter { $0.cost.kind == kind }
      let steps = own.reduce(0) { $0 + $1.cost.steps }
      let rate = Self.rate(short[kind], long[kind]) ?? own[0].cost.guess
      total += rate * steps
      lines.append([
        "\(own.count)", kind, decimal(steps, 0), decimal(1000 * rate, 3),
        StudyRunner.clock(rate * steps),
      ])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let table = lines.map { row in
      zip(row, widths).enumerated().map { column, cell in
        column == 1
          ? cell.0.padding(toLength: cell.1, withPad: " ", startingAt: 0)
          : String(repeating: " ", count: cell.1 - cell.0.count) + cell.0
      }.joined(separator: "  ") + "\n"
    }.joined()
    let peak = long.values.map(\.peakBytes).max() ?? 0
    return table
      + "\(tasks.count) runs, about \(StudyRunner.clock(total)) of one thread, "
      + "\(StudyRunner.clock(total / Double(jobs))) with \(counted(jobs, "job"))\n"
      + "a run takes up to \(peak / 1_000_000) MB in these trials, \(counted(jobs, "job")) "
      + "\(jobs * peak / 1_000_000) MB; more frames take more\n"
  }

  /// The seconds of a step, without the time of the start, which both trials have.
  private static func rate(_ short: Measurement?, _ long: Measurement?) -> Double? {
    guard let short, let long, long.steps > 0 else { return nil }
    let (seconds, steps) = (long.seconds - short.seconds, long.steps - short.steps)
    // A difference within the noise of the starts tells nothing.
    guard steps > 0, seconds > 0.1 * long.seconds else { return long.seconds / long.steps / 2 }
    return seconds / steps
  }
}

extension StudyConfiguration {
  /// One short run of each kind.
  fileprivate func trial(size: Int) -> StudyConfiguration {
    var study = self
    (study.seeds, study.teacherSeeds) = (1, 1)
    study.regimes = [regimes[0]]
    study.regimes[0].frames = min(regimes[0].frames, 12)
    study.regimes[0].equilibration = min(regimes[0].equilibration, 20 * size)
    study.training.run.steps = 60 * size
    for index in study.arms.indices where study.arms[index].model == nil {
      study.arms[index].set["run.steps"] = .integer(60 * size)
    }
    for index in study.simulations.indices {
      study.simulations[index].steps = 20 * size
      study.simulations[index].equilibration = 20 * size
      study.simulations[index].frameEvery = 10
      study.simulations[index].logEvery = 10
    }
    if let fisher { study.fisher?.labels = min(fisher.labels, 100 * size) }
    return study
  }
}
