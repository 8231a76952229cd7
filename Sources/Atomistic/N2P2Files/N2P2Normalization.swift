import Tensors

/// The units in which a network of n2p2 was trained: energies and lengths of about one.
///
/// With `E_phys`, `r_phys` in the units of the data and `N` atoms, offsets already removed:
///
///     E_net = (E_phys - N mean_energy) conv_energy
///     r_net = r_phys conv_length
///     F_net = F_phys conv_energy / conv_length
///
/// Descriptors have no unit, so those of `r_net` with `η / conv_length²`, `r_s conv_length` and
/// `r_c conv_length` are those of `r_phys` with the parameters of the file: only energies and
/// forces need converting.
public struct N2P2Normalization: Hashable, Sendable {
  /// The mean energy of an atom in the training set, `mean_energy`.
  public let meanEnergy: Double
  /// Network units in a unit of energy, `conv_energy`.
  public let energyFactor: Double
  /// Network units in a unit of length, `conv_length`.
  public let lengthFactor: Double

  /// Makes a normalisation; the factors must be positive.
  public init(meanEnergy: Double, energyFactor: Double, lengthFactor: Double) {
    ensure(
      energyFactor > 0 && lengthFactor > 0,
      "N2P2Normalization: factors must be positive, not \(energyFactor) and \(lengthFactor)")
    self.meanEnergy = meanEnergy
    self.energyFactor = energyFactor
    self.lengthFactor = lengthFactor
  }

  /// Returns `E_net / conv_energy + N mean_energy`.
  public func physicalEnergy(ofNetworkEnergy energy: Double, atoms: Int) -> Double {
    energy / energyFactor + Double(atoms) * meanEnergy
  }

  /// Returns `F_net conv_length / conv_energy`.
  public func physicalForce(ofNetworkForce force: Double) -> Double {
    force * lengthFactor / energyFactor
  }
}
