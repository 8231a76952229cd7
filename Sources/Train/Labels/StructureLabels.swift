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
  /// Which labels a step takes.
  public let schedule: any BatchSchedule
  /// The kinds of label that the schedule draws from.
  public let kinds: [LabelKind]
  /// How labels are laid out, and why, in a sentence.
  public let plan: String
  /// The memory and the disk space that features and neighbour lists take, in bytes.
  public let byteCounts: (memory: Int, disk: Int)

  private let data: TrainingData
  private let context: LabelContext
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
    let tables = terms.map {
      LabelTable($0.property, data.structures, members: data.training, potential)
    }
    let weights = data.training.map { data.weights[$0] }
    func context(labels: Extent) -> LabelContext {
      LabelContext(
        structures: data.structures, tables: tables,
        rootWeights: weights.allSatisfy { $0 == 1 } ? nil : data.weights.map { $0.squareRoot() },
        members: data.training.count, labels: labels)
    }
    switch Self.rowPlan(of: potential, terms) {
    case .success(let rows):
      let keepsStrains = terms.contains {
        if case .stress = $0.property.definition { true } else { false }
      }
      let cache = try FeatureCache<Scalar>(
        data.structures, members: members, potential, rows, keepsStrains: keepsStrains,
        budget: budget, workers: workers, progress: progress)
      self.context = context(labels: "labels")
      batches = RowLabels(self.context, rows, cache)
      byteCounts = cache.byteCounts
      plan = """
        labels take rows of features that no weight reaches\
        \(cache.recomputed == 0 ? "" : "; those of \(cache.recomputed) structures do not fit into memory and disk and are computed again whenever they are needed")
        """
    case .failure(let refusal):
      let neighbors = try NeighborLists(
        data.structures, members: members, potential, budget: budget, workers: workers,
        progress: progress)
      self.context = context(labels: AtomisticInputs.structures)
      batches = WholeStructureLabels(self.context, potential, neighbors)
      byteCounts = (neighbors.byteCount, 0)
      plan = "labels take whole structures, since \(refusal)"
    }
    (kinds, termOfKind) = try Self.kinds(schedule.batch, data, terms, tables, batches)
  }

  private static func rowPlan(
    of potential: any Potential, _ terms: [LossTerm]
  ) -> Result<RowPlan, RowPlan.Refusal> {
    for term in terms {
      if case .own = term.property.definition {
        return .failure(
          .init(description: "\(term.property.name) is neither the energy nor a slope of it"))
      }
    }
    return Result { () throws(RowPlan.Refusal) in try RowPlan(potential) }
  }

  /// The kinds of label that a schedule draws from, and the terms they are of.
  private static func kinds(
    _ batch: BatchForm, _ data: TrainingData, _ terms: [LossTerm], _ tables: [LabelTable],
    _ batches: any LabelPlan<Scalar>
  ) throws(LabelError) -> ([LabelKind], [Int]) {
    let counts = zip(terms, tables).map { "\($1.count) of \($0.property.name)" }
    let advice =
      "the training structures have \(counts.joined(separator: ", ")); change loss and schedule, or "
      + "name the labels by data.keys"
    switch batch {
    case .labels(let perStep):
      let chosen = terms.indices.filter { term in
        tables[term].count > 0 && perStep[terms[term].property.name] ?? 0 > 0
      }
      let kinds = chosen.map { term in
        let (property, count) = (terms[term].property, tables[term].count)
        let labels = min(perStep[property.name] ?? 1, count)
        return LabelKind(
          name: property.name,
          errors: batches.errors(of: term)
            * (terms[term].weight / Double(labels)).squareRoot(),
          count: count, labelsPerStep: labels)
      }
      guard !kinds.isEmpty else {
        throw .noLabels("the schedule takes no label: \(advice)")
      }
      return (kinds, chosen)
    case .structures(let perStep):
      guard tables.contains(where: { $0.count > 0 }) else {
        throw .noLabels("there is no label to train on: \(advice)")
      }
      let errors = terms.indices.filter { tables[$0].count > 0 }.map { term in
        batches.wholeErrors(of: term) * terms[term].weight.squareRoot()
      }
      let kind = LabelKind(
        name: "structures", errors: .concatenating(errors, axis: 0), count: data.training.count,
        labelsPerStep: min(perStep, data.training.count))
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

  /// Evaluates the potential on training and validation structures with the weights of a state.
  public func evaluator(
    _ state: State<Scalar>, workers: Workers
  ) -> LabelEvaluator {
    LabelEvaluator(
      data, terms, potential, batches.predictions(state, workers: workers))
  }
}
