public import Graph
public import Tensors

/// Finds the descriptors outside of a model's training range among those that a calculator computes
/// anyway.
public struct ExtrapolationWatch: Sendable {
  /// The model, with ranges.
  public let model: BehlerParrinello

  /// Prepares for a model; nil for one without ranges, where there is nothing to watch.
  public init?(_ potential: any Potential) {
    guard let model = potential as? BehlerParrinello,
      !model.networks.allSatisfy(\.ranges.isEmpty)
    else { return nil }
    self.model = model
  }

  /// What the calculator has to observe, and nothing else: the unscaled descriptors.
  public func descriptors(_ inputs: AtomisticInputs) -> [Symbol] {
    model.networks.map { model.descriptors(of: $0, inputs) }
  }

  /// The atoms of each network.
  func atoms(of elements: [Element]) -> [[Int]] {
    model.networks.map { network in
      elements.indices.filter { elements[$0] == network.element }
    }
  }

  /// Finds what is outside in a structure that a calculator has just computed.
  public func found<Scalar: RealScalar>(
    in structure: Structure, by calculator: Calculator<Scalar>
  ) -> StructureExtrapolations {
    var count = ExtrapolationCount(model)
    let atoms = count.add(model, atoms: atoms(of: structure.elements)) { calculator.observed($0) }
    return StructureExtrapolations(descriptors: count.total, atoms: atoms, first: count.last)
  }
}

/// What of one structure lies outside of a model's training range.
public struct StructureExtrapolations: Hashable, Sendable {
  /// The number of descriptors outside.
  public var descriptors: Int
  /// The number of atoms that have any.
  public var atoms: Int
  /// The first of them.
  public var first: Extrapolation?

  /// One sentence about several structures; nil if all is inside.
  public static func summary(of structures: [StructureExtrapolations]) -> String? {
    guard let index = structures.firstIndex(where: { $0.first != nil }),
      let first = structures[index].first
    else { return nil }
    let descriptors = structures.reduce(0) { $0 + $1.descriptors }
    let atoms = structures.reduce(0) { $0 + $1.atoms }
    let concerned = structures.count { $0.first != nil }
    return """
      \(descriptors) descriptor\(descriptors == 1 ? "" : "s") of \(atoms) \
      atom\(atoms == 1 ? "" : "s") in \(concerned) of \(structures.count) \
      structure\(structures.count == 1 ? "" : "s") outside of the training range; the first: \
      structure \(index + 1), \(first)
      """
  }
}
