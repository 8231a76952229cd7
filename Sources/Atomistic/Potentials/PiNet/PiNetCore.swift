import Graph
import Layers
import Tensors

/// What PiNet and PiNet2 have in common: features of elements, functions of distances, outputs.
struct PiNetCore: Equatable, Sendable {
  /// The choices.
  let settings: PiNetSettings
  /// The elements, sorted.
  let elements: [Element]
  /// The energies of isolated atoms.
  let reference: ReferenceEnergies

  init(
    _ settings: PiNetSettings, elements: [Element], reference: ReferenceEnergies
  ) throws {
    try settings.check()
    self.settings = settings
    self.elements = elements.sorted()
    self.reference = reference
  }

  /// Takes elements and reference energies from training structures.
  init(_ settings: PiNetSettings, _ data: TrainingStructures) throws {
    try self.init(
      settings, elements: settings.elements ?? data.elements, reference: data.reference)
  }

  /// The number of functions of the distance.
  var basisCount: Int { settings.radialBasis.count }

  /// The functions of the distance of each pair, [pairs, basis].
  func radial(_ distances: Symbol) -> Symbol {
    let values =
      switch settings.radialBasis {
      case .powers(let basis): basis(distances)
      case .gaussians(let basis): basis(distances)
      }
    return values.named("basis")
  }

  /// One in the column of an atom's element, zero elsewhere, [atoms, elements].
  func oneHot(_ inputs: AtomisticInputs) -> Symbol {
    ElementTable.oneHot(elements.map(\.number))(inputs.elements)
  }

  /// The part of a block in the energy of each atom, [atoms]: linear layers, the last without bias.
  func output(_ block: String, of properties: Symbol, width: Int) -> Symbol {
    let hidden = FeedForward(
      "\(block).out", inputs: width, nodes: settings.out, activation: .identity)
    let last = Dense(
      "\(block).output", inputs: settings.out.last ?? width, outputs: 1, bias: nil)
    return last(hidden(properties)).reshaped([AtomisticInputs.atoms])
  }
}
