import Glibc
import Tensors

/// What keeps the pressure: a change of the cell's size, not of its shape, in the middle of each step.
///
///     berendsen   d ln V = -(β/τ) (P_0 - P) dt
///     rescaling   d ln V = -(β/τ) (P_0 - P) dt + √(2 k T β/(V τ)) dW
///
/// Positions follow the cell. In stochastic cell `rescaling` velocities do the opposite, and the
/// volumes are those of the isothermal-isobaric ensemble, as long as the thermostat is canonical.
/// `berendsen` gives about the right mean volume with fluctuations that mean nothing. It also cools:
/// the volume gives way to each fluctuation of the pressure, such as stiff bonds make, and does the
/// work `(β V/τ) ⟨(P - P_0)²⟩` in unit time. With a weak-coupling thermostat of the time constant τ_T
/// and n degrees of freedom, the mean temperature is `2 τ_T/(n k)` times that too low. So its usual τ
/// is ten times that of `rescaling`, which takes back by its noise what it gives.
///
/// The stochastic equation is integrated for `√V`, whose noise does not depend on V:
/// `d√V = -(β/τ) (√V/2) (P_0 - P - k T/(2 V)) dt + ½ √(2 k T β/τ) dW`.
///
/// Source: H. J. C. Berendsen et al., J. Chem. Phys. 81, 3684 (1984); M. Bernetti, G. Bussi,
/// J. Chem. Phys. 153, 114107 (2020).
public struct Barostat: Hashable, Sendable, Codable {
  /// The change of the volume.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable {
    /// Weak coupling; no ensemble.
    case berendsen
    /// Stochastic cell rescaling.
    case rescaling

    /// The time constant in fs where none is given: 1000, or 10 000 of `berendsen`.
    public var usualTime: Double {
      switch self {
      case .berendsen: 10_000
      case .rescaling: 1000
      }
    }
  }

  /// The change of the volume.
  public var method: Method
  /// The pressure P_0 in bar.
  public var pressure: Double
  /// The time constant τ in fs.
  public var time: Double
  /// The compressibility β in 1/bar, which with τ says how fast the volume follows; water's by
  /// default. It has no influence on the mean.
  public var compressibility: Double

  /// Makes a barostat; without a time it has the method's usual one.
  public init(
    _ method: Method = .rescaling, pressure: Double, time: Double? = nil,
    compressibility: Double = 4.5e-5
  ) {
    let time = time ?? method.usualTime
    ensure(
      pressure.isFinite && time > 0 && compressibility > 0,
      "Barostat: the time and the compressibility must be positive")
    (self.method, self.pressure, self.time) = (method, pressure, time)
    self.compressibility = compressibility
  }

  /// Decodes a barostat.
  ///
  /// Throws `DecodingError` for a time or a compressibility that is not positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let time = try container.decode(Double.self, forKey: .time)
    let compressibility = try container.decode(Double.self, forKey: .compressibility)
    try container.requirePositive(time, .time)
    try container.requirePositive(compressibility, .compressibility)
    self.init(
      try container.decode(Method.self, forKey: .method),
      pressure: try container.decode(Double.self, forKey: .pressure), time: time,
      compressibility: compressibility)
  }

  /// The change of the logarithm of the volume in one step.
  ///
  /// - Parameters:
  ///   - volume: The volume V in angstrom³.
  ///   - pressure: The pressure P in eV/angstrom³.
  ///   - temperature: The temperature of the thermostat in kelvin.
  ///   - timestep: The time step in fs.
  ///   - random: The stream that noise is drawn from.
  /// - Returns: `ln V' - ln V`; NaN if the volume would vanish.
  func dilation(
    volume: Double, pressure: Double, temperature: Double, timestep: Double,
    random: inout RandomStream
  ) -> Double {
    let mobility = compressibility / Units.bar * timestep / time
    let excess = self.pressure * Units.bar - pressure
    switch method {
    case .berendsen: return -mobility * excess
    case .rescaling:
      let energy = Units.boltzmann * temperature
      let growth = -mobility / 2 * (excess - energy / (2 * volume))
      let noise = (energy * mobility / (2 * volume)).squareRoot() * random.normal()
      return 2 * log(1 + growth + noise)
    }
  }
}
