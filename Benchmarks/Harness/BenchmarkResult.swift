/// The measured times of one benchmark, beside the peaks of the machine.
public struct BenchmarkResult: Codable, Hashable, Sendable {
  /// The name of the benchmark, such as `jacobian-force-10`.
  public var name: String
  /// The time of one call.
  public var time: Summary
  /// The least work of a call.
  public var work: Work?
  /// The useful work of a call.
  public var yield: Yield?
  /// The most memory the process held at once while it was measured, in bytes.
  public var peakMemory: Int?

  /// Makes a measurement.
  public init(
    name: String, time: Summary, work: Work? = nil, yield: Yield? = nil, peakMemory: Int? = nil
  ) {
    self.name = name
    self.time = time
    self.work = work
    self.yield = yield
    self.peakMemory = peakMemory
  }
}

/// The least work that a call can do, by counting.
public struct Work: Codable, Hashable, Sendable {
  /// Floating-point operations, a multiplication and an addition being two.
  public var arithmetic: Double
  /// Bytes that have to come from memory.
  public var bytesRead: Double
  /// Bytes that have to go to memory.
  public var bytesWritten: Double
  /// The size of the elements in bytes, which decides the peak that the arithmetic is compared with.
  public var scalarSize: Int

  /// Counts work.
  public init(
    arithmetic: Double, bytesRead: Double = 0, bytesWritten: Double = 0, scalarSize: Int
  ) {
    self.arithmetic = arithmetic
    self.bytesRead = bytesRead
    self.bytesWritten = bytesWritten
    self.scalarSize = scalarSize
  }
}

/// The useful work of a call, such as 10 rows of a Jacobian.
public struct Yield: Codable, Hashable, Sendable {
  /// The kinds of things that are counted.
  public enum Unit: String, Codable, Hashable, Sendable {
    case rows, labels, steps, structures, nodes
    /// Also reported as microseconds for each atom and core.
    case atoms
  }

  /// How many.
  public var count: Int
  /// The kind of the things.
  public var unit: Unit

  /// Names the useful work of a call.
  public init(_ count: Int, _ unit: Unit) {
    self.count = count
    self.unit = unit
  }
}

extension BenchmarkResult {
  /// The share of the best measured rate of arithmetic that the least arithmetic makes of the time.
  public func shareOfPeak(_ machine: Machine) -> Double? {
    guard let work, work.arithmetic > 0 else { return nil }
    let peak = work.scalarSize == 4 ? machine.single : machine.double
    return work.arithmetic / time.median / (peak.best * 1e9)
  }

  /// The share of the measured memory bandwidth that the least traffic makes of the time.
  public func shareOfBandwidth(_ machine: Machine) -> Double? {
    guard let work, work.bytesRead + work.bytesWritten > 0 else { return nil }
    let bandwidth = work.bytesWritten > 0 ? machine.readWriteBandwidth : machine.readBandwidth
    return (work.bytesRead + work.bytesWritten) / time.median / (bandwidth * 1e9)
  }
}
