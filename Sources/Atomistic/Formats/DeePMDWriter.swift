import Tensors

extension DeePMDSystem {
  /// The common properties of the structures of one system.
  private struct Kind: Hashable {
    var elements: [Element]
    var isPeriodic: Bool
    var hasEnergy: Bool
    var hasForces: Bool
    var hasStress: Bool
  }

  /// Writes structures as float64 arrays: into `path` itself if all have the same atoms and
  /// labels, else into one folder for each kind, named by formula and a running number.
  ///
  /// Throws if a cell is periodic along some axes only, or a folder cannot be made. The order of
  /// structures of different kinds is lost.
  public static func write(_ structures: [Structure], to path: String) throws(FormatError) {
    var kinds: [Kind] = []
    var members: [Kind: [Structure]] = [:]
    for (index, structure) in structures.enumerated() {
      let periodicity = structure.cell?.periodicity ?? .none
      guard [.all, .none].contains(periodicity) else {
        throw FormatError(
          file: path, key: "structure \(index)", expected: "a cell periodic along all axes or none",
          found: "one periodic along some", advice: "choose extended XYZ")
      }
      let kind = Kind(
        elements: structure.elements, isPeriodic: periodicity == .all,
        hasEnergy: structure.labels.energy != nil, hasForces: structure.labels.forces != nil,
        hasStress: structure.labels.stress != nil && periodicity == .all)
      if members[kind] == nil { kinds.append(kind) }
      members[kind, default: []].append(structure)
    }
    for (number, kind) in kinds.enumerated() {
      let structures = members[kind] ?? []
      let folder = kinds.count == 1 ? path : "\(path)/\(structures[0].formula)-\(number)"
      try write(structures, kind, to: folder)
    }
  }

  private static func write(
    _ structures: [Structure], _ kind: Kind, to folder: String
  ) throws(FormatError) {
    let set = folder + "/set.000"
    do throws(FileError) { try Folder.make(set) } catch { throw FormatError(error) }
    let map = Set(kind.elements).sorted()
    let types = kind.elements.compactMap { map.firstIndex(of: $0) }
    func writeText(_ lines: [String], _ name: String) throws(FormatError) {
      try FileBytes.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: "\(folder)/\(name)")
    }
    func writeArray(_ rows: [[Double]], _ name: String) throws(FormatError) {
      let shape = rows[0].count == 1 ? [rows.count] : [rows.count, rows[0].count]
      try NumpyArray(shape: shape, values: rows.flatMap(\.self)).write(to: "\(set)/\(name).npy")
    }
    func flat(_ vectors: [SIMD3<Double>]) -> [Double] { vectors.flatMap { [$0.x, $0.y, $0.z] } }
    try writeText(map.map(\.symbol), "type_map.raw")
    try writeText(types.map(String.init), "type.raw")
    try writeArray(structures.map { flat($0.positions) }, "coord")
    if kind.isPeriodic {
      try writeArray(structures.compactMap { $0.cell?.vectors.rowMajor }, "box")
    } else {
      try writeText([], "nopbc")
    }
    if kind.hasEnergy {
      try writeArray(structures.compactMap { $0.labels.energy.map { [$0] } }, "energy")
    }
    if kind.hasForces {
      try writeArray(structures.compactMap { $0.labels.forces.map(flat) }, "force")
    }
    if kind.hasStress {
      let virials = structures.compactMap { structure in
        structure.labels.stress.map { ($0 * -(structure.cell?.volume ?? 0)).rowMajor }
      }
      try writeArray(virials, "virial")
    }
  }
}
