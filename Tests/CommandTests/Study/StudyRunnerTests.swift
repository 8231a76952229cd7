import Foundation
import Synchronization
import TestSupport
import Testing

@testable import AtomFlowTool

/// Ends tasks at once in a way that a test chooses, and remembers their names.
private final class TestLauncher: TaskLauncher {
  let started = Mutex<[String]>([])
  let most = Mutex<(now: Int, highest: Int)>((0, 0))
  let ending: @Sendable (String, Int) -> TaskEnding

  init(_ ending: @escaping @Sendable (_ name: String, _ time: Int) -> TaskEnding) {
    self.ending = ending
  }

  func launch(
    _ name: String, in study: StudyDirectory, ended: @escaping @Sendable (TaskEnding) -> Void
  ) throws -> @Sendable () -> Void {
    let time = started.withLock { started in
      started.append(name)
      return started.count { $0 == name }
    }
    most.withLock { $0 = ($0.now + 1, max($0.highest, $0.now + 1)) }
    let ending = ending(name, time)
    if ending == .status(0) {
      try FileManager.default.createDirectory(
        at: study.folder(of: name), withIntermediateDirectories: true)
      try study.write([String: String](), of: name)
    }
    DispatchQueue.global().async {
      self.most.withLock { $0.now -= 1 }
      ended(ending)
    }
    return {}
  }
}

@Suite("The runner of a study")
struct StudyRunnerTests {
  private func run(
    jobs: Int = 2, in study: StudyDirectory, _ launcher: TestLauncher,
    isInterrupted: () -> Bool = { false }
  ) throws -> (isComplete: Bool, states: [String: StudySchedule.State]) {
    let plan = try StudyFixture.plan()
    let runner = StudyRunner(
      plan: plan, study: study, jobs: jobs, launcher: launcher, note: { _ in },
      progress: { _, _, _ in })
    let isComplete = try runner.run(isInterrupted: isInterrupted)
    return (isComplete, StudySchedule(plan, in: study).states())
  }

  @Test("all runs are done, each once, after those that they need, a few at a time")
  func all() throws {
    try withTemporaryDirectory { folder in
      let launcher = TestLauncher { _, _ in .status(0) }
      let (isComplete, states) = try run(in: StudyDirectory(folder.path), launcher)
      #expect(isComplete && states.values.allSatisfy { $0 == .done })
      let started = launcher.started.withLock { $0 }
      #expect(Set(started).count == started.count && started.count == states.count)
      #expect(launcher.most.withLock { $0.highest } <= 2)
      for task in try StudyFixture.plan().tasks {
        let place = try #require(started.firstIndex(of: task.name))
        #expect(Set(started[..<place]).isSuperset(of: task.dependencies))
      }
      let second = TestLauncher { _, _ in .status(0) }
      _ = try run(in: StudyDirectory(folder.path), second)
      #expect(second.started.withLock { $0.isEmpty })
    }
  }

  @Test("a failed run takes those that need it along, and the others go on")
  func failure() throws {
    try withTemporaryDirectory { folder in
      let study = StudyDirectory(folder.path)
      let launcher = TestLauncher { name, _ in .status(name == "train/small/ekf/4" ? 1 : 0) }
      let (isComplete, states) = try run(in: study, launcher)
      #expect(isComplete && states["train/small/ekf/4"] == .failed)
      #expect(states["simulate/small/ekf/4/npt"] == .failed)
      #expect(states["simulate/small/ekf/5/npt"] == .done)
      #expect(states.values.count { $0 == .failed } == 3)
      #expect(study.failure(of: "train/small/ekf/4")?.contains("status 1") == true)
    }
  }

  @Test("a run that a signal ends goes on, but not for ever")
  func signals() throws {
    try withTemporaryDirectory { folder in
      let study = StudyDirectory(folder.path)
      let launcher = TestLauncher { name, time in
        switch name {
        case "train/small/ekf/4": time < 3 ? .signal(9) : .status(0)
        case "train/small/adam/4": .signal(11)
        default: .status(0)
        }
      }
      let (_, states) = try run(in: study, launcher)
      #expect(states["train/small/ekf/4"] == .done && states["train/small/adam/4"] == .failed)
      #expect(launcher.started.withLock { $0.count { $0 == "train/small/adam/4" } } == 4)
    }
  }

  @Test("an interruption starts nothing more, and the rest is done later")
  func interruption() throws {
    try withTemporaryDirectory { folder in
      let study = StudyDirectory(folder.path)
      let launcher = TestLauncher { _, _ in .status(0) }
      let (isComplete, states) = try run(jobs: 1, in: study, launcher) {
        launcher.started.withLock { $0.count > 3 }
      }
      #expect(!isComplete && states.values.contains { $0 == .done })
      #expect(states.values.contains { $0 != .done })
      let (isDone, rest) = try run(in: study, TestLauncher { _, _ in .status(0) })
      #expect(isDone && rest.values.allSatisfy { $0 == .done })
    }
  }

  @Test("the run with the longest work behind it is the first")
  func longest() throws {
    try withTemporaryDirectory { folder in
      let plan = try StudyFixture.plan()
      let schedule = StudySchedule(plan, in: StudyDirectory(folder.path))
      let chains = schedule.chains()
      for task in plan.tasks {
        for needed in task.dependencies {
          let own = try #require(chains[task.name])
          #expect(try #require(chains[needed]) >= own)
        }
      }
    }
  }
}
