import Atomistic
import Foundation
import Graph
import Layers
import Tensors
import TestSupport
import Testing
import Train

/// A message-passing potential whose atoms also carry charges, and whose structures the moment of these.
private struct ChargedAtoms: TrainablePotential {
  static let kind = "chargedAtoms"
  static let defaultSettings = MessagePassing.defaultSettings
  static let properties: [Property] = [.energy, .force, .stress, charge, moment]
  static let charge = Property(name: "charge", unit: "e", carrier: .atom, components: 1)
  static let moment = Property(
    name: "moment", unit: "e angstrom", carrier: .structure, components: 3)

  let model: MessagePassing

  init(_ settings: MessagePassing.Settings, _ data: TrainingStructures) {
    model = MessagePassing(settings, data)
  }

  var elements: [Element] { model.elements }
  var cutoff: Double { model.cutoff }
  func energyOffset(of element: Element) -> Double { model.energyOffset(of: element) }
  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol { model.atomicEnergies(inputs) }

  func values(of property: Property, _ inputs: AtomisticInputs) -> Symbol? {
    let charges = Embedding("charges", elements: elements.map(\.number), channels: 1)(
      inputs.elements)
    switch property.name {
    case Self.charge.name: return charges
    case Self.moment.name:
      let moments =
        inputs.positions * charges.flattened().broadcast(to: [AtomisticInputs.atoms, 3], axes: [0])
      return moments.segmentSum(by: inputs.structureOfAtom, count: AtomisticInputs.structures)
    default: return nil
    }
  }
}

@Suite("A property of a package")
struct OwnPropertyTests {
  /// Molecules of water in whose file hydrogen has +0.4 e and oxygen -0.8 e; every third has no
  /// charges, and every fourth no moment.
  private static func text() -> String {
    var random = RandomStream(seed: 3)
    var text = ""
    for number in 0..<24 {
      let atoms: [(String, SIMD3<Double>, Double)] = [
        ("O", .zero, -0.8), ("H", [0.96, 0, 0], 0.4), ("H", [-0.24, 0.93, 0], 0.4),
      ].map { name, position, charge in
        (name, position + 0.05 * SIMD3(random.normal(), random.normal(), random.normal()), charge)
      }
      let moment = atoms.reduce(SIMD3<Double>.zero) { $0 + $1.2 * $1.1 }
      let hasCharges = number % 3 != 2
      let properties = "species:S:1:pos:R:3\(hasCharges ? ":q:R:1" : "")"
      let label = number % 4 == 3 ? "" : " mu=\"\(moment.x) \(moment.y) \(moment.z)\""
      text += "3\nProperties=\(properties) energy=-14.2 pbc=\"F F F\"\(label)\n"
      for (name, position, charge) in atoms {
        text += "\(name) \(position.x) \(position.y) \(position.z)"
        text += hasCharges ? " \(charge)\n" : "\n"
      }
    }
    return text
  }

  private static let terms = [
    LossTerm(.energy), LossTerm(ChargedAtoms.charge), LossTerm(ChargedAtoms.moment),
  ]

  static let schedules: [any BatchSchedule] = [
    RandomLabels(["energy": 1, "charge": 6, "moment": 6]), WholeStructures(perStep: 4),
  ]
  static let optimizers: [any Optimizer] = [
    Adam(learningRate: .constant(0.01)), ExtendedKalmanFilter(),
  ]

  @Test(
    "is read from a file, trained on, reported and predicted", arguments: schedules.indices,
    optimizers.indices)
  func training(schedule: Int, optimizer: Int) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("water.extxyz")
      try Data(Self.text().utf8).write(to: file)
      let keys = LabelKeys(others: [
        "charge": .init("q", carrier: .atom, components: 1),
        "moment": .init("mu", carrier: .structure, components: 3),
      ])
      let structures = try StructureFile.read(file.path, options: .init(keys: keys)).structures
      #expect(structures.count { $0.labels.others["charge"] != nil } == 16)
      #expect(structures.count { $0.labels.others["moment"] != nil } == 18)
      let data = try TrainingData(structures, seed: 1)
      let potential = ChargedAtoms(.init(), try data.structuresToTrain(workers: Workers(count: 1)))
      let training = try PotentialTraining<Double>(
        potential, data, terms: Self.terms, schedule: Self.schedules[schedule],
        optimizer: Self.optimizers[optimizer], seed: 1, workers: Workers(count: 1))
      let names = training.evaluator.metricNames
      func errors() throws -> [Double] {
        let metrics = try training.evaluator.evaluate().metrics
        return try ["charge", "moment"].map { name in
          let place = try #require(names.firstIndex(of: "validation.\(name).rmse"))
          return try #require(metrics[place])
        }
      }
      let before = try errors()
      let directory = ModelDirectory(folder.appendingPathComponent("model"))
      let isDone = try training.run(
        TrainingPlan(steps: optimizer == 0 ? 600 : 150), in: directory.lock())
      #expect(isDone)
      let after = try errors()
      #expect(before[0] > 0.2 && after[0] < 0.01 && after[1] < 0.01)

      let kinds = Catalog.standard.adding(ChargedAtoms.self).models
      let model = try TrainedModel.load(directory.url, kinds: kinds)
      #expect(model.potential is ChargedAtoms)
    }
  }
}
