public import Tensors

/// What can be said of a dataset at a glance: sizes, compositions, ranges of labels, distances.
public struct DatasetSummary: Hashable, Sendable, Codable {
  /// The smallest and the largest of some numbers.
  public struct Range: Hashable, Sendable, Codable {
    /// The smallest.
    public var lowest: Double
    /// The largest.
    public var highest: Double

    /// Makes the range of numbers, nil if there are none.
    public init?(_ values: some Sequence<Double>) {
      var bounds: (Double, Double)?
      for value in values {
        bounds = bounds.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
      }
      guard let bounds else { return nil }
      (lowest, highest) = bounds
    }
  }

  /// The number of structures.
  public var structures: Int
  /// The number of atoms in all structures.
  public var atoms: Int
  /// The atoms of the smallest and the largest structure.
  public var atomsPerStructure: Range?
  /// The atoms of each element by symbol.
  public var elements: [String: Int]
  /// The structures of each composition by formula.
  public var compositions: [String: Int]
  /// The structures by number of periodic axes, 0 ... 3.
  public var periodicAxes: [Int]
  /// The mass density in g/mL.
  public var density: Range?
  /// The energy in eV.
  public var energy: Range?
  /// The energy per atom in eV.
  public var energyPerAtom: Range?
  /// The root mean square of the force components in eV/angstrom.
  public var forceRootMeanSquare: Double?
  /// The largest length of a force in eV/angstrom.
  public var largestForce: Double?
  /// The pressure `-trace(stress)/3` in bar.
  public var pressure: Range?
  /// The labels, with the keys under which they were found.
  public var inventory: LabelInventory

  /// What the structures are like, and what may be wrong with them.
  public var report: DataReport

  /// Summarises a set; the report takes a neighbour list of each structure.
  ///
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public init(
    _ set: StructureSet, workers: Workers = Workers(count: 1)
  ) throws(LinearAlgebra.Failure) {
    let all = set.structures
    structures = all.count
    atoms = all.reduce(0) { $0 + $1.count }
    atomsPerStructure = Range(all.lazy.map { Double($0.count) })
    elements = [:]
    compositions = [:]
    periodicAxes = [0, 0, 0, 0]
    for structure in all {
      for element in structure.elements { elements[element.symbol, default: 0] += 1 }
      compositions[structure.formula, default: 0] += 1
      periodicAxes[structure.cell?.periodicity.rawValue.nonzeroBitCount ?? 0] += 1
    }
    density = Range(all.lazy.compactMap(\.density))
    energy = Range(all.lazy.compactMap(\.labels.energy))
    energyPerAtom = Range(
      all.lazy.compactMap { structure in
        structure.labels.energy.map { $0 / Double(structure.count) }
      })
    pressure = Range(all.lazy.compactMap { $0.labels.stress.map { -$0.trace / 3 / Units.bar } })
    inventory = set.inventory

    var (squares, components, largest) = (0.0, 0, 0.0)
    for forces in all.lazy.compactMap(\.labels.forces) {
      for force in forces {
        squares += force.dot(force)
        largest = max(largest, force.dot(force))
      }
      components += 3 * forces.count
    }
    forceRootMeanSquare = components == 0 ? nil : (squares / Double(components)).squareRoot()
    largestForce = components == 0 ? nil : largest.squareRoot()

    report = try DataReport(all, workers: workers)
  }
}
