import Atomistic
import Graph
import Layers

/// A message-passing potential that also gives atoms charges, and structures the dipole of these.
///
///     q_i = perceptron(h_i)          μ = Σ_i q_i x_i
struct Dipole: TrainablePotential {
  static let kind = "dipole"
  static let defaultSettings = MessagePassing.defaultSettings
  static let properties: [Property] = [.energy, .force, .stress, charge, dipole]

  static let charge = Property(name: "charge", unit: "e", carrier: .atom, components: 1)
  static let dipole = Property(
    name: "dipole", unit: "e angstrom", carrier: .structure, components: 3)

  let model: MessagePassing

  init(_ settings: MessagePassing.Settings, _ data: TrainingStructures) throws {
    model = try MessagePassing(settings, data)
  }

  var elements: [Element] { model.elements }
  var cutoff: Double { model.cutoff }

  func energyOffset(of element: Element) -> Double { model.energyOffset(of: element) }

  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol { model.atomicEnergies(inputs) }

  func values(of property: Property, _ inputs: AtomisticInputs) -> Symbol? {
    let channels = model.settings.channels
    let charges = Perceptron("charge", sizes: [channels, channels, 1])(model.features(inputs))
    switch property.name {
    case Self.charge.name: return charges
    case Self.dipole.name:
      let moments =
        inputs.positions * charges.flattened().broadcast(to: [.named("atoms"), 3], axes: [0])
      return moments.segmentSum(by: inputs.structureOfAtom, count: AtomisticInputs.structures)
    default: return nil
    }
  }
}
