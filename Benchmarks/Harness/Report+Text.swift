import Foundation

extension Report {
  /// The version and the machine, some lines.
  public var header: String {
    let m = machine
    return String(
      format: """
        AtomFlow %@, %@
        %@, %d cores, load %.2f; %d thread(s) of our own, %d of OpenBLAS (%@)
        OpenBLAS's matrix products: %.0f GFLOP/s in Float, %.0f in Double
        our vectors of %d bits: %.0f GFLOP/s in Float, %.0f in Double
        memory: %.1f GB/s read, %.1f read and written

        """, version, date, m.processor, m.cores, m.load, m.threads, m.blasThreads, m.blasCore,
      m.single.products, m.double.products, m.vectorBits, m.single.vectors, m.double.vectors,
      m.readBandwidth, m.readWriteBandwidth)
  }

  /// The names of the columns of `row`.
  public static var columns: String {
    text("case", "median", "quartiles", "rate", "least work", "of peak")
      + " | of bandwidth | memory\n"
  }

  /// One measurement as a line of the table.
  public func row(_ measurement: BenchmarkResult) -> String {
    let time = measurement.time
    let work = measurement.work.map { work in
      let bytes = work.bytesRead + work.bytesWritten
      return Self.short(work.arithmetic) + "FLOP" + (bytes > 0 ? " \(Self.short(bytes))B" : "")
    }
    let columns = [
      measurement.shareOfBandwidth(machine).map(Self.percent) ?? "",
      measurement.peakMemory.map { "\(Self.short(Double($0)))B" } ?? "",
    ]
    return Self.text(
      measurement.name, Self.seconds(time.median),
      "\(Self.seconds(time.lowerQuartile)) - \(Self.seconds(time.upperQuartile))",
      rate(measurement), work ?? "", measurement.shareOfPeak(machine).map(Self.percent) ?? "")
      + " | " + columns.joined(separator: " | ") + "\n"
  }

  /// The comparison with an older report as a table.
  public static func table(_ ratios: [Ratio]) -> String {
    ratios.reduce("case, old median, new median, old / new\n") {
      $0
        + String(
          format: "%@  %@  %@  %.2f\n", $1.name.padded(to: 34), seconds($1.old).padded(to: 11),
          seconds($1.new).padded(to: 11), $1.ratio)
    }
  }

  /// The rate of work; for atoms, the time that one of them costs a core.
  private func rate(_ measurement: BenchmarkResult) -> String {
    guard let yield = measurement.yield, yield.count > 0 else { return "" }
    let each = measurement.time.median / Double(yield.count)
    switch yield.unit {
    case .atoms:
      return String(format: "%.2f us/(atom core)", each * 1e6 * Double(machine.threads))
    case .nodes: return String(format: "%.1f ns/node", each * 1e9)
    case .rows, .labels, .steps, .structures:
      return "\(Self.short(1 / each))\(yield.unit.rawValue)/s"
    }
  }

  private static func text(_ columns: String...) -> String {
    zip(columns, [34, 9, 21, 22, 20, 7]).map { $0.padded(to: $1) }.joined(separator: " | ")
  }

  private static func percent(_ share: Double) -> String {
    String(format: share < 0.1 ? "%.1f %%" : "%.0f %%", 100 * share)
  }

  /// Three digits with a unit.
  static func seconds(_ time: Double) -> String {
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "us")]
    let (scale, unit) = units.first { time >= $0.0 } ?? (1e-9, "ns")
    return digits(time / scale) + " " + unit
  }

  /// Three digits with the prefix of a unit.
  static func short(_ number: Double) -> String {
    let prefixes = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    let (scale, prefix) = prefixes.first { number >= $0.0 } ?? (1, "")
    return digits(number / scale) + " " + prefix
  }

  private static func digits(_ number: Double) -> String {
    String(format: number >= 99.95 ? "%.0f" : number >= 9.995 ? "%.1f" : "%.2f", number)
  }
}

extension String {
  /// With blanks up to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
