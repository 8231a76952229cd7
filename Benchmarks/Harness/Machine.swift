import Foundation
import Processors
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
  /// The bits of the vectors that our own kernels use.
  public var vectorBits: Int
  /// The best rates of arithmetic in `Float`.
  public var single: ArithmeticPeak
  /// The best rates of arithmetic in `Double`.
  public var double: ArithmeticPeak
  /// How fast memory far beyond the caches is read, in GB/s.
  public var readBandwidth: Double
  /// How fast such memory is read and written in place, in GB/s, counting both ways.
  public var readWriteBandwidth: Double

  /// Describes a machine by known numbers.
  public init(
    processor: String, cores: Int, threads: Int, blasThreads: Int, blasCore: String, load: Double,
    vectorBits: Int, single: ArithmeticPeak, double: ArithmeticPeak, readBandwidth: Double,
    readWriteBandwidth: Double
  ) {
    self.processor = processor
    self.cores = cores
    self.threads = threads
    self.blasThreads = blasThreads
    self.blasCore = blasCore
    self.load = load
    self.vectorBits = vectorBits
    self.single = single
    self.double = double
    self.readBandwidth = readBandwidth
    self.readWriteBandwidth = readWriteBandwidth
  }

  /// Describes this machine; measures its peaks with some threads, which takes about a second.
  public init(measuring workers: Workers, quickly isQuick: Bool = false) {
    let load = Self.load
    let memory = MemoryBandwidth(workers: workers, rounds: isQuick ? 2 : 12)
    self.init(
      processor: Processor.name, cores: ProcessInfo.processInfo.activeProcessorCount,
      threads: workers.count, blasThreads: OpenBLAS.threadCount, blasCore: OpenBLAS.coreName,
      load: load, vectorBits: Processor.compiledVectorBits,
      single: ArithmeticPeak(Float.self, workers, rounds: isQuick ? 3 : 12),
      double: ArithmeticPeak(Double.self, workers, rounds: isQuick ? 2 : 8),
      readBandwidth: memory.read, readWriteBandwidth: memory.readWrite)
  }

  private static var load: Double {
    let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
    return text.split(separator: " ").first.flatMap { Double($0) } ?? 0
  }
}
