import Tensors

/// The axes along which a structure repeats.
public struct Periodicity: OptionSet, Hashable, Sendable {
  /// One bit an axis.
  public let rawValue: UInt8

  /// Makes a set of axes from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue & 7 }

  /// The first lattice vector.
  public static let a = Periodicity(rawValue: 1)
  /// The second lattice vector.
  public static let b = Periodicity(rawValue: 2)
  /// The third lattice vector.
  public static let c = Periodicity(rawValue: 4)
  /// All three axes.
  public static let all: Periodicity = [.a, .b, .c]
  /// No axis.
  public static let none: Periodicity = []

  /// Whether the axis 0, 1 or 2 repeats.
  public subscript(axis: Int) -> Bool { rawValue & (1 << UInt8(axis)) != 0 }
}

/// A parallelepiped that repeats along some or all of its axes, in angstrom.
///
/// The rows of `vectors` are the lattice vectors; left-handed cells are allowed.
public struct Cell: Hashable, Sendable {
  /// The lattice vectors as rows.
  public let vectors: Matrix3
  /// The axes along which the cell repeats.
  public let periodicity: Periodicity
  /// The inverse of `vectors`.
  public let inverse: Matrix3

  /// Makes a cell of three vectors that span a volume.
  ///
  /// Data from outside is to be checked with `isValid(_:)` first: flat cells trap here.
  public init(_ vectors: Matrix3, periodicity: Periodicity = .all) {
    ensure(Cell.isValid(vectors), "Cell: the vectors \(vectors) span no volume")
    self.vectors = vectors
    self.periodicity = periodicity
    inverse = vectors.inverse
  }

  /// Makes a rectangular cell from its edges.
  public init(edges: SIMD3<Double>, periodicity: Periodicity = .all) {
    self.init(Matrix3(diagonal: edges), periodicity: periodicity)
  }

  /// Makes a cubic cell from its edge.
  public init(cubic edge: Double, periodicity: Periodicity = .all) {
    self.init(edges: [edge, edge, edge], periodicity: periodicity)
  }

  /// Whether vectors are finite and span a volume that arithmetic can work with.
  ///
  /// The volume must be at least 1e-6 of that of a rectangular cell with the same edges, and the
  /// edges between 1e-3 and 1e9 angstrom.
  public static func isValid(_ vectors: Matrix3) -> Bool {
    let edges = [vectors.x.length, vectors.y.length, vectors.z.length]
    guard edges.allSatisfy({ $0 >= 1e-3 && $0 <= 1e9 }) else { return false }
    return abs(vectors.determinant) >= 1e-6 * edges.reduce(1, *)
  }

  /// Replaces zero vectors by unit vectors at right angles to the others, as files of slabs need.
  ///
  /// Returns nil if all vectors are zero, since then there is no cell.
  public static func completing(_ vectors: Matrix3) -> Matrix3? {
    var result = vectors
    let zero = (0..<3).filter { vectors[$0] == .zero }
    switch zero.count {
    case 0: return result
    case 1:
      let normal = vectors[(zero[0] + 1) % 3].cross(vectors[(zero[0] + 2) % 3])
      result[zero[0]] = normal / normal.length
    case 2:
      guard let kept = (0..<3).first(where: { !zero.contains($0) }) else { return nil }
      let direction = vectors[kept] / vectors[kept].length
      let axis: SIMD3<Double> = abs(direction.x) < 0.7 ? [1, 0, 0] : [0, 1, 0]
      let second = direction.cross(axis)
      result[(kept + 1) % 3] = second / second.length
      result[(kept + 2) % 3] = direction.cross(result[(kept + 1) % 3])
    default: return nil
    }
    return result
  }

  /// The volume in cubic angstrom, positive for left-handed cells too.
  public var volume: Double { abs(vectors.determinant) }

  /// The distances between opposite faces in angstrom.
  public var heights: SIMD3<Double> {
    let columns = inverse.transposed
    return [1 / columns.x.length, 1 / columns.y.length, 1 / columns.z.length]
  }

  /// The position in units of the lattice vectors.
  public func fractional(_ position: SIMD3<Double>) -> SIMD3<Double> { position * inverse }

  /// The position in angstrom of fractional coordinates.
  public func cartesian(_ fractional: SIMD3<Double>) -> SIMD3<Double> { fractional * vectors }

  /// The image of a position whose fractional coordinates along periodic axes lie in 0 ..< 1.
  public func wrapped(_ position: SIMD3<Double>) -> SIMD3<Double> {
    let fraction = fractional(position)
    var shift = SIMD3<Double>.zero
    for axis in 0..<3 where periodicity[axis] { shift[axis] = -fraction[axis].rounded(.down) }
    return shift == .zero ? position : position + shift * vectors
  }

  /// The number of images to either side of the cell that hold all neighbours of the atoms inside it.
  ///
  /// `ceil(cutoff / height)` along periodic axes, zero along the others.
  public func imageCounts(within cutoff: Double) -> SIMD3<Int> {
    let heights = heights
    var counts = SIMD3<Int>.zero
    for axis in 0..<3 where periodicity[axis] {
      counts[axis] = Int((cutoff / heights[axis]).rounded(.up))
    }
    return counts
  }

  /// The cell with all lengths multiplied.
  public func scaled(by factor: Double) -> Cell {
    Cell(vectors * factor, periodicity: periodicity)
  }

  /// The cell with each vector multiplied from the right by a deformation.
  public func deformed(by deformation: Matrix3) -> Cell {
    Cell(vectors * deformation, periodicity: periodicity)
  }
}
