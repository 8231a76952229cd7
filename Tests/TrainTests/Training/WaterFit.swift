import Atomistic
import Foundation
import Graph
import Tensors
import Train

/// A small network potential of water, trained on energies and forces of the flexible water model.
struct WaterFit<Scalar: RealScalar> {
  private let data: TrainingData
  private let potential: BehlerParrinello

  /// Boxes of water whose atoms are a little out of place.
  static func boxes() throws -> [Structure] {
    var random = RandomStream(seed: 11)
    let calculator = Calculator<Double>(FlexibleWater(), computesStress: false)
    return try (0..<24).map { _ in
      var box = WaterBox.structure(molecules: 32, density: 0.9, random: &random)
      for atom in box.positions.indices {
        box.positions[atom] += 0.03 * SIMD3(random.normal(), random.normal(), random.normal())
      }
      box.labels = try calculator(box)
      return box
    }
  }

  /// Twelve radial functions of each pair of elements, up to 5 angstrom, and two layers of 12 nodes.
  private static func settings() throws -> BehlerParrinello.Settings {
    let functions = ["H", "O"].flatMap { neighbor in
      (0..<12).map { "{ neighbors: ['\(neighbor)'], eta: 4, shift: \(0.4 * Double($0)) }" }
    }.joined(separator: ", ")
    let text = """
      { hidden: [12, 12], descriptors: {
        cutoff: { function: 'tanhCubed', radius: 5 },
        functions: { H: [\(functions)], O: [\(functions)] },
      } }
      """
    return try StrictJSON(Data(text.utf8), source: "WaterFit").decode(
      BehlerParrinello.Settings.self)
  }

  init(_ structures: [Structure]) throws {
    data = try TrainingData(training: structures)
    potential = try BehlerParrinello(
      Self.settings(), data.structuresToTrain(workers: Workers(count: 2)))
  }

  /// What comes out of a training.
  struct Outcome: Equatable {
    var weights: [Double]
    var energies: [Double]
    /// For each kind of label, in how many phases of a step threads shared out rows.
    var sharedRowPhases: [Int]
  }

  /// Trains from the start for some steps.
  func train(_ optimizer: any Optimizer, threads: Int, steps: Int) throws -> Outcome {
    let training = try PotentialTraining<Scalar>(
      potential, data, schedule: RandomLabels(["energy": 24, "force": 30]), optimizer: optimizer,
      seed: 4, workers: Workers(count: threads))
    for _ in 0..<steps { try training.trainer.advance() }
    let calculator = training.model.calculator(Double.self)
    return Outcome(
      weights: training.model.parameters,
      energies: try data.structures.map { structure in
        try calculator.evaluate(structure)
        return calculator.energy - potential.energyOffset(of: structure)
      },
      sharedRowPhases: training.trainer.sharedRowPhases)
  }
}
