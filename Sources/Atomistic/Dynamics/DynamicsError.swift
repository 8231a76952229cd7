/// Why a trajectory cannot be started or does not go on.
public enum DynamicsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The potential gives no energy or forces.
  case potential(PotentialError, step: Int)
  /// A constant pressure needs a cell that repeats along all axes.
  case noCell
  /// The temperature in kelvin is above its limit.
  case temperature(Double, limit: Double, step: Int)
  /// The density in g/mL is outside of its limits.
  case density(Double, limits: ClosedRange<Double>, step: Int)
  /// The barostat asks for a change of the volume that no step can make.
  case volume(pressure: Double, step: Int)
  /// Atoms have left the ranges of the training set more often than allowed.
  case extrapolation(Extrapolation, count: Int, allowed: Int, step: Int)

  /// A sentence that says in which step what happened, and what to do.
  public var description: String {
    switch self {
    case .potential(let error, let step):
      "step \(step): \(error)"
        + (step > 0 ? "; relax the start, or take a shorter time step" : "")
    case .noCell:
      """
      expected a cell that repeats along all three axes, as constant pressure needs, found none: \
      give the structure a Lattice, or keep the volume
      """
    case .temperature(let value, let limit, let step):
      """
      step \(step): expected a temperature of at most \(Float(limit)) K, found \(Float(value)) K; \
      \(step == 0 ? "see to the unit of the start's velocities" : "relax the start"), take a shorter \
      time step, or train the model on what it met
      """
    case .density(let value, let limits, let step):
      """
      step \(step): expected a density between \(Float(limits.lowerBound)) and \
      \(Float(limits.upperBound)) g/mL, found \(Float(value)) g/mL; the model does not hold the \
      liquid together at this pressure, or the limits are too narrow
      """
    case .volume(let pressure, let step):
      """
      step \(step): expected a pressure that the cell can follow, found \(Float(pressure)) bar; \
      relax the start at constant volume, or give the barostat more time
      """
    case .extrapolation(let worst, let count, let allowed, let step):
      """
      step \(step): expected at most \(allowed) value\(allowed == 1 ? "" : "s") outside of the \
      training range, found \(count), now \(worst)
      """
    }
  }
}
