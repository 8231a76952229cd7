public import Processors

// Inlined into their callers, which may be compiled for any processor, as this module is not.
extension Processor {
  /// The bits of the vectors that the library was compiled for.
  @inlinable @inline(__always)
  public static var compiledVectorBits: Int { 32 * Float.lanes }

  /// Why the library cannot run on this processor, in a sentence; nil where it can.
  ///
  /// To be asked before any code of the library runs, by a module that is compiled for any processor: an
  /// instruction that the processor lacks would end the process.
  @inlinable @inline(__always)
  public static var misfit: String? { misfit(builtFor: compiledVectorBits) }
}
