internal import Atomistic
public import CKIM

/// The units of length and energy that a simulator asks for.
public struct SimulatorUnits {
  let length: KIM_LengthUnit
  let energy: KIM_EnergyUnit

  /// Takes the units of a request; charges, temperatures and times occur in no model.
  public init(_ length: KIM_LengthUnit, _ energy: KIM_EnergyUnit) {
    (self.length, self.energy) = (length, energy)
  }

  /// The sizes of the model's units in the units that the simulator uses.
  struct Factors: Sendable {
    /// One angstrom.
    let length: Double
    /// One eV.
    let energy: Double
    /// One eV/angstrom.
    var force: Double { energy / length }
  }

  /// Agrees on units: those of the request, or the model's own where it makes none.
  ///
  /// - Parameter set: Tells the KIM API; gives 0 where it agrees.
  /// - Returns: The sizes of the model's units in those agreed on.
  /// - Throws: A sentence where the KIM API knows no conversion.
  func negotiated(
    _ set: (KIM_LengthUnit, KIM_EnergyUnit) -> Int32
  ) throws(KIMError) -> Factors {
    let length =
      KIM_LengthUnit_Equal(length, KIM_LENGTH_UNIT_unused) != 0 ? KIM_LENGTH_UNIT_A : length
    let energy =
      KIM_EnergyUnit_Equal(energy, KIM_ENERGY_UNIT_unused) != 0 ? KIM_ENERGY_UNIT_eV : energy
    let factors = Factors(
      length: try Self.conversion(to: length, energy, lengthExponent: 1, energyExponent: 0),
      energy: try Self.conversion(to: length, energy, lengthExponent: 0, energyExponent: 1))
    try ModelDriver.require(set(length, energy), "the units")
    return factors
  }

  private static func conversion(
    to length: KIM_LengthUnit, _ energy: KIM_EnergyUnit, lengthExponent: Double,
    energyExponent: Double
  ) throws(KIMError) -> Double {
    var factor = 1.0
    try ModelDriver.require(
      KIM_ModelDriverCreate_ConvertUnit(
        KIM_LENGTH_UNIT_A, KIM_ENERGY_UNIT_eV, KIM_CHARGE_UNIT_unused,
        KIM_TEMPERATURE_UNIT_unused, KIM_TIME_UNIT_unused, length, energy, KIM_CHARGE_UNIT_unused,
        KIM_TEMPERATURE_UNIT_unused, KIM_TIME_UNIT_unused, lengthExponent, energyExponent, 0, 0, 0,
        &factor),
      "a conversion of angstrom and eV")
    return factor
  }
}
