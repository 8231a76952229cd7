public import Tensors

/// What labelled structures are like, and what may be wrong with them.
///
///     let report = try DataReport(structures, training: data.training, validation: data.validation)
///     for warning in report.warnings { print("warning: \(warning)") }
///
/// Labels are compared with those of the other structures by medians, which wrong ones do not move.
public struct DataReport: Hashable, Sendable, Codable {
  /// The labels of one property.
  public struct Labels: Hashable, Sendable, Codable {
    /// The name of the property.
    public var property: String
    /// Its unit.
    public var unit: String
    /// The structures that have the label and those that have none.
    public var structures, missing: Int
    /// The smallest and the largest value; of energies per atom.
    public var range: DatasetSummary.Range?
    /// The median of energies per atom, or of the root mean squares of structures' values.
    public var median: Double?
  }

  /// The structures that are reported on.
  public var members: Int
  /// The labels by property.
  public var labels: [Labels]
  /// The labels that lie apart from those of the other structures.
  public var outliers: [LabelOutlier]
  /// The energies of lone atoms.
  public var reference: ReferenceEnergies
  /// Groups of structures that are copies of each other.
  public var duplicates: [[Int]]
  /// The shortest distance between two atoms or images, nil if none is within the reach.
  public var shortest: AtomDistance?
  /// The distance in angstrom within which atoms should have a neighbour.
  public var cutoff: Double
  /// The number of atoms without a neighbour, lone atoms of structures of their own left out.
  public var atomsWithoutNeighbors: Int
  /// The faults.
  public var warnings: [DataWarning]

  /// The distance in angstrom within which atoms should have a neighbour, where no potential says more.
  public static let customaryCutoff = 6.0

  /// Reports on structures.
  ///
  /// - Parameters:
  ///   - structures: The structures.
  ///   - training: The places of those to train on; by default all.
  ///   - validation: The places of those to validate with.
  ///   - properties: The properties whose labels are judged.
  ///   - reference: The energies of lone atoms; fitted to the structures to train on unless given.
  ///   - cutoff: The distance in angstrom within which atoms should have a neighbour.
  ///   - workers: The threads that share the measuring of distances.
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public init(
    _ structures: [Structure], training: [Int]? = nil, validation: [Int] = [],
    properties: [Property] = [.energy, .force, .stress], reference: ReferenceEnergies? = nil,
    cutoff: Double = customaryCutoff, workers: Workers = Workers(count: 1)
  ) throws(LinearAlgebra.Failure) {
    let training = training ?? Array(structures.indices)
    let members = (training + validation).sorted()
    let geometries = workers.map(members.count) {
    } _: { _, number in
      StructureGeometry(structures[members[number]], at: members[number], cutoff: cutoff)
    }
    self.members = members.count
    self.cutoff = cutoff
    labels = properties.map { Labels($0, structures, members) }
    outliers = try LabelOutlier.find(in: structures, members: members, properties: properties)
    if let reference {
      self.reference = reference
    } else {
      self.reference = try ReferenceEnergies(fitting: training.map { structures[$0] })
    }
    duplicates = DuplicateStructures.groups(of: structures, members: members, geometries)
    shortest = geometries.compactMap(\.shortest).min { $0.distance < $1.distance }
    let lone = zip(members, geometries).filter { $1.loneAtoms > 0 && structures[$0].count > 1 }
    atomsWithoutNeighbors = lone.reduce(0) { $0 + $1.1.loneAtoms }

    warnings = DataWarning.outliers(outliers, among: members.count, properties)
    warnings += DataWarning.zeroLabels(properties, structures, members)
    let interaction = self.reference.interactionEnergies(of: structures)
    warnings += interaction.warnings(structures, members, besides: outliers)
    warnings += DataWarning.copies(duplicates, structures, training: training, validation)
    let faults = zip(members, geometries).compactMap { place, one in one.fault.map { (place, $0) } }
    warnings += DataWarning.distances(geometries.compactMap(\.crowded), faults)
    let atoms = members.reduce(0) { $0 + structures[$1].count }
    warnings += DataWarning.noNeighbors(
      lone.map(\.0), atoms: atomsWithoutNeighbors, of: atoms, cutoff: cutoff)
  }
}

extension DataReport.Labels {
  /// The labels of the members that have any.
  fileprivate init(_ property: Property, _ structures: [Structure], _ members: [Int]) {
    self.property = property.name
    unit = property.unit + (property.isReportedPerAtom ? "/atom" : "")
    var (sizes, lowest, highest): ([Double], Double, Double) = ([], .infinity, -.infinity)
    for place in members where structures[place].count > 0 {
      guard let values = property.reference(structures[place]) else { continue }
      let scale = property.isReportedPerAtom ? 1 / Double(structures[place].count) : 1
      for value in values {
        lowest = min(lowest, value * scale)
        highest = max(highest, value * scale)
      }
      if case .energy = property.definition {
        sizes.append(values[0] * scale)
      } else if let size = property.rootMeanSquare(of: structures[place]) {
        sizes.append(size * scale)
      }
    }
    (self.structures, missing) = (sizes.count, members.count - sizes.count)
    range = DatasetSummary.Range(lowest <= highest ? [lowest, highest] : [])
    median = sizes.isEmpty ? nil : RobustScores.median(of: sizes)
  }
}
