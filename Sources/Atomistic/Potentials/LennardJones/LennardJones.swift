public import Graph
public import Tensors

/// The Lennard-Jones potential, shifted so that energy and force vanish at the cutoff.
///
///     V(r) = 4 ε ((σ/r)¹² - (σ/r)⁶)
///     E    = Σ_{i<j} V(r) - V(r_c) - (r - r_c) V'(r_c)        for r < r_c
///
/// Parameters belong to pairs of elements; pairs without them do not interact.
public struct LennardJones: Potential, Hashable {
  /// Two elements in either order.
  public struct Pair: Hashable, Sendable, Comparable {
    /// The element of lower atomic number.
    public let first: Element
    /// The other element, or the same.
    public let second: Element

    /// Makes a pair; the order does not matter.
    public init(_ first: Element, _ second: Element) {
      (self.first, self.second) = (min(first, second), max(first, second))
    }

    /// Orders by the first, then the second element.
    public static func < (left: Pair, right: Pair) -> Bool {
      (left.first, left.second) < (right.first, right.second)
    }
  }

  /// The depth and the width of the well.
  public struct Parameters: Hashable, Sendable {
    /// The depth `ε` of the well in eV.
    public var epsilon: Double
    /// The distance `σ` in angstrom at which the unshifted potential is zero.
    public var sigma: Double

    /// Makes parameters from eV and angstrom.
    public init(epsilon: Double, sigma: Double) {
      self.epsilon = epsilon
      self.sigma = sigma
    }

    /// The energy in eV at distances in angstrom of at most `cutoff`, shifted in energy and force.
    func energies(at distances: Symbol, cutoff: Double) -> Symbol {
      let power = sigma * sigma * sigma * sigma * sigma * sigma
      let atCutoff = power / (cutoff * cutoff * cutoff * cutoff * cutoff * cutoff)
      let value = 4 * epsilon * (atCutoff * atCutoff - atCutoff)
      let slope = 4 * epsilon * (6 * atCutoff - 12 * atCutoff * atCutoff) / cutoff
      let square = (distances * distances).reciprocal()
      let sixth = square * square * square * power
      return (sixth * sixth - sixth) * (4 * epsilon) - (distances - cutoff) * slope - value
    }
  }

  /// The parameters of each pair of elements.
  public let parameters: [Pair: Parameters]
  /// The distance in angstrom at which the interaction ends.
  public let cutoff: Double
  /// The elements that occur in `parameters`.
  public let elements: [Element]

  /// Makes a model from the parameters of pairs of elements.
  public init(_ parameters: [Pair: Parameters], cutoff: Double) {
    ensure(
      cutoff > 0 && cutoff.isFinite, "LennardJones: the cutoff must be positive, not \(cutoff)")
    self.parameters = parameters
    self.cutoff = cutoff
    elements = Set(parameters.keys.flatMap { [$0.first, $0.second] }).sorted()
  }

  /// The energy of each atom in eV, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    var total = Symbol.fill(0, [AtomisticInputs.atoms])
    for (pair, parameters) in parameters.sorted(by: { $0.key < $1.key }) {
      let selection = selection(pair)
      let distances = selection.distances(inputs, atMost: cutoff)
      let energies = parameters.energies(at: distances, cutoff: cutoff)
      total = total + selection.shared(energies, inputs)
    }
    return total
  }

  /// Tells the feed which pairs interact.
  public func complete<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, structures: [Structure], neighbors: [NeighborList]
  ) throws(PotentialError) {
    for pair in parameters.keys {
      selection(pair).fill(feed, neighbors) { number, place in
        let (list, elements) = (neighbors[number], structures[number].elements)
        return pair == Pair(elements[Int(list.first[place])], elements[Int(list.second[place])])
      }
    }
  }

  private func selection(_ pair: Pair) -> PairSelection {
    PairSelection(name: "lennardJones.\(pair.first)-\(pair.second)")
  }
}
