public import Foundation
public import Tensors

/// The functions that a run calls: for its log, its reports, and whether to go on.
public struct DynamicsHooks {
  /// Writes a row of the log; the rate is in atom steps a second.
  public var log: (_ sample: DynamicsSample, _ extrapolations: Int?, _ rate: Double) throws -> Void
  /// Hears of each step.
  public var report: (DynamicsReport) -> Void
  /// Whether the run should end after this step.
  public var isInterrupted: () -> Bool

  /// Makes hooks.
  public init(
    log: @escaping (DynamicsSample, _ extrapolations: Int?, _ rate: Double) throws -> Void,
    report: @escaping (DynamicsReport) -> Void = { _ in },
    isInterrupted: @escaping () -> Bool = { false }
  ) {
    (self.log, self.report, self.isInterrupted) = (log, report, isInterrupted)
  }
}

/// The events of a run.
public enum DynamicsReport {
  /// So many steps are done.
  case step(Int)
  /// The first value outside of the training range.
  case extrapolation(Extrapolation, step: Int)
}

/// A trajectory with its files: frames, log and restart.
public final class DynamicsRun<Scalar: RealScalar> {
  private let dynamics: Dynamics<Scalar>
  private let plan: DynamicsPlan
  private let trajectory: TrajectoryWriter
  private let restartFile: URL
  private let hooks: DynamicsHooks
  private var lastLog: (time: ContinuousClock.Instant, step: Int)
  private var hasWarned = false

  /// Puts a run together; a resumed one goes on with the frames up to its restart.
  public init(
    _ dynamics: Dynamics<Scalar>, plan: DynamicsPlan, trajectory: TrajectoryWriter,
    restartFile: URL, hooks: DynamicsHooks
  ) {
    (self.dynamics, self.plan, self.trajectory) = (dynamics, plan, trajectory)
    (self.restartFile, self.hooks) = (restartFile, hooks)
    lastLog = (.now, dynamics.step)
  }

  /// Goes on until the plan is done; returns false if it was interrupted.
  ///
  /// Frames and rows of the log are written at their intervals, with one for the start; a restart
  /// file is there from the start on, and at the end. A run that goes on writes none of these for its
  /// first step again.
  ///
  /// - Throws: A `DynamicsError` if the trajectory ends early, once the last good frame is written,
  ///   and what the files throw.
  public func run() throws -> Bool {
    if dynamics.step == 0, trajectory.mark.byteCount == 0 {
      try log()
      try writeFrame()
      try save()
    }
    warn()
    while dynamics.step < plan.steps {
      do { try dynamics.advance() } catch {
        // At an interval the frame of the last good step is there already.
        if dynamics.step % plan.frameEvery != 0 { try? writeFrame() }
        throw error
      }
      let step = dynamics.step
      let (isLast, isInterrupted) = (step == plan.steps, hooks.isInterrupted())
      hooks.report(.step(step))
      warn()
      if step % plan.logEvery == 0 { try log() }
      if step % plan.frameEvery == 0 { try writeFrame() }
      if step % plan.restartEvery == 0 || isLast || isInterrupted { try save() }
      if isInterrupted && !isLast { return false }
    }
    return true
  }

  private func warn() {
    guard !hasWarned, let count = dynamics.extrapolations, let first = count.last else { return }
    hasWarned = true
    hooks.report(.extrapolation(first, step: dynamics.step))
  }

  private func log() throws {
    let now = ContinuousClock.now
    let seconds = (now - lastLog.time) / .seconds(1)
    let work = Double((dynamics.step - lastLog.step) * dynamics.structure.count)
    lastLog = (now, dynamics.step)
    try hooks.log(
      dynamics.sample, dynamics.extrapolations?.total, seconds > 0 ? work / seconds : 0)
  }

  private func writeFrame() throws {
    let sample = dynamics.sample
    var frame = dynamics.frame
    frame.info = [
      "step": "\(sample.step)", "time": "\(sample.time)", "temperature": "\(sample.temperature)",
    ]
    frame.info["pressure"] = sample.pressure.map { "\($0)" }
    try trajectory.append(frame)
  }

  private func save() throws {
    try trajectory.synchronize()
    try DynamicsRestart(dynamics, plan: plan, trajectory: trajectory.mark)
      .write(to: restartFile)
  }
}
