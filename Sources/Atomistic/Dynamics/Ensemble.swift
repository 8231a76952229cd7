/// The constants of a trajectory: energy or temperature, volume or pressure.
public enum Ensemble: Hashable, Sendable, Codable {
  /// Constant energy and volume: Newton's equations and nothing else.
  case nve
  /// Constant temperature and volume.
  case nvt(Thermostat)
  /// Constant temperature and pressure; the cell keeps its shape.
  case npt(Thermostat, Barostat)

  /// The thermostat, if there is one.
  public var thermostat: Thermostat? {
    switch self {
    case .nve: nil
    case .nvt(let thermostat), .npt(let thermostat, _): thermostat
    }
  }

  /// The barostat, if there is one.
  public var barostat: Barostat? {
    if case .npt(_, let barostat) = self { barostat } else { nil }
  }

  /// Whether the total momentum is constant.
  public var conservesMomentum: Bool { thermostat?.method != .langevin }
}
