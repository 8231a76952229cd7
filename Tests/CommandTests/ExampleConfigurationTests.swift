import Atomistic
import Foundation
import TestSupport
import Testing
import Train

@testable import AtomFlowTool

@Suite("The configurations of Examples")
struct ExampleConfigurationTests {
  private static let examples = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Examples")

  @Test("the published set-ups of RuNNer and n2p2 are examples")
  func otherPrograms() throws {
    let (runner, n2p2) = (
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent("water-runner.json").path, catalog: .standard),
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent("water-n2p2.json").path, catalog: .standard)
    )
    #expect(
      runner.schedule
        == ScheduleChoice(
          RunnerSchedule([
            "energy": .init(group: 10), "force": .init(fraction: 0.04, group: 10),
          ])))
    #expect(n2p2.schedule == ScheduleChoice(N2P2Schedule()))
  }

  @Test("the examples differ in the optimizer's line and the lengths of runs")
  func examples() throws {
    let names = ["water-ekf.json", "water-adam.json"]
    let (ekf, adam) = (
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent(names[0]).path, catalog: .standard),
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent(names[1]).path, catalog: .standard)
    )
    #expect(
      adam.optimizer
        == OptimizerChoice(
          Adam(
            learningRate: .exponential(initial: 1e-3, factor: 0.96, every: 1000),
            clipNorm: .together(0.01))))
    #expect(ekf.optimizer == OptimizerChoice(ExtendedKalmanFilter()))
    #expect(ekf.run.steps == 20_000 && adam.run.steps == 100_000)
    var changed = adam
    (changed.optimizer, changed.run) = (ekf.optimizer, ekf.run)
    #expect(changed == ekf)
  }

  @Test("the examples of PiNet differ from each other in the network alone")
  func messagePassingExamples() throws {
    let (first, second) = (
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent("water-pinet.json").path, catalog: .standard),
      try TrainingConfiguration.read(
        Self.examples.appendingPathComponent("water-pinet2.json").path, catalog: .standard)
    )
    #expect(first.network.kind == "pinet" && second.network.kind == "pinet2")
    var changed = first
    changed.network = second.network
    #expect(changed == second)
  }
}
