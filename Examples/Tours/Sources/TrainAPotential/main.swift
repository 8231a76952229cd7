import Atomistic
import Foundation
import Graph
import Layers
import Tensors
import Train

/// Atoms with features by element, to which their neighbours add messages `h_j ∘ (e(r_ij) W)`.
struct MessagePassing: TrainablePotential {
  struct Settings: Codable, Equatable, Sendable { var channels = 8 }

  static let kind = "messagePassing"
  static let defaultSettings = Settings()
  let settings: Settings
  let reference: ReferenceEnergies

  init(_ settings: Settings, _ data: TrainingStructures) {
    (self.settings, reference) = (settings, data.reference)
  }

  var elements: [Element] { reference.energies.keys.sorted() }
  var cutoff: Double { 4 }
  func energyOffset(of element: Element) -> Double { reference.energies[element] ?? 0 }

  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let channels = settings.channels
    let features = Embedding(
      "embedding", elements: elements.map(\.number), channels: channels)(inputs.elements)
    let basis = GaussianBasis(count: 8, from: 0.8, cutoff: Cutoff(.polynomial2, radius: cutoff))
    let radial = basis(inputs.displacements.norm(along: 1))
    let filters = Dense("filter", inputs: 8, outputs: channels, bias: nil)(radial)
    let messages = (features.gathered(by: inputs.second) * filters)
      .segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
    let rows = Symbol.concatenating([features, messages], axis: 1)
    return Perceptron("energy", sizes: [2 * channels, 16, 1])(rows).flattened()
  }
}

// Water labelled by a classical model. Forces and their errors' Jacobian follow from the energy.
let workers = Workers(count: 2)
let data = try TrainingData(WaterDataset.generate(frames: 20, molecules: 8, seed: 1), seed: 1)
let training = try PotentialTraining<Float>(
  MessagePassing(.init(), data.structuresToTrain(workers: workers)), data,
  optimizer: ExtendedKalmanFilter(), seed: 1, workers: workers)
let before = training.evaluator.evaluate().loss
let directory = ModelDirectory(NSTemporaryDirectory() + UUID().uuidString)
_ = try training.run(TrainingPlan(steps: 200), in: directory.lock())

// The directory holds all that energies and forces of other structures need.
let kinds = Catalog.standard.adding(MessagePassing.self).models
let calculator = try TrainedModel.load(directory.url, kinds: kinds).calculator(Double.self)
let energy = try calculator(data.structures[0]).energy ?? .nan
try FileManager.default.removeItem(at: directory.url)
let after = training.evaluator.evaluate().loss
print("validation loss \(before) before, \(after) after 200 steps; an energy: \(energy) eV")
exit(after < before / 4 && energy.isFinite ? 0 : 1)
