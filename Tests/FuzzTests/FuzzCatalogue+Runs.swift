import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Train

/// Files that a run leaves behind and a resumed run reads.
extension FuzzCatalogue {
  static let runs = [
    FuzzedReader(name: "restart", layout: .safeTensors, inputs: 300) { folder in
      try trajectories.enumerated().map { number, dynamics in
        let file = folder.appendingPathComponent("restart-\(number)")
        try DynamicsRestart(
          dynamics, plan: DynamicsPlan(steps: 100), trajectory: TrajectoryMark(byteCount: 7)
        )
        .write(to: file)
        return unchecked(Array(try Data(contentsOf: file)))
      }
    } read: { input in
      let restart = try DynamicsRestart(contentsOf: input.written(as: "restart"))
      let dynamics = try Dynamics<Double>(resuming: restart, FlexibleWater())
      try goOn(dynamics, restart, input.folder)
    },
    FuzzedReader(name: "metrics", layout: .text, inputs: 1500) { _ in
      let rows = (1...8).map { step in
        MetricsTable.Row(step: 10 * step, values: [0.5 / Double(step), nil, 1e-7 * Double(step)])
      }
      let columns = ["training.energy.rmse", "validation.energy.rmse", "weights.norm"]
      return [Array(MetricsTable(columns: columns, rows: rows).text.utf8)]
    } read: { input in
      let file = try input.written(as: "metrics.csv")
      _ = try? MetricsTable(contentsOf: file, allowingUnfinishedRow: true)
      _ = try MetricsTable(contentsOf: file)
    },
    FuzzedReader(name: "checkpoint", layout: .safeTensors, inputs: 800) { folder in
      try Checkpoint.write(state, TrainingPosition(seed: 3), to: folder)
      let file = folder.appendingPathComponent(Checkpoint.fileName)
      return [unchecked(Array(try Data(contentsOf: file)))]
    } read: { input in
      _ = try input.written(as: Checkpoint.fileName)
      _ = try Checkpoint.read(state, from: input.folder)
    },
  ]

  /// A state of the weights of a network.
  private static var state: State<Double> { ModelFixtures.water.state() }

  /// Two water molecules in ensembles with and without memory.
  private static var trajectories: [Dynamics<Double>] {
    get throws {
      let ensembles: [Ensemble] = [.nve, .nvt(Thermostat(temperature: 300))]
      return try ensembles.map { ensemble in
        let dynamics = try Dynamics<Double>(
          ModelFixtures.waterBox, FlexibleWater(), settings: DynamicsSettings(ensemble),
          temperature: 300, random: RandomStream(seed: 4))
        for _ in 0..<2 { try dynamics.advance() }
        return dynamics
      }
    }
  }

  /// Writes the files of two more steps.
  private static func goOn(
    _ dynamics: Dynamics<Double>, _ restart: DynamicsRestart, _ folder: URL
  ) throws {
    var plan = restart.plan
    plan.steps = dynamics.step < .max - 2 ? dynamics.step + 2 : dynamics.step
    let run = DynamicsRun(
      dynamics, plan: plan,
      trajectory: try TrajectoryWriter(
        creating: folder.appendingPathComponent("trajectory.extxyz").path),
      restartFile: folder.appendingPathComponent("written-restart"),
      hooks: DynamicsHooks { _, _, _ in })
    _ = try run.run()
  }
}
