public import Atomistic
internal import CKIM
internal import Foundation
internal import Processors
internal import Tensors

/// The entry points of a model driver of the KIM API.
///
/// A driver's library has two functions, `atomflow_kim_driver_name` and `atomflow_kim_create`, see
/// KIMSchema.h. The second calls `create`, with the kinds of model that the driver knows.
public enum ModelDriver {
  /// A driver's name as the C string that the KIM API holds on to.
  public static func name(_ name: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Makes a model of the parameter files that the KIM API has laid out, and hands it the routines.
  ///
  /// Errors go to KIM's log.
  ///
  /// - Parameters:
  ///   - handle: The `KIM_ModelDriverCreate` of the call.
  ///   - units: The units that the simulator asks for.
  ///   - kinds: The kinds of model that the driver knows, asked for where the processor can run them.
  /// - Returns: What the KIM API takes as the result: 0, or 1 after an error.
  public static func create(
    _ handle: OpaquePointer, units: SimulatorUnits, kinds: @autoclosure () -> [ModelKind]
  ) -> Int32 {
    let log = Log { KIM_ModelDriverCreate_LogEntry(handle, KIM_LOG_VERBOSITY_error, $0, 0, $1) }
    return log.reporting {
      if let misfit = Processor.misfit { throw KIMError(misfit) }
      // A process that has the library already keeps its kernels where they give right results.
      _ = try OpenBLAS.useFittingKernels()
      let factors = try units.negotiated { length, energy in
        KIM_ModelDriverCreate_SetUnits(
          handle, length, energy, KIM_CHARGE_UNIT_unused, KIM_TEMPERATURE_UNIT_unused,
          KIM_TIME_UNIT_unused)
      }
      let model = try LoadedModel(
        PortableModel(contentsOf: parameterFolder(handle), kinds: kinds()), units: factors)
      try require(
        KIM_ModelDriverCreate_SetModelNumbering(handle, KIM_NUMBERING_zeroBased),
        "counting from zero")
      for (code, element) in model.elements.enumerated() {
        try require(
          KIM_ModelDriverCreate_SetSpeciesCode(
            handle, KIM_SpeciesName_FromString(element.symbol), Int32(code)),
          "the species \(element.symbol)")
      }
      KIM_ModelDriverCreate_SetInfluenceDistancePointer(handle, model.influenceDistance)
      KIM_ModelDriverCreate_SetNeighborListPointers(
        handle, 1, model.cutoff, model.ignoresNeighborsOfCopies)
      // The KIM API wants a parameter of models that can be refreshed.
      try require(
        KIM_ModelDriverCreate_SetParameterPointerDouble(
          handle, 1, model.skin, "skin",
          "How far beyond the cutoff pairs are kept from one computation to the next, a length."),
        "a parameter")
      for routine in routines {
        try require(
          KIM_ModelDriverCreate_SetRoutinePointer(
            handle, routine.name, KIM_LANGUAGE_NAME_c, 1, routine.function),
          "a routine")
      }
      KIM_ModelDriverCreate_SetModelBufferPointer(
        handle, Unmanaged.passRetained(model).toOpaque())
    }
  }

  /// The folder with the parameter files of the model, under their names.
  private static func parameterFolder(_ handle: OpaquePointer) throws -> URL {
    var folder: UnsafePointer<CChar>?
    KIM_ModelDriverCreate_GetParameterFileDirectoryName(handle, &folder)
    guard let folder else { throw KIMError("the KIM API names no folder of parameter files") }
    return URL(fileURLWithPath: String(cString: folder), isDirectory: true)
  }

  /// Throws where the KIM API refuses what the model says of itself.
  static func require(_ code: Int32, _ what: String) throws(KIMError) {
    if code != 0 { throw KIMError("the KIM API does not take \(what)") }
  }
}

/// Why a model cannot be run under the KIM API, in a sentence.
struct KIMError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
