import Atomistic
public import Tensors

/// One case of the suite: a name, and a function that sets it up and times it.
public struct Benchmark: Sendable {
  /// The name, such as `jacobian-force-10`.
  public let name: String

  /// The timed work, in a few words.
  public let summary: String

  private let body: @Sendable (String, BenchmarkContext) throws -> BenchmarkResult

  /// Makes a case; the closure is given its name.
  init(
    _ name: String, _ summary: String,
    _ body: @escaping @Sendable (String, BenchmarkContext) throws -> BenchmarkResult
  ) {
    self.name = name
    self.summary = summary
    self.body = body
  }

  /// Sets the case up and measures it.
  ///
  /// Throws what keeps the case from running, such as a folder for temporary files that is full.
  public func run(in context: BenchmarkContext) throws -> BenchmarkResult {
    try body(name, context)
  }
}

/// Shared by the cases of a run: threads, patience, and the water that most of them work on.
public final class BenchmarkContext {
  /// The threads of the kernels.
  public let workers: Workers

  /// Whether a rough time will do.
  public let isQuick: Bool

  /// Takes the times.
  public let stopwatch: Stopwatch

  private var workloads: [ScalarType: AnyObject] = [:]
  private var labelledBoxes: [Structure]?

  /// Prepares a run, by default with the stopwatch that its patience asks for; OpenBLAS gets one
  /// thread, as in every program of the package.
  public init(workers: Workers, isQuick: Bool = false, stopwatch: Stopwatch? = nil) {
    OpenBLAS.useOneThread()
    self.workers = workers
    self.isQuick = isQuick
    self.stopwatch = stopwatch ?? (isQuick ? .quick : .standard)
  }

  /// Boxes of 64 molecules, at least so many, made when first asked for.
  func water<Scalar: RealScalar>(
    _: Scalar.Type, structures count: Int = 8
  ) throws -> WaterWorkload<Scalar> {
    if let known = workloads[Scalar.scalarType] as? WaterWorkload<Scalar>,
      known.structures.count >= count
    {
      return known
    }
    let workload = try WaterWorkload<Scalar>(structures: count, workers: workers)
    workloads[Scalar.scalarType] = workload
    return workload
  }

  /// Ten boxes of 64 molecules with labels, made when first asked for.
  func boxes() throws -> [Structure] {
    if let labelledBoxes { return labelledBoxes }
    let boxes = try WaterBoxes.labelled(count: 10, molecules: 64, workers: workers)
    labelledBoxes = boxes
    return boxes
  }
}
