import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

/// A potential with weights, whose labels are tested: one for each plan.
struct LabelCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var model: TrainedModel

  /// A network whose labels take rows.
  static let network = LabelCase(
    testDescription: "rows", model: ModelFixtures.threeElements)
  /// A potential with messages, whose labels take whole structures.
  static let messages = LabelCase(
    testDescription: "whole structures",
    model: ModelFixtures.randomized(MessagePassing.threeElements))
  /// One network for all elements, whose labels take rows with atomic numbers.
  static let density = LabelCase(
    testDescription: "rows with indices",
    model: ModelFixtures.randomized(DensityNetwork([.hydrogen, .carbon, .oxygen])))
  static let all = [network, density, messages]

  /// The properties that every potential has.
  static let properties: [Property] = [.energy, .force, .stress]
  static let terms = [
    LossTerm(.energy, weight: 0.7), LossTerm(.force, weight: 1.3), LossTerm(.stress, weight: 5),
  ]

  /// A molecule with an atom that no other one is near.
  static let withLoner: Structure = {
    var structure = ModelFixtures.waterMolecule
    structure.elements.append(.carbon)
    structure.positions.append([40, 0, 0])
    return structure
  }()

  /// All labels, an energy alone, forces and stress alone, energy and forces, nothing.
  static let structures: [Structure] = {
    var result = [
      ModelFixtures.waterBox, ModelFixtures.molecule, ModelFixtures.crystal, withLoner,
      ModelFixtures.waterMolecule,
    ]
    let stress = Matrix3([0.1, 0.02, -0.03], [0.02, 0.2, 0.05], [-0.03, 0.05, -0.3])
    for (number, energy) in [(0, -200.75), (1, -241.5), (3, -159.1)] {
      result[number].labels.energy = energy
    }
    for number in [0, 2, 3] {
      result[number].labels.forces = result[number].positions.map { $0 * 0.02 - 0.1 }
    }
    for number in [0, 2] { result[number].labels.stress = stress * Double(number + 1) }
    return result
  }()

  /// The energy without offsets, the forces and the stress, by the plan of the labels.
  func predictions(
    _ structures: [Structure], budget: FeatureBudget = FeatureBudget(), threads: Int = 1
  ) throws -> any PropertyPredictions {
    let (potential, state) = (model.potential, model.state(Double.self))
    let workers = Workers(count: threads)
    let members = Array(structures.indices)
    switch LabelGraphs(potential, Self.terms).plan {
    case .rows(let plan):
      let cache = try FeatureCache<Double>(
        structures, members: members, potential, plan, keepsStrains: true, budget: budget,
        workers: workers, progress: { _ in })
      return RowPredictions(
        Self.properties, structures, plan, cache.reader(), state, workers: workers)
    case .structures:
      let neighbors = try NeighborLists(
        structures, members: members, potential, budget: budget, workers: workers,
        progress: { _ in })
      return WholeStructurePredictions(
        Self.properties, structures, potential, neighbors, state, workers: workers)
    }
  }

  /// The same values from a calculator; without a cell, for a volume of one.
  func expected(_ structure: Structure) throws -> [[Double]] {
    let calculator: Calculator<Double> = model.calculator(skin: 0)
    try calculator.evaluate(structure)
    let volume = structure.cell?.volume ?? 1
    return [
      [calculator.energy - model.potential.energyOffset(of: structure)],
      calculator.forces.flatMap(\.components),
      Property.voigt.map { calculator.strainGradient[$0.row, $0.column] / volume },
    ]
  }

  /// Labels of all structures, by a schedule that takes all labels of a kind in one step, or else by the
  /// given one.
  func labels(
    _ data: TrainingData, schedule: (any BatchSchedule)? = nil,
    budget: FeatureBudget = FeatureBudget()
  ) throws -> StructureLabels<Double> {
    try StructureLabels(
      data, model.potential, terms: Self.terms,
      schedule: schedule ?? RandomLabels(["energy": 1000, "force": 1000, "stress": 1000]),
      budget: budget, workers: Workers(count: 2))
  }

  /// Structures to train on, of the given weights.
  static func data(weights: [Double]? = nil) throws -> TrainingData {
    try TrainingData(
      structures, trainingFraction: 1, seed: 3, weights: weights,
      reference: ReferenceEnergies([:]))
  }

  /// Runs graphs on the model's weights.
  func run(_ outputs: [Symbol], _ feed: Feed<Double>) throws -> [[Double]] {
    let session = Session(
      Program(outputs), state: model.state(Double.self), workers: Workers(count: 1))
    try session.run(feed)
    return outputs.indices.map { session.tensor($0).doubles }
  }
}
