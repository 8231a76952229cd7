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
