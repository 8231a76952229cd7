internal import CKIM

/// The routines that the KIM API calls on a model, as C functions without a context.
extension ModelDriver {
  /// A routine under KIM's name.
  struct Routine {
    let name: KIM_ModelRoutineName
    let function: @convention(c) () -> Void
  }

  static var routines: [Routine] {
    [
      Routine(
        name: KIM_MODEL_ROUTINE_NAME_ComputeArgumentsCreate,
        function: unsafeBitCast(createArguments, to: (@convention(c) () -> Void).self)),
      Routine(
        name: KIM_MODEL_ROUTINE_NAME_Compute,
        function: unsafeBitCast(compute, to: (@convention(c) () -> Void).self)),
      Routine(
        name: KIM_MODEL_ROUTINE_NAME_Refresh,
        function: unsafeBitCast(refresh, to: (@convention(c) () -> Void).self)),
      Routine(
        name: KIM_MODEL_ROUTINE_NAME_ComputeArgumentsDestroy,
        function: unsafeBitCast(destroyArguments, to: (@convention(c) () -> Void).self)),
      Routine(
        name: KIM_MODEL_ROUTINE_NAME_Destroy,
        function: unsafeBitCast(destroy, to: (@convention(c) () -> Void).self)),
    ]
  }

  /// Names what a computation can be asked for.
  private static let createArguments: @convention(c) (OpaquePointer, OpaquePointer) -> Int32 = {
    _, arguments in
    let log = Log {
      KIM_ModelComputeArgumentsCreate_LogEntry(arguments, KIM_LOG_VERBOSITY_error, $0, 0, $1)
    }
    return log.reporting {
      for name in [
        KIM_COMPUTE_ARGUMENT_NAME_partialEnergy, KIM_COMPUTE_ARGUMENT_NAME_partialForces,
        KIM_COMPUTE_ARGUMENT_NAME_partialParticleEnergy, KIM_COMPUTE_ARGUMENT_NAME_partialVirial,
        KIM_COMPUTE_ARGUMENT_NAME_partialParticleVirial,
      ] {
        try require(
          KIM_ModelComputeArgumentsCreate_SetArgumentSupportStatus(
            arguments, name, KIM_SUPPORT_STATUS_optional),
          "an optional result")
      }
    }
  }

  private static let compute: @convention(c) (OpaquePointer, OpaquePointer) -> Int32 = {
    handle, arguments in
    let log = Log { KIM_ModelCompute_LogEntry(handle, KIM_LOG_VERBOSITY_error, $0, 0, $1) }
    return log.reporting {
      var buffer: UnsafeMutableRawPointer?
      KIM_ModelCompute_GetModelBufferPointer(handle, &buffer)
      try LoadedModel.at(buffer).compute(ComputeArguments(arguments))
    }
  }

  /// The skin may have changed; what a model says of itself is as it was.
  private static let refresh: @convention(c) (OpaquePointer) -> Int32 = { handle in
    let log = Log { KIM_ModelRefresh_LogEntry(handle, KIM_LOG_VERBOSITY_error, $0, 0, $1) }
    return log.reporting {
      var buffer: UnsafeMutableRawPointer?
      KIM_ModelRefresh_GetModelBufferPointer(handle, &buffer)
      let model = try LoadedModel.at(buffer)
      try model.refresh()
      KIM_ModelRefresh_SetInfluenceDistancePointer(handle, model.influenceDistance)
      KIM_ModelRefresh_SetNeighborListPointers(
        handle, 1, model.cutoff, model.ignoresNeighborsOfCopies)
    }
  }

  /// Computations have no memory of their own.
  private static let destroyArguments: @convention(c) (OpaquePointer, OpaquePointer) -> Int32 = {
    _, _ in 0
  }

  private static let destroy: @convention(c) (OpaquePointer) -> Int32 = { handle in
    var buffer: UnsafeMutableRawPointer?
    KIM_ModelDestroy_GetModelBufferPointer(handle, &buffer)
    if let buffer { Unmanaged<LoadedModel>.fromOpaque(buffer).release() }
    return 0
  }
}
