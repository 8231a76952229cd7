package import Tensors

/// What keeps the temperature: a change of velocities in the middle of each step.
///
///     berendsen   K' = c K + (1 - c) K_0,                           c = exp(-Δt/τ)
///     rescaling   K' = c K + (1 - c) K_0/n Σ R_i² + 2 R_1 √(c (1 - c) K K_0/n)
///     langevin    v' = c v + √(1 - c²) √(k T/m) R                   atom by atom
///
/// K is the kinetic energy, `K_0 = n k T/2` its target for n degrees of freedom, R are normal random
/// numbers. Velocities are scaled by `√(K'/K)` in the first two.
///
/// `rescaling` and `langevin` sample the canonical ensemble. `berendsen` does not: it takes the
/// fluctuations out of the kinetic energy, and means of all that depends on them are off.
///
/// Source: H. J. C. Berendsen et al., J. Chem. Phys. 81, 3684 (1984); G. Bussi, D. Donadio,
/// M. Parrinello, J. Chem. Phys. 126, 014101 (2007); B. Leimkuhler, C. Matthews, J. Chem. Phys. 138,
/// 174102 (2013).
public struct Thermostat: Hashable, Sendable, Codable {
  /// The change of velocities.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    /// Weak coupling; no ensemble.
    case berendsen
    /// Friction and noise on each atom; momentum is not conserved.
    case langevin
    /// Stochastic velocity rescaling.
    case rescaling
  }

  /// The change of velocities.
  public var method: Method
  /// The temperature in kelvin.
  public var temperature: Double
  /// The time constant τ in fs; of `langevin` the inverse of the friction.
  public var time: Double

  /// Makes a thermostat.
  public init(_ method: Method = .rescaling, temperature: Double, time: Double = 100) {
    ensure(
      temperature >= 0 && temperature.isFinite && time > 0,
      "Thermostat: the temperature must not be negative and the time must be positive")
    (self.method, self.temperature, self.time) = (method, temperature, time)
  }

  /// Decodes a thermostat.
  ///
  /// Throws `DecodingError` for a negative temperature and a time that is not positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let temperature = try container.decode(Double.self, forKey: .temperature)
    let time = try container.decode(Double.self, forKey: .time)
    try container.requireNotNegative(temperature, .temperature)
    try container.requirePositive(time, .time)
    self.init(
      try container.decode(Method.self, forKey: .method), temperature: temperature, time: time)
  }

  /// Changes velocities as a step asks for.
  ///
  /// - Parameters:
  ///   - velocities: The velocities in angstrom/fs.
  ///   - kineticEnergy: Their kinetic energy in eV.
  ///   - inertia: The masses.
  ///   - freedom: The number of degrees of freedom.
  ///   - timestep: The time step in fs.
  ///   - random: The stream that noise is drawn from.
  /// - Returns: The kinetic energy afterwards.
  package func act(
    on velocities: inout [SIMD3<Double>], kineticEnergy: Double, inertia: Inertia, freedom: Int,
    timestep: Double, random: inout RandomStream
  ) -> Double {
    let keep = Double.exp(.init(repeating: -timestep / time))[0]
    let mean = Units.boltzmann * temperature / 2
    switch method {
    case .langevin:
      let renew = (1 - keep * keep).squareRoot()
      for atom in velocities.indices {
        velocities[atom] =
          keep * velocities[atom]
          + renew * inertia.thermalSpeed(atom, temperature: temperature) * random.normalVector()
      }
      return inertia.kineticEnergy(velocities)
    case .berendsen:
      guard kineticEnergy > 0 else { return kineticEnergy }
      let target = keep * kineticEnergy + (1 - keep) * mean * Double(freedom)
      return Self.scale(&velocities, from: kineticEnergy, by: (target / kineticEnergy).squareRoot())
    case .rescaling:
      guard kineticEnergy > 0 else { return kineticEnergy }
      let noise = random.normal()
      let others = random.sumOfSquaredNormals(freedom - 1)
      // The square of this sum and the squares of the other numbers make up K'.
      let along = (keep * kineticEnergy).squareRoot() + ((1 - keep) * mean).squareRoot() * noise
      let target = along * along + (1 - keep) * mean * others
      let factor = (target / kineticEnergy).squareRoot()
      return Self.scale(&velocities, from: kineticEnergy, by: along < 0 ? -factor : factor)
    }
  }

  private static func scale(
    _ velocities: inout [SIMD3<Double>], from kineticEnergy: Double, by factor: Double
  ) -> Double {
    for atom in velocities.indices { velocities[atom] *= factor }
    return kineticEnergy * factor * factor
  }
}
