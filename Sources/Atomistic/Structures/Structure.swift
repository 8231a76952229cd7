import Tensors

/// Atoms in space, perhaps in a periodic cell, perhaps with labels: lengths in angstrom.
public struct Structure: Hashable, Sendable, CustomStringConvertible {
  /// The element of each atom.
  public var elements: [Element]
  /// The position of each atom in angstrom; atoms may lie outside the cell.
  public var positions: [SIMD3<Double>]
  /// The velocity of each atom in angstrom/fs.
  public var velocities: [SIMD3<Double>]?
  /// The cell, or nil for atoms in open space.
  public var cell: Cell?
  /// Reference energy, forces and stress.
  public var labels: Labels
  /// The name of this structure in the file.
  public var name: String?
  /// Further header entries of the file, unconverted.
  public var info: [String: String]

  /// Makes a structure of as many positions as elements.
  public init(
    elements: [Element], positions: [SIMD3<Double>], velocities: [SIMD3<Double>]? = nil,
    cell: Cell? = nil, labels: Labels = Labels(), name: String? = nil, info: [String: String] = [:]
  ) {
    ensure(
      elements.count == positions.count,
      "Structure: \(elements.count) elements but \(positions.count) positions")
    ensure(
      labels.forces.map { $0.count == elements.count } ?? true,
      "Structure: \(elements.count) atoms but \(labels.forces?.count ?? 0) forces")
    ensure(
      velocities.map { $0.count == elements.count } ?? true,
      "Structure: \(elements.count) atoms but \(velocities?.count ?? 0) velocities")
    self.elements = elements
    self.positions = positions
    self.velocities = velocities
    self.cell = cell
    self.labels = labels
    self.name = name
    self.info = info
  }

  /// Takes over positions and cell of a structure of the same atoms, without sharing its memory.
  ///
  /// A caller that changes the other structure afterwards then does not copy its positions first.
  mutating func move(to other: Structure) {
    move(to: other.positions)
    cell = other.cell
  }

  /// Takes over positions of the same atoms, without sharing their memory.
  mutating func move(to positions: [SIMD3<Double>]) {
    for atom in positions.indices { self.positions[atom] = positions[atom] }
  }

  /// The structure and its images along the lattice vectors, in a cell as many times as large.
  ///
  /// Velocities are those of the originals; labels are left out.
  public func repeated(_ counts: SIMD3<Int>) -> Structure {
    guard let cell else { trap("Structure: without a cell nothing repeats") }
    ensure(counts.min() > 0, "Structure: a structure is repeated at least once")
    let vectors = cell.vectors
    var result = Structure(elements: [], positions: [], name: name, info: info)
    var velocities: [SIMD3<Double>] = []
    for x in 0..<counts.x {
      for y in 0..<counts.y {
        for z in 0..<counts.z {
          let shift = SIMD3<Double>(Double(x), Double(y), Double(z)) * vectors
          result.elements += elements
          result.positions += positions.map { $0 + shift }
          velocities += self.velocities ?? []
        }
      }
    }
    if self.velocities != nil { result.velocities = velocities }
    result.cell = Cell(
      Matrix3(
        vectors.x * Double(counts.x), vectors.y * Double(counts.y), vectors.z * Double(counts.z)),
      periodicity: cell.periodicity)
    return result
  }

  /// The number of atoms.
  public var count: Int { elements.count }

  /// The sum of the atomic masses in atomic mass units.
  public var mass: Double { elements.reduce(0) { $0 + $1.mass } }

  /// The mass density in g/mL, nil unless the cell repeats along all its axes.
  public var density: Double? {
    guard let cell, cell.periodicity == .all else { return nil }
    return mass / cell.volume * Units.atomicMassPerCubicAngstrom
  }

  /// The number of atoms of each element.
  public var composition: [Element: Int] { elements.reduce(into: [:]) { $0[$1, default: 0] += 1 } }

  /// The formula with the name, if there is one.
  public var description: String { name.map { "\(formula) (\($0))" } ?? formula }

  /// The elements with their counts in order of atomic number, as in `H128O64`.
  public var formula: String { formula(of: composition) }

  /// The formula of a composition that is known already.
  func formula(of composition: [Element: Int]) -> String {
    composition.sorted { $0.key < $1.key }
      .map { $0.value == 1 ? $0.key.symbol : "\($0.key.symbol)\($0.value)" }.joined()
  }

  /// The distance in angstrom from which the images of a lone atom count as far away.
  private static let loneDistance = 6.0

  /// Whether there is one atom, with no image of it near: its energy is the reference energy of its
  /// element.
  public var isLoneAtom: Bool {
    guard count == 1 else { return false }
    guard let list = try? NeighborList(self, cutoff: Self.loneDistance) else { return false }
    return list.count == 0
  }
}
