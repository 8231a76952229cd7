/// Bounds of a trajectory; beyond them it ends with a sentence.
///
/// A trajectory that reaches its last step without leaving them, without a number that is not finite
/// and, at constant pressure, with a density that has settled, is what is called stable here.
public struct DynamicsLimits: Hashable, Sendable, Codable {
  /// The highest temperature in kelvin, nil for none.
  public var temperature: Double?
  /// The densities in g/mL, nil for all.
  public var density: ClosedRange<Double>?

  /// Sets limits; those not given are none.
  public init(temperature: Double? = nil, density: ClosedRange<Double>? = nil) {
    (self.temperature, self.density) = (temperature, density)
  }

  /// Limits that no sound trajectory meets: ten times the temperature, but not less than 3000 K, and
  /// from a quarter of the density of the start to four times as much.
  public init(around start: Structure, temperature: Double) {
    self.temperature = max(10 * temperature, 3000)
    density = start.density.map { $0 / 4...4 * $0 }
  }

  /// Refuses a state outside of the limits.
  func check(_ sample: DynamicsSample) throws(DynamicsError) {
    if let limit = temperature, !(sample.temperature <= limit) {
      throw .temperature(sample.temperature, limit: limit, step: sample.step)
    }
    if let range = density, let density = sample.density, !range.contains(density) {
      throw .density(density, limits: range, step: sample.step)
    }
  }
}
