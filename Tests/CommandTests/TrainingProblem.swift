import Atomistic
import Foundation
import Tensors

/// Six frames of eight water molecules, and a network so small that training takes no time.
enum TrainingProblem {
  /// The frames.
  static let structures: [Structure] = {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (40, 10)
    do {
      return try WaterDataset.generate(
        frames: 6, molecules: 8, densities: [1], temperatures: [400], seed: 5, sampling: sampling)
    } catch {
      preconditionFailure("TrainingProblem: \(error)")
    }
  }()

  static let ekf = "ekf: {}"
  static let adam = "adam: { learningRate: 0.01 }"

  /// A configuration of short runs.
  static func configuration(optimizer: String = ekf, precision: String = "float32") -> String {
    """
    {
      precision: "\(precision)",
      data: { file: "water.extxyz", split: { training: 0.67, validation: 0.33 } },
      network: { behlerParrinello: {
        hidden: [4],
        descriptors: {
          cutoff: { radius: 3 },
          functions: {
            H: [{ neighbors: ["H"], eta: 1 }, { neighbors: ["O"], eta: 1, shift: 1 }],
            O: [
              { neighbors: ["H"], eta: 1, shift: 1 }, { neighbors: ["O"], eta: 0.5 },
              { type: "narrowAngular", neighbors: ["H", "H"], eta: 0.1, lambda: -1 },
            ],
          },
        },
      } },
      optimizer: { \(optimizer) },  // chosen by the test
      run: { steps: 20, evaluateEvery: 5, checkpointEvery: 10, logEvery: 1 },
    }
    """
  }

  /// Writes the frames and a configuration into a folder.
  static func write(
    to folder: URL, optimizer: String = ekf, precision: String = "float32",
    _ change: (inout Structure) -> Void = { _ in }
  ) throws {
    var structures = structures
    for index in structures.indices { change(&structures[index]) }
    try StructureFile.write(structures, to: folder.appendingPathComponent("water.extxyz").path)
    try Data(configuration(optimizer: optimizer, precision: precision).utf8)
      .write(to: folder.appendingPathComponent("train.json"))
  }

  /// The bytes of a model directory's files, those of TensorBoard left out as they hold times.
  static func files(_ directory: URL) throws -> [String: Data] {
    let names = [
      "config.json", "model.safetensors", "last/model.safetensors", "metrics.csv",
      "checkpoint/state.safetensors",
    ]
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try Data(contentsOf: directory.appendingPathComponent($0)))
      })
  }
}
