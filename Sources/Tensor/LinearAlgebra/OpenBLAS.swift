import COpenBLAS

/// The linear algebra library underneath, and its own threads.
///
/// Programs run OpenBLAS on one thread inside each of their own workers: two pools of threads
/// would compete for the same cores, and the results of its parallel products depend on their
/// number. Every entry point sets this before it starts.
public enum OpenBLAS {
  /// Makes the library run each call on the thread that calls it.
  public static func useOneThread() { openblas_set_num_threads(1) }

  /// The number of threads that the library may use in one call.
  public static var threadCount: Int { Int(openblas_get_num_threads()) }

  /// The processor whose kernels the library has chosen, such as "Zen" or "Haswell".
  public static var coreName: String { String(cString: openblas_get_corename()) }
}
