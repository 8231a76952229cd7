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
  /// The shortest distances in the training structures; nil where there were none.
  let shortest: ShortestDistances?

  init(
    _ settings: PiNetSettings, elements: [Element], reference: ReferenceEnergies,
    shortest: ShortestDistances? = nil
  ) throws {
    try settings.check()
    self.settings = settings
    self.elements = elements.sorted()
    self.reference = reference
    self.shortest = shortest
  }

  /// Takes elements and reference energies from training structures.
  init(_ settings: PiNetSettings, _ data: TrainingStructures) throws {
    try self.init(
      settings, elements: settings.elements ?? data.elements, reference: data.reference,
      shortest: ShortestDistances(data, cutoff: settings.cutoff))
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

  /// The ranges of the distances in the training structures.
  func trainingRanges(_ inputs: AtomisticInputs) -> [TrainingRange] {
    shortest?.trainingRanges(inputs, elements: elements, cutoff: settings.cutoff) ?? []
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
