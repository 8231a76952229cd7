public import Atomistic
public import Graph
import Layers
import Tensors

/// A potential whose atoms send messages along pairs, so that the rows of atoms do not stay apart.
///
///     h_i   = embedding of the element of i
///     m_ij  = tanh([h_i, h_j] W) ∘ (basis(r_ij) V)
///     h_i  += Σ_j m_ij U                                  (in each block)
///     E_i   = h_i · w + offset of the element
public struct MessagePassing: TrainablePotential, Equatable {
  /// The name in configurations and model files.
  public static let kind = "messages"

  /// The sizes of the model.
  public struct Settings: Codable, Equatable, Sendable {
    /// The features of an atom.
    public var channels = 4
    /// The functions of the distance.
    public var basis = 5
    /// The number of interactions.
    public var blocks = 2
    /// The distance in angstrom from which on atoms do not interact.
    public var cutoff = 3.3

    /// The sizes of the tests.
    public init() {}
  }

  /// The sizes of the tests.
  public static var defaultSettings: Settings { Settings() }

  /// The sizes.
  public var settings: Settings
  /// The energy in eV that is added for each atom.
  public var offsets: [Element: Double]

  /// Makes a model of the elements that reference energies know.
  public init(_ settings: Settings, _ data: TrainingStructures) {
    (self.settings, offsets) = (settings, data.reference.energies)
  }

  /// Makes a model of elements whose offsets are given.
  public init(_ settings: Settings = Settings(), offsets: [Element: Double]) {
    (self.settings, self.offsets) = (settings, offsets)
  }

  /// A model of hydrogen, carbon and oxygen.
  public static let threeElements = MessagePassing(
    offsets: [.hydrogen: -10, .carbon: -60, .oxygen: -80])

  /// The elements, sorted.
  public var elements: [Element] { offsets.keys.sorted() }
  /// The distance in angstrom from which on atoms do not interact.
  public var cutoff: Double { settings.cutoff }
  /// The energy in eV that is added for each atom of an element.
  public func energyOffset(of element: Element) -> Double { offsets[element] ?? 0 }

  /// The energy of each atom in eV, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let channels = settings.channels
    let basis = GaussianBasis(
      centers: (0..<settings.basis).map { 0.8 + 0.5 * Double($0) },
      widths: (0..<settings.basis).map { _ in 2 }, cutoff: Cutoff(.polynomial2, radius: cutoff))
    let radial = basis(inputs.displacements.norm(along: 1))
    var features = Embedding(
      "embedding", elements: elements.map(\.number), channels: channels)(inputs.elements)
    for block in 1...settings.blocks {
      let ends = [inputs.first, inputs.second].map { features.gathered(by: $0) }
      let mixed = Dense(
        "block\(block).mixing", inputs: 2 * channels, outputs: channels, activation: .tanh)(
          .concatenating(ends, axis: 1))
      let filter = Dense(
        "block\(block).filter", inputs: settings.basis, outputs: channels, bias: nil)(radial)
      let messages = (mixed * filter).segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
      features =
        features
        + Dense("block\(block).update", inputs: channels, outputs: channels, bias: nil)(messages)
    }
    return Dense("readout", inputs: channels, outputs: 1)(features)
      .reshaped([AtomisticInputs.atoms])
  }
}
