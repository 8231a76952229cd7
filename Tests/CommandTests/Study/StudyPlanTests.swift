import Atomistic
import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("The plan of a study")
struct StudyPlanTests {
  @Test("every run comes after those that it needs, each name once")
  func order() throws {
    let tasks = try StudyFixture.plan().tasks
    var seen: Set<String> = []
    for task in tasks {
      #expect(seen.isSuperset(of: task.dependencies), "\(task.name)")
      #expect(seen.insert(task.name).inserted, "\(task.name)")
    }
    // Data, start, teacher, and per model a training and a simulation; Fisher of the first models.
    #expect(tasks.count == 1 + 1 + 1 + 2 * 2 * 2 + 2)
  }

  @Test("an arm is the common training with its own keys, and with one thread")
  func arms() throws {
    let configuration = try StudyFixture.configuration()
    let trainings = try configuration.arms.map {
      try configuration.training(of: $0, catalog: .standard)
    }
    #expect(trainings.map(\.optimizer.kind) == ["ekf", "adam"])
    #expect(trainings.map(\.run.steps) == [20, 30])
    #expect(
      trainings.allSatisfy { $0.threads == 1 && $0.network == configuration.training.network })
    let plan = try StudyFixture.plan()
    #expect(plan.cells.map(\.group) == ["ekf", "adam"])
    #expect(plan.cells.map(\.learningRate) == [1, 0.01])
  }

  @Test("a configuration that is written is read as the same")
  func roundTrip() throws {
    let configuration = try StudyFixture.configuration()
    let text = try StrictJSON.text(of: configuration)
    #expect(try StudyFixture.configuration(text) == configuration)
  }

  @Test("a size changes frames and steps, but neither seeds nor arms")
  func scale() throws {
    let half = try StudyFixture.configuration().scaled(by: 0.5)
    #expect(half.training.run.steps == 20 && half.arms[1].set["run.steps"] == .integer(15))
    #expect(half.simulations[0].steps == 40 && half.seeds == 2 && half.arms.count == 2)
    let large = try StudyFixture.configuration().scaled(by: 3)
    #expect(large.regimes[0].frames == 36 && large.simulations[0].steps == 180)
  }

  @Test(
    "a wrong key is named with its place",
    arguments: [
      ("arms: []", "arms", "at least one arm"),
      ("teachers: 'spcfw'", "teachers", "did you mean 'teacher'?"),
      ("arms: [{ name: 'a/b' }]", "arms", "folders are called so"),
      ("arms: [{ name: 'a' }, { name: 'a' }]", "arms", "give each its own"),
      ("arms: [{ name: 'a', model: 'spcfw', set: { seed: 2 } }]", "set", "sets nothing"),
      ("simulations: [{ name: 'x', ensemble: 'nvp' }]", "ensemble", "did you mean \"nve\"?"),
      ("simulations: [{ name: 'x', densityRange: [2, 1] }]", "densityRange", "the lower one first"),
      ("seeds: 0", "seeds", "larger than 0"),
    ])
  func faults(change: String, key: String, words: String) throws {
    let given = String(change.prefix { $0 != ":" })
    let error = #expect(throws: ConfigurationError.self) {
      try StudyFixture.configuration(
        "{ regimes: [{ name: 'a' }], \(Self.rest(without: given)) \(change) }")
    }
    let text = "\(try #require(error))"
    #expect(text.contains(key) && text.contains(words), "\(text)")
  }

  /// The keys that a configuration needs, without one that a test gives itself.
  private static func rest(without key: String) -> String {
    key == "arms" ? "" : "arms: [{ name: 'ekf' }],"
  }

  @Test("what an arm sets wrongly is found before anything runs")
  func wrongArm() throws {
    let arms = "{ name: 'fast', set: { 'run.stps': 3 } }"
    let error = #expect(throws: ConfigurationError.self) {
      try StudyFixture.plan(StudyFixture.text(arms: arms))
    }
    let text = "\(try #require(error))"
    #expect(
      text.contains("the arm 'fast'") && text.contains("did you mean 'steps'?"), "\(text)")
  }

  @Test("the scripts for Slurm have a line for each run, and levels that follow each other")
  func slurm() throws {
    try withTemporaryDirectory { folder in
      let plan = try StudyFixture.plan()
      let study = StudyDirectory(folder.appendingPathComponent("it's").path)
      try StudyFixture.begin(plan, in: study)
      let scripts = SlurmScripts(plan, in: study, program: "/opt/atom flow")
      #expect(scripts.levels.joined().count == plan.tasks.count)
      #expect(scripts.levels[0] == ["data/small", "start/npt"])
      var earlier: Set<String> = []
      let tasks = Dictionary(uniqueKeysWithValues: plan.tasks.map { ($0.name, $0) })
      for level in scripts.levels {
        for name in level { #expect(earlier.isSuperset(of: tasks[name]?.dependencies ?? [])) }
        earlier.formUnion(level)
      }
      try scripts.write()
      for script in [scripts.taskScript, scripts.reportScript, scripts.submissionScript] {
        #expect(script.hasPrefix("#!/bin/sh\n"))
      }
      #expect(scripts.taskScript.contains("'/opt/atom flow' study '\(folder.path)/it'\\''s' --run"))
      #expect(scripts.taskScript.contains("--requeue"))
      #expect(scripts.submissionScript.contains("--array=1-\(scripts.levels[1].count)"))
      #expect(scripts.submissionScript.contains("afterany"))
      // The shell reads what it is meant to.
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-n", scripts.submission.path]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
  }
}
