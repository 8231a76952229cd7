import Atomistic
import Foundation
import Tensors
import Train

/// `atomflow study`: many trainings and simulations, and the report that compares them.
struct StudyCommand: Command {
  static let name = "study"
  static let summary = "Compare ways of training by what their models are worth"
  static let discussion =
    "A teacher potential labels data; each arm of the configuration, a training with an optimizer of its own, gives "
    + "several models; teacher and models run the same simulations. The report compares densities, "
    + "structure, stable models, errors, weights and Fisher information.\n"
    + "Each run has a folder of its own in DIR/runs and a process with one thread: two of them side by side "
    + "do more than two threads in turn, since the steps of a small network are too short to share. Ctrl-C, a kill or a "
    + "reboot lose nothing that is done; 'study DIR' goes on. A run that fails is left out with those that need it. "
    + "The report is written whenever the command ends in good order, and by --collect.\n"
    + "--slurm writes job.sh, which submits a job array of the same runs to a cluster."
  static let example =
    "atomflow study Examples/study-quick.json -d quick --jobs 2\n"
    + "atomflow study quick --status\natomflow study quick --collect"

  static let configuration = Positional<String>(
    "CONFIG", help: "The configuration, JSON with comments; or the folder of a study to go on with."
  )
  static let directory = Option<String>(
    "directory", letter: "d", "DIR", help: "The folder of a new study; by default study.")
  static let jobs = Option<Int>(
    "jobs", letter: "j", "J", default: 2, help: "The runs at a time, with one thread each.")
  static let scale = Option<Double>(
    "scale", "FACTOR",
    help: "Change the size of a new study: frames, training and simulation steps.")
  static let set = Option<String>(
    "set", "KEY.PATH=VALUE", .repeated, help: "Set one key of a new study's configuration.")
  static let arm = Option<String>(
    "arm", "NAME", .repeated, help: "The arms of a new study; else all of the configuration.")
  static let status = Flag("status", help: "Only tell what is done, running and failed.")
  static let dryRun = Flag(
    "dry-run", help: "Only list the runs, with time and memory from a short trial.")
  static let collect = Flag("collect", help: "Only write the report of what there is.")
  static let slurm = Flag("slurm", help: "Only write the scripts of a Slurm job array.")
  static let retry = Flag("retry", help: "Try failed runs again.")
  static let task = Option<String>(
    "run", "NAME", help: "Only do one run, or the rest of it, in this process.")
  static let attached = Flag(
    "attached", help: "With --run: end in good order when standard input closes.")
  static let parameters: [any Parameter] = [
    configuration, directory, jobs, scale, set, arm, status, dryRun, collect, slurm, retry, task,
    attached,
  ]

  /// What is asked for.
  private enum Mode { case run, status, dryRun, collect, slurm, task(String, isAttached: Bool) }

  let source: String
  let directory: String?
  let jobs: Int
  let scale: Double?
  let retries: Bool
  let assignments: [ConfigurationAssignment]
  let arms: [String]
  private let mode: Mode

  init(_ arguments: Arguments) throws(UsageError) {
    source = arguments.value(Self.configuration)
    directory = arguments[Self.directory]
    jobs = arguments.value(Self.jobs)
    scale = arguments[Self.scale]
    retries = arguments[Self.retry]
    assignments = arguments.all(Self.set).map {
      ConfigurationAssignment(text: $0, option: "--set \($0)")
    }
    arms = arguments.all(Self.arm)
    guard (1...1024).contains(jobs) else {
      throw .rule("--jobs should lie in 1...1024, but is \(jobs).")
    }
    if let scale, scale <= 0 { throw .rule("--scale should be above 0, but is \(scale).") }
    let modes: [any Parameter] = [
      Self.status, Self.dryRun, Self.collect, Self.slurm, Self.task,
    ]
    let given = arguments.given(among: modes)
    guard given.count < 2 else {
      throw .rule("\(given.joined(separator: " and ")) exclude each other.")
    }
    let isAttached = arguments[Self.attached]
    if let task = arguments[Self.task] {
      mode = .task(task, isAttached: isAttached)
    } else if arguments[Self.status] {
      mode = .status
    } else if arguments[Self.dryRun] {
      mode = .dryRun
    } else if arguments[Self.collect] {
      mode = .collect
    } else {
      mode = arguments[Self.slurm] ? .slurm : .run
    }
    if isAttached, arguments[Self.task] == nil {
      throw .rule("--attached has no meaning without --run.")
    }
  }

  func run(in tool: Tool) throws {
    let (study, configuration) = try open(in: tool)
    let plan = try StudyPlan(configuration, catalog: tool.catalog)
    switch mode {
    case .run: try run(plan, in: study, tool)
    case .status: try StudyStatus(plan, in: study, jobs: jobs).show()
    case .dryRun: try StudyTrial(plan, jobs: jobs, tool: tool).show()
    case .collect: try report(plan, in: study)
    case .slurm:
      try keep(configuration, in: study)
      let scripts = SlurmScripts(plan, in: study)
      try scripts.write()
      try StandardStreams.output("\(scripts.submission.path)\n")
    case .task(let name, let isAttached): try perform(name, isAttached, plan, study, tool)
    }
  }

