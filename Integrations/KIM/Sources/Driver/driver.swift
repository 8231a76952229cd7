internal import AtomFlowKIM
internal import CKIM
internal import KIMSchema
internal import Train

/// The driver of the models of `Catalog.standard`.
///
/// A package with potentials of its own has these two functions with another name and catalogue, see
/// Examples/AuthorDriver. The name is `PortableModel.driver`.
@_cdecl("atomflow_kim_driver_name")
func driverName() -> UnsafePointer<CChar> { ModelDriver.name("AtomFlow") }

@_cdecl("atomflow_kim_create")
func create(
  _ create: OpaquePointer, _ length: KIM_LengthUnit, _ energy: KIM_EnergyUnit,
  _ charge: KIM_ChargeUnit, _ temperature: KIM_TemperatureUnit, _ time: KIM_TimeUnit
) -> Int32 {
  ModelDriver.create(create, units: .init(length, energy), kinds: Catalog.standard.models)
}
