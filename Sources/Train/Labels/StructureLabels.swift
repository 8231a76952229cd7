public import Atomistic
public import Graph
public import Tensors

/// The labels of structures for any potential: the errors of energies, forces, stresses and other
/// properties as graphs, and the numbers for their placeholders.
///
/// How labels are laid out follows from the potential's graph. Where its energy is a sum over rows of
/// features that no weight reaches, features and their derivatives are computed once and a label takes
/// the rows that it depends on; otherwise a label brings its structure, so that one backward pass gives
/// the rows of the Jacobian of all labels. `plan` says which and why.
public final class StructureLabels<Scalar: RealScalar>: LabelSource {
  /// The potential.
  public let potential: any Potential
  /// The terms of the loss.
  public let terms: [LossTerm]
  /// The batch schedule.
  public let schedule: any BatchSchedule
  /// The kinds of label that the schedule draws from.
  public let kinds: [LabelKind]
  /// The layout of labels and its reason, in a sentence.
  public let plan: String
  /// The memory and the disk space that features and neighbour lists take, in bytes.
  public let byteCounts: (memory: Int, disk: Int)

  /// The placeholders of the rows that labels take, group by group; none where labels take whole
  /// structures.
  package let rows: [RowPlaceholders]

  private let data: TrainingData
  /// The labels of each term.
  private let tables: [LabelTable]
  private let batches: any LabelPlan<Scalar>
  /// The terms that the kinds of label are of; none for whole structures.
  private let termOfKind: [Int]

