import Atomistic
import Graph
import Layers

/// A message-passing potential: features of atoms that messages along pairs change block by block.
///
///     h_i  = embedding of the element of i
///     m_ij = Σ_b tanh([h_i, h_j] W + w)_{·b} e_b(r_ij)        (messages, one channel after another)
///     h_i += Σ_j tanh(m_ij V) U + u                           (in each block)
///     E_i  = perceptron(h_i) + reference energy of the element
struct MessagePassing: TrainablePotential {
  static let kind = "messagePassing"
  static let defaultSettings = Settings()

  struct Settings: Codable, Equatable, Sendable {
    /// The features of an atom.
    var channels = 8
    /// The functions of the distance.
    var basis = 8
    /// The interaction blocks.
    var blocks = 2
    /// The distance in angstrom from which on atoms do not interact.
    var cutoff = 4.5
  }

  let settings: Settings
  let reference: ReferenceEnergies

  init(_ settings: Settings, _ data: TrainingStructures) throws {
    guard settings.channels > 0, settings.basis > 1, settings.blocks >= 0, settings.cutoff > 0
    else {
      throw SettingsError("channels, basis and cutoff should be positive, basis at least 2")
    }
    (self.settings, reference) = (settings, data.reference)
  }

  var elements: [Element] { reference.energies.keys.sorted() }
  var cutoff: Double { settings.cutoff }

  func energyOffset(of element: Element) -> Double { reference.energies[element] ?? 0 }

  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let channels = settings.channels
    let readout = Perceptron("readout", sizes: [channels, channels, 1])
    return readout(features(inputs)).reshaped([AtomisticInputs.atoms])
  }

  /// The features of each atom after the last block, [atoms, channels].
  func features(_ inputs: AtomisticInputs) -> Symbol {
    let basis = GaussianBasis(
      count: settings.basis, from: 0.8, cutoff: Cutoff(.polynomial2, radius: settings.cutoff))
    let radial = basis(inputs.displacements.norm(along: 1)).named("basis")
    let embedding = Embedding(
      "embedding", elements: elements.map(\.number), channels: settings.channels)
    return (0..<settings.blocks).reduce(embedding(inputs.elements)) { features, block in
      Block("block\(block + 1)", settings)(features, radial, inputs).named("features\(block + 1)")
    }
  }

  /// One interaction, `h + Dense(Σ_j m_ij)`: [atoms, channels] to [atoms, channels].
  struct Block {
    let filter, mixing, update: Dense
    let shape: Shape

    init(_ name: String, _ settings: Settings) {
      let (channels, basis) = (settings.channels, settings.basis)
      filter = Dense(
        "\(name).filter", inputs: 2 * channels, outputs: channels * basis, activation: .tanh)
      mixing = Dense(
        "\(name).mixing", inputs: channels, outputs: channels, activation: .tanh, bias: nil)
      update = Dense("\(name).update", inputs: channels, outputs: channels)
      shape = [AtomisticInputs.pairs, .fixed(channels), .fixed(basis)]
    }

    func callAsFunction(_ features: Symbol, _ radial: Symbol, _ inputs: AtomisticInputs) -> Symbol {
      let ends = [inputs.first, inputs.second].map { features.gathered(by: $0) }
      let filters = filter(.concatenating(ends, axis: 1)).reshaped(shape)
      let messages = mixing(filters.contracted(with: radial, over: [(2, 1)]))
      return features + update(messages.segmentSum(by: inputs.first, count: AtomisticInputs.atoms))
    }
  }
}
