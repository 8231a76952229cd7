internal import COpenBLAS
internal import Foundation
internal import Processors

/// The linear algebra library underneath: its threads, and the kernels it has chosen.
///
/// Programs run OpenBLAS on one thread inside each of their own workers: two pools of threads
/// would compete for the same cores, and the results of its parallel products depend on their
/// number. Every entry point sets this before it starts.
public enum OpenBLAS {
  /// Makes the library run each call on the thread that calls it.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// Makes the library use kernels that fit the processor.
  ///
  /// A program calls this once, before its first product and before it starts threads. An OpenBLAS that
  /// is older than the processor falls back to kernels of a third or a fifth of the speed; it is then
  /// told to use those of the nearest processor it knows. What it uses has to pass a check of results
  /// first. A choice of one's own, by `OPENBLAS_CORETYPE`, is left alone. Further calls do nothing and
  /// answer the same.
  ///
  /// - Returns: What was found and done.
  /// - Throws: ``OpenBLASError`` if results are wrong and no other kernels mend it.
  @discardableResult
  public static func useFittingKernels() throws(OpenBLASError) -> OpenBLASKernels {
    try fittingKernels.get()
  }

  private static let fittingKernels = Result { () throws(OpenBLASError) in
    try OpenBLASKernels(choosingFor: Processor.vectorBits)
  }

  /// The number of threads that the library may use in one call.
  public static var threadCount: Int { Int(openblas_get_num_threads()) }

  /// The processor whose kernels the library uses, such as "Zen" or "Haswell".
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// Makes the library use the kernels of a processor; without effect where it was built for one only.
  ///
  /// No other thread may call the library meanwhile.
  static func useKernels(of core: String) {
    func function(_ name: String) -> (@convention(c) () -> Void)? {
      dlsym(nil, name).map { unsafeBitCast($0, to: (@convention(c) () -> Void).self) }
    }
    guard let forget = function("gotoblas_dynamic_quit"),
      let choose = function("gotoblas_dynamic_init")
    else { return }
    let given = getenv(coreVariable).map { String(cString: $0) }
    setenv(coreVariable, core, 1)
    forget()
    choose()
    // Programs started from this one choose for themselves.
    if let given { setenv(coreVariable, given, 1) } else { unsetenv(coreVariable) }
  }

  /// The variable of the environment that OpenBLAS reads its user's choice from.
  static let coreVariable = "OPENBLAS_CORETYPE"
}

/// OpenBLAS gives wrong results on this machine.
public enum OpenBLASError: Error, Hashable, CustomStringConvertible {
  /// The kernels of a processor fail the check of results, and so do the others that were tried.
  case wrongResults(tried: [String])

  /// A sentence with a remedy.
  public var description: String {
    switch self {
    case .wrongResults(let tried):
      "OpenBLAS gives wrong results with its kernels for \(tried.joined(separator: " and for ")); set "
        + "\(OpenBLAS.coreVariable) to another processor, such as Nehalem, or install a newer OpenBLAS."
    }
  }
}
