/// A check of the unit of length by the distances between neighbouring atoms.
///
/// For each atom, the distance to its nearest neighbour is divided by the sum of the covalent radii
/// of the two. Molecules, covalent solids, salts and metals give 0.75 ... 1.3; lengths in bohr
/// taken for angstrom give 1.89 times that, and the other mistake 0.53 times. The file is suspicious
/// when even the outer tenths of the ratios lie beyond 1.5 (or below 0.6), so that
/// dissociating molecules and gases do not raise the alarm. Not counted are noble gases, pairs of
/// two hydrogens (they may be atoms under pressure), atoms with nothing within 4.5 angstrom, and
/// structures of less than three atoms; at least eight atoms have to be left. The radii leave the
/// density nothing to add: vacuum, gases and ices differ in density more than the units do.
public struct UnitCheck: Sendable {
  /// The ratios at the tenths from below and above, and in the middle.
  public let (low, median, high): (Double, Double, Double)
  /// The median of the nearest distances in angstrom.
  public let distance: Double

  private static let reach = 4.5
  private static let fewestAtoms = 8
  private static let mostStructures = 12
  private static let mostAtoms = 2000

  /// Measures up to twelve structures; nil if they say too little.
  public init?(_ structures: [Structure]) {
    let usable = structures.filter { $0.count >= 3 && $0.count <= Self.mostAtoms }
    guard !usable.isEmpty else { return nil }
    let step = max(1, usable.count / Self.mostStructures)
    var samples: [(ratio: Double, distance: Double)] = []
    for index in stride(from: 0, to: usable.count, by: step).prefix(Self.mostStructures) {
      samples += Self.samples(usable[index])
    }
    guard samples.count >= Self.fewestAtoms else { return nil }
    let ratios = samples.map(\.ratio).sorted()
    low = ratios[ratios.count / 10]
    median = ratios[ratios.count / 2]
    high = ratios[ratios.count - 1 - ratios.count / 10]
    distance = samples.map(\.distance).sorted()[samples.count / 2]
  }

  /// The unit of length that the numbers seem to be in, when they were taken to be in `assumed`.
  public func suspectedLength(assumed: LengthUnit) -> LengthUnit? {
    switch assumed {
    case .angstrom: low >= 1.5 && high <= 2.7 ? .bohr : nil
    case .bohr: low >= 0.35 && high <= 0.6 ? .angstrom : nil
    }
  }

  /// Throws if the numbers seem to be in another unit of length than was taken for granted.
  public func require(_ assumed: UnitSystem, file: String) throws(FormatError) {
    guard let length = suspectedLength(assumed: assumed.length) else { return }
    let suspected: UnitSystem = length == .bohr ? .atomic : .standard
    let measured = (distance * 100).rounded() / 100
    let ratio = (median * 100).rounded() / 100
    throw FormatError(
      file: file, key: "units",
      expected: "lengths in \(assumed.length.rawValue), as nothing says otherwise",
      found: """
        nearest neighbours \(measured) angstrom apart (median), \(ratio) times the sum of their \
        covalent radii, as if the file were in \(suspected)
        """,
      advice: """
        set \(suspected.commandLineOptions), or \(assumed.commandLineOptions) if the file really \
        is in \(assumed)
        """)
  }

  private static func samples(_ structure: Structure) -> [(ratio: Double, distance: Double)] {
    // A structure crowded with pairs is damaged in other ways: it says nothing about units.
    guard
      let list = try? NeighborList(
        positions: structure.positions, cell: structure.cell, cutoff: reach,
        mostPairs: 500 * structure.count)
    else { return [] }
    return (0..<structure.count).compactMap { atom in
      let element = structure.elements[atom]
      guard
        let pair = list.pairs(of: atom).min(by: { list.distance[$0] < list.distance[$1] }),
        let radius = element.covalentRadius
      else { return nil }
      let other = structure.elements[Int(list.second[pair])]
      guard let otherRadius = other.covalentRadius, !element.isNobleGas, !other.isNobleGas,
        !(element == .hydrogen && other == .hydrogen)
      else { return nil }
      return (list.distance[pair] / (radius + otherRadius), list.distance[pair])
    }
  }
}
