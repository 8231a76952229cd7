import Foundation
public import Tensors

/// The machine that a report was made on, and its peaks with the threads in use.
public struct Machine: Codable, Hashable, Sendable {
  /// The name of the processor.
  public var processor: String
  /// The number of cores.
  public var cores: Int
  /// The threads of our own kernels.
  public var threads: Int
  /// The threads of OpenBLAS inside each of them.
  public var blasThreads: Int
  /// The processor whose kernels OpenBLAS has chosen.
  public var blasCore: String
  /// How many processes wanted to run when the measurements began, on the average of a minute.
  public var load: Double
  /// The best rate of `Float` matrix products in GFLOP/s.
  public var singlePeak: Double
  /// The best rate of `Double` matrix products in GFLOP/s.
  public var doublePeak: Double
  /// How fast memory far beyond the caches is read, in GB/s.
  public var readBandwidth: Double
  /// How fast such memory is read and written in place, in GB/s, counting both ways.
  public var readWriteBandwidth: Double

  /// Describes a machine by known numbers.
  public init(
    processor: String, cores: Int, threads: Int, blasThreads: Int, blasCore: String, load: Double,
    singlePeak: Double, doublePeak: Double, readBandwidth: Double, readWriteBandwidth: Double
  ) {
    self.processor = processor
    self.cores = cores
    self.threads = threads
    self.blasThreads = blasThreads
    self.blasCore = blasCore
    self.load = load
    self.singlePeak = singlePeak
    self.doublePeak = doublePeak
    self.readBandwidth = readBandwidth
    self.readWriteBandwidth = readWriteBandwidth
  }

  /// Describes this machine; measures its peaks with some threads, which takes about a second.
  public init(measuring workers: Workers, quickly isQuick: Bool = false) {
    let load = Self.load
    let memory = MemoryBandwidth(workers: workers, rounds: isQuick ? 2 : 12)
    self.init(
      processor: Self.processorName, cores: ProcessInfo.processInfo.activeProcessorCount,
      threads: workers.count, blasThreads: OpenBLAS.threadCount, blasCore: OpenBLAS.coreName,
      load: load, singlePeak: matrixProductPeak(Float.self, workers, rounds: isQuick ? 3 : 12),
      doublePeak: matrixProductPeak(Double.self, workers, rounds: isQuick ? 2 : 8),
      readBandwidth: memory.read, readWriteBandwidth: memory.readWrite)
  }

  private static func text(of file: String) -> String {
    (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
  }

  private static var processorName: String {
    let line = text(of: "/proc/cpuinfo").split(separator: "\n").first {
      $0.hasPrefix("model name")
    }
    let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return name ?? "an unknown processor"
  }

  private static var load: Double {
    text(of: "/proc/loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0
  }
}

/// The best rate in GFLOP/s of products of matrices of 1024 x 1024, one product a thread.
private func matrixProductPeak<Scalar: RealScalar>(
  _: Scalar.Type, _ workers: Workers, rounds: Int
) -> Double {
  let n = 1024
  let operands = UnsafeMutablePointer<Scalar>.allocate(capacity: workers.count * 3 * n * n)
  operands.initialize(repeating: 0.5, count: workers.count * 3 * n * n)
  defer { operands.deallocate() }
  nonisolated(unsafe) let base = operands
  var best = Duration.seconds(1000)
  for _ in 0..<rounds {
    let time = ContinuousClock().measure {
      workers.forEach(workers.count) { thread in
        let a = base + thread * 3 * n * n
        Scalar.multiply(
          a, transposed: false, leading: n, a + n * n, transposed: false, leading: n,
          into: a + 2 * n * n, leading: n, rows: n, columns: n, inner: n, alpha: 1, beta: 0)
      }
    }
    best = min(best, time)
  }
  return Double(2 * workers.count * n * n * n) / (best / .seconds(1)) / 1e9
}
