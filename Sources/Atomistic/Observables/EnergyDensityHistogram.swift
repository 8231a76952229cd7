import Tensors

/// The distribution of the structures of datasets over density and energy per atom.
///
/// The edges of the bins are common to all datasets, so that their histograms can be compared.
public struct EnergyDensityHistogram: Hashable, Sendable, Codable {
  /// The structures of one dataset.
  public struct Dataset: Hashable, Sendable, Codable {
    /// The mass density of each structure in g/mL.
    public private(set) var densities: [Double] = []
    /// The energy per atom of each structure in eV.
    public private(set) var energies: [Double] = []

    /// Makes an empty dataset.
    public init() {}

    /// Adds a structure, which has to have an energy and a cell that repeats along all axes.
    public mutating func add(_ structure: Structure) throws(FrameFault) {
      guard let energy = structure.labels.energy else {
        throw FrameFault(
          expected: "an energy", found: "none", advice: "name its key with --energy-key")
      }
      densities.append(try structure.requiredDensity())
      energies.append(energy / Double(structure.count))
    }
  }

  /// The edges of the bins along the density in g/mL.
  public let densityEdges: [Double]
  /// The edges of the bins along the energy per atom in eV.
  public let energyEdges: [Double]
  /// The number of structures in each bin: by dataset, density, energy.
  public let counts: [[[Int]]]

  /// Counts; there must be structures.
  public init(_ datasets: [Dataset], bins: Int = 40) {
    ensure(
      bins > 0 && datasets.contains { !$0.energies.isEmpty },
      "EnergyDensityHistogram: there is nothing to count")
    densityEdges = Self.edges(datasets.flatMap(\.densities), bins)
    energyEdges = Self.edges(datasets.flatMap(\.energies), bins)
    let (densityEdges, energyEdges) = (densityEdges, energyEdges)
    counts = datasets.map { dataset in
      var counts = Array(repeating: Array(repeating: 0, count: bins), count: bins)
      for (density, energy) in zip(dataset.densities, dataset.energies) {
        counts[Self.bin(density, densityEdges)][Self.bin(energy, energyEdges)] += 1
      }
      return counts
    }
  }

  /// Even edges from the lowest value to the highest; a thousandth apart around a single value.
  private static func edges(_ values: [Double], _ bins: Int) -> [Double] {
    let (low, high) = values.reduce((Double.infinity, -Double.infinity)) {
      (min($0.0, $1), max($0.1, $1))
    }
    let isSpread = high - low > 1e-9 * max(abs(low), abs(high))
    let width = isSpread ? (high - low) / Double(bins) : 1e-3
    let start = isSpread ? low : low - (Double(bins / 2) + 0.5) * width
    return (0...bins).map { start + Double($0) * width }
  }

  private static func bin(_ value: Double, _ edges: [Double]) -> Int {
    let width = edges[1] - edges[0]
    return min(max(Int((value - edges[0]) / width), 0), edges.count - 2)
  }
}

extension Structure {
  /// The mass density in g/mL, or a fault where it has none.
  public func requiredDensity() throws(FrameFault) -> Double {
    guard let density else {
      throw FrameFault(
        expected: "a cell that repeats along three axes", found: cell == nil ? "none" : "fewer axes"
      )
    }
    return density
  }
}
