public import Graph
public import Tensors

/// Finds the values outside of a model's training ranges among those that a calculator computes
/// anyway.
public struct ExtrapolationWatch: Sendable {
  private let potential: any Potential
  private let ranges: [TrainingRange]

  /// Prepares for a model; nil for one that states no ranges, where there is nothing to watch.
  public init?(_ potential: any Potential) {
    ranges = potential.trainingRanges(AtomisticInputs())
    guard !ranges.isEmpty else { return nil }
    self.potential = potential
  }

  /// The values that the calculator has to observe, and no others.
  public func observables(_ inputs: AtomisticInputs) -> [Symbol] {
    potential.trainingRanges(inputs).flatMap { [$0.values, $0.atoms] }
  }

  /// The number of values that the calculator has to observe.
  public var observableCount: Int { 2 * ranges.count }

  /// Adds the values outside in a structure that a calculator has just computed.
  ///
  /// - Parameters:
  ///   - structure: The structure.
  ///   - calculator: The calculator, which observes `observables` and nothing else.
  ///   - count: The count of the trajectory or of the structure.
  ///   - tolerance: The part of a range by which a value may pass an end.
  /// - Returns: The values outside.
  @discardableResult
  public func add<Scalar: RealScalar>(
    _ structure: Structure, by calculator: Calculator<Scalar>, to count: inout ExtrapolationCount,
    tolerance: Double = 1e-6
  ) -> [Extrapolation] {
    var found: [Extrapolation] = []
    for (number, range) in ranges.enumerated() {
      count.add(
        range, calculator.observed(2 * number), atoms: calculator.observedIndices(2 * number + 1),
        elements: structure.elements, tolerance: tolerance, found: { found.append($0) })
    }
    count.endStep(first: found.first)
    return found
  }
}

/// The values of one structure outside of a model's training ranges.
public struct StructureExtrapolations: Hashable, Sendable {
  /// The number of values outside.
  public var values: Int
  /// The number of atoms that have any.
  public var atoms: Int
  /// The first of them.
  public var first: Extrapolation?

  /// Sums up the values outside.
  public init(_ found: [Extrapolation]) {
    values = found.count
    atoms = Set(found.map(\.atom)).count
    first = found.first
  }

  /// One sentence about several structures; nil if all is inside.
  public static func summary(of structures: [StructureExtrapolations]) -> String? {
    guard let index = structures.firstIndex(where: { $0.first != nil }),
      let first = structures[index].first
    else { return nil }
    let values = structures.reduce(0) { $0 + $1.values }
    let atoms = structures.reduce(0) { $0 + $1.atoms }
    let concerned = structures.count { $0.first != nil }
    return """
      \(values) value\(values == 1 ? "" : "s") of \(atoms) \
      atom\(atoms == 1 ? "" : "s") in \(concerned) of \(structures.count) \
      structure\(structures.count == 1 ? "" : "s") outside of the training range; the first: \
      structure \(index + 1), \(first)
      """
  }
}
