import Atomistic
import Foundation
import Train

@testable import AtomFlowTool

/// A study of seconds: two arms with a tiny network, eight molecules, some steps.
enum StudyFixture {
  /// The configuration, with words in place of some of its parts.
  static func text(
    arms: String = """
    { name: "ekf", set: { optimizer: { ekf: {} } } },
    { name: "adam", set: { optimizer: { adam: { learningRate: 0.01 } }, "run.steps": 30 } },
    """,
    extra: String = ""
  ) -> String {
    """
    {
      seed: 4, teacherSeeds: 1, seeds: 2,
      regimes: [{
        name: "small", molecules: 8, frames: 12, densities: [0.9, 1.0], temperatures: [300],
        equilibration: 40, interval: 10,
      }],
      training: {
        network: { behlerParrinello: {
          hidden: [4],
          descriptors: {
            cutoff: { radius: 3 },
            functions: {
              H: [{ neighbors: ["H"], eta: 1 }, { neighbors: ["O"], eta: 1, shift: 1 }],
              O: [{ neighbors: ["H"], eta: 1, shift: 1 }, { neighbors: ["O"], eta: 0.5 }],
            },
          },
        } },
        run: { steps: 20, evaluateEvery: 5, checkpointEvery: 10, logEvery: 10 },
      },
      arms: [\(arms)],
      simulations: [
        {
          name: "npt", density: 1.0, molecules: 8, equilibration: 40, steps: 60, frameEvery: 10,
          logEvery: 5, densityRange: [0.01, 10],
        },
      ],
      fisher: { labels: 40 },
      \(extra)
    }
    """
  }

  static func configuration(_ text: String = text()) throws -> StudyConfiguration {
    try StrictJSON(Data(text.utf8), source: "study.json").decode(
      StudyConfiguration.self, userInfo: Catalog.standard.userInfo)
  }

  static func plan(_ text: String = text()) throws -> StudyPlan {
    try StudyPlan(configuration(text), catalog: .standard)
  }

  /// Writes the configuration of a study into its folder.
  static func begin(_ plan: StudyPlan, in study: StudyDirectory) throws {
    try FileManager.default.createDirectory(at: study.url, withIntermediateDirectories: true)
    try Data(StrictJSON.text(of: plan.configuration).utf8).write(to: study.configurationFile)
  }
}
