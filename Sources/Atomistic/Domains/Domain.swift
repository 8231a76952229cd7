/// The atoms of a part of space, and copies of others around it.
///
/// Programs that divide a simulation among processes give each of them a domain. The energies of atoms
/// that contribute add up to the domain's energy; the others are there for their sake. There is no
/// cell: images are atoms of their own.
public struct Domain: Sendable {
  /// The element of each atom.
  public var elements: [Element]
  /// The position of each atom in angstrom.
  public var positions: [SIMD3<Double>]
  /// Whether the energy of each atom counts.
  public var contributes: [Bool]

  /// Makes a domain of arrays of one length.
  public init(
    elements: [Element] = [], positions: [SIMD3<Double>] = [], contributes: [Bool] = []
  ) {
    self.elements = elements
    self.positions = positions
    self.contributes = contributes
  }

  /// The number of atoms, copies included.
  public var count: Int { elements.count }

  /// Drops atoms, or adds some that do not contribute, of this element and at the origin.
  ///
  /// Memory is kept, so that a domain of changing size soon allocates none.
  public mutating func resize(to count: Int, of element: Element) {
    elements.resize(to: count, filling: element)
    positions.resize(to: count, filling: .zero)
    contributes.resize(to: count, filling: false)
  }
}
