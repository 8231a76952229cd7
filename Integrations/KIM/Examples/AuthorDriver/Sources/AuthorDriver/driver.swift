import AtomFlowKIM
import AuthorModels
import CKIM
import KIMSchema
import Train

/// The driver of the models of `Catalog.author`.
@_cdecl("atomflow_kim_driver_name")
func driverName() -> UnsafePointer<CChar> { ModelDriver.name("AuthorDriver") }

@_cdecl("atomflow_kim_create")
func create(
  _ create: OpaquePointer, _ length: KIM_LengthUnit, _ energy: KIM_EnergyUnit,
  _ charge: KIM_ChargeUnit, _ temperature: KIM_TemperatureUnit, _ time: KIM_TimeUnit
) -> Int32 {
  ModelDriver.create(create, units: .init(length, energy), kinds: Catalog.author.models)
}
