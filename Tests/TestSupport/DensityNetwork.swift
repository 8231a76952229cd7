public import Atomistic
public import Graph
import Layers
import Tensors

/// A potential of one network for all elements, whose rows are atoms with their atomic numbers.
///
///     ρ_ib = Σ_j basis_b(r_ij)
///     E_i  = tanh(ρ_i W + e(Z_i)) · w
public struct DensityNetwork: TrainablePotential, Equatable {
  /// The name in configurations and model files.
  public static let kind = "density"

  /// There is nothing to choose.
  public struct Settings: Codable, Equatable, Sendable {
    /// Chooses nothing.
    public init() {}
  }

  /// There is nothing to choose.
  public static var defaultSettings: Settings { Settings() }

  /// The elements, sorted.
  public var elements: [Element]

  /// Makes a network of the training structures' elements.
  public init(_ settings: Settings, _ data: TrainingStructures) { elements = data.elements }

  /// Makes a network of some elements.
  public init(_ elements: [Element]) { self.elements = elements }

  /// The distance in angstrom from which on atoms do not interact.
  public var cutoff: Double { 3.7 }

  /// The energy of each atom in eV, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let basis = GaussianBasis(
      centers: [0.9, 1.6, 2.3], widths: [3, 2, 2], cutoff: Cutoff(.polynomial2, radius: cutoff))
    let densities = basis(inputs.displacements.norm(along: 1))
      .segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
    let embedding = Embedding("embedding", elements: elements.map(\.number), channels: 5)
    let hidden = Dense("hidden", inputs: 3, outputs: 5)(densities) + embedding(inputs.elements)
    return Dense("readout", inputs: 5, outputs: 1)(hidden.tanh())
      .reshaped([AtomisticInputs.atoms])
  }
}