  /// The study and its configuration: those of a folder, or a new one.
  private func open(in tool: Tool) throws -> (StudyDirectory, StudyConfiguration) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue {
      let study = StudyDirectory(source)
      guard study.isTaken else {
        throw ToolError("\(source) holds no study; name a configuration to begin one")
      }
      guard directory == nil, scale == nil, assignments.isEmpty, arms.isEmpty else {
        throw ToolError(
          "a study that has begun stays as it is; leave -d, --scale, --set and --arm out")
      }
      return (study, try study.configuration(tool.catalog))
    }
    let study = StudyDirectory(directory ?? "study")
    let configuration = try StudyConfiguration.read(
      source, assignments: assignments, arms: arms, catalog: tool.catalog
    ).withAbsolutePaths().scaled(by: scale ?? 1)
    if study.isTaken {
      let begun = try study.configuration(tool.catalog)
      guard begun == configuration else {
        throw ToolError(
          "\(study.url.path) holds another study than \(source) asks for; go on with it by "
            + "'study \(study.url.path)', or name another folder with -d")
      }
    }
    return (study, configuration)
  }

  private func keep(_ configuration: StudyConfiguration, in study: StudyDirectory) throws {
    guard !study.isTaken else { return }
    try Folder.make(study.url.path)
    try WholeFile.write(StrictJSON.text(of: configuration), to: study.configurationFile.path)
  }

  private func run(_ plan: StudyPlan, in study: StudyDirectory, _ tool: Tool) throws {
    guard let lock = try study.lock() else {
      throw ToolError("another process runs the study in \(study.url.path); see it by --status")
    }
    defer { withExtendedLifetime(lock) {} }
    try keep(plan.configuration, in: study)
    if retries {
      for task in plan.tasks where study.failure(of: task.name) != nil {
        try study.forgetFailure(of: task.name)
      }
    }
    let interruption = Interruption {
      StandardStreams.error("\nthe runs end after their steps; again ends them at once\n")
    }
    var line = ProgressLine.onStandardError("study", unit: "runs", total: nil)
    let runner = StudyRunner(
      plan: plan, study: study, jobs: jobs, launcher: ProcessLauncher(),
      note: { if !StandardStreams.errorIsTerminal { tool.note($0) } },
      progress: { done, total, note in line.update(done, note: "of \(total), \(note)") })
    let isComplete = try runner.run { interruption.isRequested }
    try report(plan, in: study)
    guard isComplete else { throw Interrupted(continuation: "study \(study.url.path)") }
    let failed = plan.tasks.count { study.failure(of: $0.name) != nil }
    guard failed == 0 else {
      throw ToolError(
        "\(counted(failed, "run")) failed, see \(study.report.path); the others are done. Try them "
          + "again by --retry")
    }
  }

  private func report(_ plan: StudyPlan, in study: StudyDirectory) throws {
    try StudyReport(plan, in: study).write()
    try StandardStreams.output("\(study.report.path)\n")
  }

  private func perform(
    _ name: String, _ isAttached: Bool, _ plan: StudyPlan, _ study: StudyDirectory, _ tool: Tool
  ) throws {
    guard let task = plan.tasks.first(where: { $0.name == name }) else {
      let guess = nearestName(to: name, among: plan.tasks.map(\.name))
      throw ToolError(
        "the study has no run '\(name)'" + (guess.map { "; did you mean \($0)?" } ?? ""))
    }
    if isAttached { endWithStandardInput() }
    if let needed = task.dependencies.first(where: { !study.isDone($0) }) {
      throw ToolError("\(name) needs the result of \(needed) first")
    }
    try task.run(in: study, tool: tool)
  }

  /// Asks this process to end in good order when standard input closes.
  private func endWithStandardInput() {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(STDIN_FILENO, &byte, 1)
        guard count > 0 || count < 0 && errno == EINTR else { break }
      }
      kill(getpid(), SIGTERM)
    }
  }
}

extension StudyConfiguration {
  /// The study with paths that hold wherever it is gone on with.
  func withAbsolutePaths() -> StudyConfiguration {
    func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }
    /// A model's word is a path where there is such a folder.
    func model(_ word: String) -> String {
      FileManager.default.fileExists(atPath: word) ? absolute(word) : word
    }
    var study = self
    study.teacher = model(teacher)
    for index in study.regimes.indices {
      study.regimes[index].file = study.regimes[index].file.map(absolute)
      study.regimes[index].start = study.regimes[index].start.map(absolute)
    }
    for index in study.arms.indices {
      study.arms[index].model = study.arms[index].model.map(model)
    }
    for index in study.simulations.indices {
      study.simulations[index].start = study.simulations[index].start.map(absolute)
    }
    return study
  }
}
