/// What can be said of a trajectory at the end of a step.
public struct DynamicsSample: Hashable, Sendable {
  /// The number of steps done.
  public var step: Int
  /// The time in fs.
  public var time: Double
  /// The temperature in kelvin, from the kinetic energy in the middle of the step.
  ///
  /// There the thermostat has set it. At the end of a step velocity Verlet gives stiff bonds
  /// too little kinetic energy, a part of `(ω Δt)²/4`: with a time step of 0.5 fs, flexible water
  /// would seem to be 2 K too cold, and its pressure 30 bar too low.
  public var temperature: Double
  /// The pressure in bar, `(2 K/3 - tr(∂E/∂ε)/3)/V` with the same kinetic energy; nil without a cell.
  public var pressure: Double?
  /// The volume in angstrom³; nil without a cell.
  public var volume: Double?
  /// The density in g/mL; nil without a cell.
  public var density: Double?
  /// The potential energy in eV.
  public var potentialEnergy: Double
  /// The kinetic energy in eV at the end of the step.
  public var kineticEnergy: Double
  /// What thermostat and barostat have put in since the start, in eV.
  public var exchangedEnergy: Double

  /// The potential and the kinetic energy in eV.
  public var totalEnergy: Double { potentialEnergy + kineticEnergy }

  /// The total energy less what thermostat and barostat have put in, in eV.
  ///
  /// Its drift is the error of the integration. The work of the barostat is known to the second order
  /// in the time step.
  public var conservedEnergy: Double { totalEnergy - exchangedEnergy }
}
