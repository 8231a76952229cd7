import Atomistic
import Foundation
import Tensors
import Train

/// One run of `atomflow md`: reads model and start or restart, goes on, and keeps the files.
struct DynamicsJob {
  /// The start of a run.
  enum Origin {
    case start(DynamicsStart)
    /// Goes on, perhaps to another number of steps.
    case restart(steps: Int?)
  }

  let model: String
  let origin: Origin
  let files: DynamicsFiles
  let replaces: Bool
  let threads: Int

  /// Goes on until the steps are done.
  ///
  /// Throws what is wrong with model or files, why a trajectory has ended early, and `Interrupted`
  /// after Ctrl-C.
  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model, in: tool.catalog)
    switch origin {
    case .start(let start):
      try files.check(inputs: [start.file] + model.files)
      if let file = files.present.first, !replaces {
        throw ToolError(
          "\(file) is there already; go on with a run by --resume, replace it by --force, or name "
            + "another file with -o")
      }
      switch start.precision {
      case .float32: try begin(start, model, tool, Float.self)
      case .float64: try begin(start, model, tool, Double.self)
      }
    case .restart(let steps):
      try files.check(inputs: model.files)
      guard FileManager.default.fileExists(atPath: files.restart.path) else {
        throw ToolError(
          "\(files.restart.path) is not there: there is no run to go on with; start it")
      }
      var restart = try DynamicsRestart(contentsOf: files.restart)
      if let steps { restart.plan.steps = steps }
      switch restart.precision {
      case .float32: try goOn(restart, model, Float.self)
      case .float64: try goOn(restart, model, Double.self)
      }
    }
  }

  private func begin<Scalar: RealScalar>(
    _ start: DynamicsStart, _ model: ModelSource, _ tool: Tool, _: Scalar.Type
  ) throws {
    let structure = try start.structure(for: model, in: tool)
    let dynamics = try Dynamics(
      structure, model.potential, state: model.state(Scalar.self),
      settings: start.settings(for: structure), temperature: start.temperature,
      random: RandomStream(seed: UInt64(start.seed)), workers: Workers(count: threads))
    let velocities = structure.velocities == nil ? "velocities drawn" : "velocities of the start"
    note(
      "\(structure.formula), \(velocities), \(decimal(dynamics.sample.temperature, 0)) K")
    // The trajectory comes first: it is what another process that writes the same files is met at.
    let trajectory = try TrajectoryWriter(creating: files.trajectory)
    let log = try DynamicsLog(creating: files.log)
    try run(dynamics, start.plan, trajectory, log, model)
  }

  private func goOn<Scalar: RealScalar>(
    _ restart: DynamicsRestart, _ model: ModelSource, _: Scalar.Type
  ) throws {
    let dynamics = try Dynamics(
      resuming: restart, model.potential, state: model.state(Scalar.self),
      workers: Workers(count: threads))
    let error = dynamics.energyError(since: restart)
    let atoms = Double(dynamics.structure.count)
    guard error <= 1e-4 * atoms else {
      throw ToolError(
        "the energy is \(error) eV off that in \(files.restart.path): the run was started with "
          + "another model")
    }
    if error > 0 {
      note(
        "warning: the energy is \(error) eV off that of the restart, so the run does not go on bit "
          + "for bit; were there other threads, or another computer?")
    }
    let trajectory = try TrajectoryWriter(resuming: files.trajectory, at: restart.trajectory)
    let log = try DynamicsLog(resuming: files.log, restart)
    if let warning = log.warning { note("warning: \(warning)") }
    if restart.step >= restart.plan.steps {
      note("all \(restart.plan.steps) steps are done already; ask for more by --steps")
    }
    try run(dynamics, restart.plan, trajectory, log, model)
  }

  private func run<Scalar: RealScalar>(
    _ dynamics: Dynamics<Scalar>, _ plan: DynamicsPlan, _ trajectory: TrajectoryWriter,
    _ log: DynamicsLog, _ model: ModelSource
  ) throws {
    let start = dynamics.step
    let interruption = Interruption()
    var line = ProgressLine.onStandardError(
      "md", unit: "steps", total: plan.steps, done: dynamics.step)
    let hooks = DynamicsHooks(
      log: log.append,
      report: { report in
        switch report {
        case .step(let step): line.update(step)
        case .extrapolation(let found, let step):
          note("warning: step \(step): a value outside of the training range: \(found)")
        }
      },
      isInterrupted: { interruption.isRequested })
    let run = DynamicsRun(
      dynamics, plan: plan, trajectory: trajectory, restartFile: files.restart, hooks: hooks)
    defer {
      if let count = dynamics.extrapolations, count.total > 0 {
        note("warning: \(count.summary)")
      }
    }
    let isDone = try run.run()
    if dynamics.step > start { line.finish(dynamics.step) }
    guard isDone else {
      throw Interrupted(continuation: "md \(self.model) --resume -o \(files.trajectory)")
    }
    try StandardStreams.output(
      try DynamicsLog.summary(of: files.log, atoms: dynamics.structure.count))
  }

  private func note(_ text: String) { StandardStreams.error(text + "\n") }
}