  /// Computes what labels need and builds the graphs of their errors.
  ///
  /// - Parameters:
  ///   - data: The structures.
  ///   - potential: The potential.
  ///   - terms: The terms of the loss.
  ///   - schedule: Which labels a step takes.
  ///   - budget: How much memory and disk space features may take.
  ///   - workers: The threads that share the computation of features.
  ///   - progress: Called with the number of structures done, from any thread.
  /// - Throws: A `LabelError` where the potential does not fit a structure, there is no label to
  ///   train on, or memory or disk have no room.
  public init(
    _ data: TrainingData, _ potential: any Potential,
    terms: [LossTerm] = [.init(.energy), .init(.force)],
    schedule: any BatchSchedule = RandomLabels(), budget: FeatureBudget = FeatureBudget(),
    workers: Workers = Workers(count: 1), progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws(LabelError) {
    (self.data, self.potential, self.terms, self.schedule) = (data, potential, terms, schedule)
    let members = (data.training + data.validation).sorted()
    try Self.requireCutoff(of: potential, data, workers)
    let weights = data.training.map { data.weights[$0] }
    let graphs = LabelGraphs(potential, terms)
    let context = LabelContext(
      structures: data.structures,
      tables: terms.map {
        LabelTable($0.property, data.structures, members: data.training, potential)
      },
      rootWeights: weights.allSatisfy { $0 == 1 } ? nil : data.weights.map { $0.squareRoot() },
      schedule: schedule, members: data.training.count, labels: graphs.labels)
    tables = context.tables
    switch graphs.plan {
    case .rows(let rows):
      self.rows = rows.groups.map { group in
        RowPlaceholders(
          label: group.label,
          features: group.features.map { ($0.placeholder, $0.tangent, $0.width) })
      }
      let keepsStrains = terms.contains {
        if case .stress = $0.property.definition { true } else { false }
      }
      let cache = try FeatureCache<Scalar>(
        data.structures, members: members, potential, rows, keepsStrains: keepsStrains,
        budget: budget, workers: workers, progress: progress)
      batches = RowLabels(context, rows, cache)
      byteCounts = cache.byteCounts
      let rest =
        cache.recomputed == 0
        ? ""
        : "; those of \(cache.recomputed) structures fit neither memory nor disk and are computed "
          + "again whenever they are needed"
      plan = "labels take rows of features that no weight reaches\(rest)"
    case .structures(let reason):
      rows = []
      let neighbors = try NeighborLists(
        data.structures, members: members, potential, budget: budget, workers: workers,
        progress: progress)
      batches = WholeStructureLabels(context, potential, neighbors)
      byteCounts = (neighbors.byteCount, 0)
      plan = "labels take whole structures, since \(reason)"
    }
    (kinds, termOfKind) = try Self.kinds(schedule.batch, terms, context, graphs)
  }

  /// Refuses a potential that gives energy to pairs beyond its cutoff, by the first structure.
  private static func requireCutoff(
    of potential: any Potential, _ data: TrainingData, _ workers: Workers
  ) throws(LabelError) {
    let number = data.training[0]
    do {
      try CutoffCheck.require(
        potential, data.structures[number], state: State<Scalar>?.none, workers: workers)
    } catch { throw .potential(error, structure: number) }
  }

  /// The kinds of label of a schedule with their graphs, without structures to train on: each with as
  /// many labels as a step takes.
  ///
  /// Throws `LabelError` where the schedule takes no label of the terms.
  public static func kinds(
    of potential: any Potential, terms: [LossTerm], schedule: any BatchSchedule
  ) throws(LabelError) -> [LabelKind] {
    let graphs = LabelGraphs(potential, terms)
    let context = LabelContext(
      structures: [], tables: terms.map { LabelTable($0.property, [], members: [], potential) },
      rootWeights: nil, schedule: schedule, members: 0, labels: graphs.labels)
    return try kinds(schedule.batch, terms, context, graphs).0
  }

  /// The kinds of label that a schedule draws from, and the terms they are of.
  private static func kinds(
    _ batch: BatchForm, _ terms: [LossTerm], _ context: LabelContext, _ graphs: LabelGraphs
  ) throws(LabelError) -> ([LabelKind], [Int]) {
    /// The number of labels of a term; without structures, any number.
    func count(_ term: Int) -> Int { context.members == 0 ? .max : context.tables[term].count }
    let counts = context.tables.map { "\($0.count) of \($0.property.name)" }
    let advice =
      "the training structures have \(counts.joined(separator: ", ")); change loss and schedule, "
      + "or name the labels by data.keys"
    switch batch {
    case .labels(let perStep, let reduction):
      var (kinds, chosen): ([LabelKind], [Int]) = ([], [])
      for (term, loss) in terms.enumerated() {
        let labels = min(perStep[loss.property.name] ?? 0, count(term))
        guard labels > 0 else { continue }
        let (plain, weighted) = graphs.errors(of: term, context)
        kinds.append(
          LabelKind(
            name: loss.property.name,
            errors: reduction.errors(weighted, weight: loss.weight, labelsPerStep: labels),
            plainErrors: plain, count: count(term), labelsPerStep: labels))
        chosen.append(term)
      }
      guard !kinds.isEmpty else { throw .noLabels("the schedule takes no label: \(advice)") }
      return (kinds, chosen)
    case .structures(let perStep):
      let errors = terms.indices.filter { count($0) > 0 }.map { term in
        graphs.wholeErrors(of: term, context) * terms[term].weight.squareRoot()
      }
      guard !errors.isEmpty else { throw .noLabels("there is no label to train on: \(advice)") }
      let kind = LabelKind(
        name: "structures", errors: .concatenating(errors, axis: 0), count: context.members,
        labelsPerStep: min(perStep, max(1, context.members)))
      return ([kind], [])
    }
  }

  /// Sets the placeholders of one kind's errors for labels, or structures, of these numbers.
  public func fill(_ feed: Feed<Scalar>, kind: Int, labels: [Int]) {
    if termOfKind.isEmpty {
      batches.fill(feed, structures: labels.map { data.training[$0] })
    } else {
      batches.fill(feed, term: termOfKind[kind], labels: labels)
    }
  }

  /// The structure of each label; of whole structures, that of each value of each term.
  public func structures(ofErrorsOf kind: Int, labels: [Int]) -> [Int] {
    guard termOfKind.isEmpty else {
      return labels.map { tables[termOfKind[kind]].place(of: $0).structure }
    }
    let members = labels.map { data.training[$0] }
    return tables.filter { $0.count > 0 }.flatMap { table in
      members.flatMap { number in
        [Int](repeating: number, count: table.property.count(of: data.structures[number]))
      }
    }
  }

  /// 1/N for what is reported per atom.
  public func scale(ofLabel label: Int, kind: Int) -> Double {
    guard !termOfKind.isEmpty else { return 1 }
    let table = tables[termOfKind[kind]]
    guard table.property.isReportedPerAtom else { return 1 }
    return 1 / Double(data.structures[table.place(of: label).structure].count)
  }

  /// From predictions of whole structures, which give all their labels at once.
  public func rootMeanSquareErrors(_ state: State<Scalar>, workers: Workers) -> [Double]? {
    guard !termOfKind.isEmpty else { return nil }
    let errors = evaluator(state, workers: workers).errors(of: data.training)
    return termOfKind.map { errors[$0]?.rmse ?? 0 }
  }

  /// Evaluates the potential on training and validation structures with the weights of a state.
  public func evaluator(
    _ state: State<Scalar>, workers: Workers
  ) -> LabelEvaluator {
    LabelEvaluator(
      data, terms, potential, batches.predictions(state, workers: workers))
  }
}

/// The placeholders of rows that have an axis in common.
package struct RowPlaceholders: Sendable {
  /// The label that each row belongs to.
  package let label: Symbol
  /// The values of each feature, their changes along the labels' directions, and the elements of a row.
  package let features: [(value: Symbol, tangent: Symbol, width: Int)]
}

extension LabelReduction {
  /// The scaled errors of a step with so many labels.
  fileprivate func errors(_ errors: Symbol, weight: Double, labelsPerStep: Int) -> Symbol {
    switch self {
    case .mean: errors * (weight / Double(labelsPerStep)).squareRoot()
    case .columns: errors * weight.squareRoot()
    case .average: errors.absolute().mean().reshaped([1]) * weight.squareRoot()
    }
  }
}
