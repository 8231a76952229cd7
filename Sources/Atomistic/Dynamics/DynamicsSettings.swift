import Tensors

/// The ensemble, the time step and the bounds of a trajectory.
public struct DynamicsSettings: Hashable, Sendable, Codable {
  /// The constants of the trajectory.
  public var ensemble: Ensemble
  /// The time step in fs.
  public var timestep: Double
  /// The distance beyond the cutoff up to which pairs are listed, in angstrom.
  public var skin: Double
  /// What ends a trajectory.
  public var limits: DynamicsLimits
  /// What values outside of the training range lead to.
  public var extrapolation: ExtrapolationPolicy
  /// Whether the stress is computed, and so the pressure; a barostat needs it.
  public var computesPressure: Bool

  /// Makes settings.
  public init(
    _ ensemble: Ensemble, timestep: Double = 0.5, skin: Double = 1,
    limits: DynamicsLimits = .init(),
    extrapolation: ExtrapolationPolicy = .warn, computesPressure: Bool = true
  ) {
    ensure(
      timestep > 0 && timestep.isFinite && skin >= 0 && skin.isFinite,
      "DynamicsSettings: the time step must be positive and the skin not negative")
    ensure(
      computesPressure || ensemble.barostat == nil,
      "DynamicsSettings: a barostat needs the pressure")
    (self.ensemble, self.timestep, self.skin) = (ensemble, timestep, skin)
    (self.limits, self.extrapolation) = (limits, extrapolation)
    self.computesPressure = computesPressure
  }

  /// The largest skin in angstrom.
  public static let largestSkin = 100.0

  /// Decodes settings.
  ///
  /// Throws `DecodingError` for what no trajectory can have, such as a time step that is not positive.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let ensemble = try container.decode(Ensemble.self, forKey: .ensemble)
    let timestep = try container.decode(Double.self, forKey: .timestep)
    let skin = try container.decode(Double.self, forKey: .skin)
    let extrapolation = try container.decode(ExtrapolationPolicy.self, forKey: .extrapolation)
    let computesPressure = try container.decode(Bool.self, forKey: .computesPressure)
    try container.requirePositive(timestep, .timestep)
    try container.require(
      (0...Self.largestSkin).contains(skin), .skin,
      "it must lie in 0...\(Self.largestSkin), but is \(skin).")
    if case .stop(let count) = extrapolation {
      try container.requireNotNegative(count, .extrapolation)
    }
    try container.require(
      computesPressure || ensemble.barostat == nil, .computesPressure,
      "a barostat needs the pressure.")
    self.init(
      ensemble, timestep: timestep, skin: skin,
      limits: try container.decode(DynamicsLimits.self, forKey: .limits),
      extrapolation: extrapolation, computesPressure: computesPressure)
  }
}

/// What values outside of the training range lead to.
public enum ExtrapolationPolicy: Hashable, Sendable, Codable {
  /// Nothing; they are not looked for.
  case ignore
  /// They are counted.
  case warn
  /// They are counted, and more than so many in all end the trajectory.
  case stop(after: Int)
}
