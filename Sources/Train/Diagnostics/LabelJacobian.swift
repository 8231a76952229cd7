public import Atomistic
import Graph
public import Tensors

/// The Jacobian of labels by the weights of a model, scaled so that its Gram matrix is the Fisher
/// information.
///
/// A row is `√(c / (K M)) ∂ŷ/∂w` for one label ŷ, with the factor c of its kind in the loss, the number K
/// of kinds and the number M of labels of the kind. Each kind counts alike, as in a schedule that draws
/// energies and forces equally often, however many labels there are.
public struct LabelJacobian: Sendable {
  /// The number of labels.
  public let rows: Int
  /// The number of weights.
  public let columns: Int
  /// The elements row by row, [rows, columns].
  public private(set) var elements: [Double]

  /// Computes the rows of labels that are drawn at random.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - structures: Structures with labels; their values do not matter, their kinds do.
  ///   - terms: The terms of the loss, whose factors c are taken.
  ///   - count: The number of labels, divided evenly among the kinds; a kind with fewer gives all.
  ///   - seed: The seed of the draw.
  ///   - budget: How much memory and disk space features may take.
  ///   - workers: The threads that share the work.
  /// - Throws: `LabelError` where the potential does not fit the structures or there are no labels.
  public init(
    of model: TrainedModel, on structures: [Structure],
    terms: [LossTerm] = [LossTerm(.energy), LossTerm(.force)], labels count: Int, seed: UInt64,
    budget: FeatureBudget = FeatureBudget(), workers: Workers
  ) throws {
    let perStep = Dictionary(uniqueKeysWithValues: terms.map { ($0.property.name, 10) })
    let labels = try StructureLabels<Double>(
      TrainingData(training: structures), model.potential, terms: terms,
      schedule: RandomLabels(perStep), budget: budget, workers: workers)
    let parameters = ParameterVector(model.potential.variables.filter(\.isTrainable))
    let state = model.state(Double.self)
    var random = RandomStream(seed: seed, stream: 3)
    let kinds = labels.kinds.filter { $0.count > 0 }
    var elements: [Double] = []
    var rows = 0
    for (number, kind) in labels.kinds.enumerated() where kind.count > 0 {
      var all = Array(0..<kind.count)
      random.shuffle(&all)
      let drawn = all.prefix(max(1, count / kinds.count)).sorted()
      let objective = Objective(errors: kind.errors, parameters: parameters)
      let session = Session(Program([objective.jacobian]), state: state, workers: workers)
      let feed = Feed<Double>()
      // The errors are scaled for as many labels as a step takes.
      let scale =
        (Double(kind.labelsPerStep) / Double(kinds.count * drawn.count)).squareRoot()
      for start in stride(from: 0, to: drawn.count, by: kind.labelsPerStep) {
        let batch = Array(drawn[start..<min(start + kind.labelsPerStep, drawn.count)])
        labels.fill(feed, kind: number, labels: batch)
        try session.run(feed)
        elements += session.output(0).lazy.map { $0 * scale }
        rows += batch.count
      }
    }
    (self.rows, columns, self.elements) = (rows, parameters.count, elements)
  }

  /// Takes rows as they are.
  init(rows: Int, columns: Int, elements: [Double]) {
    ensure(elements.count == rows * columns, "LabelJacobian: \(rows) x \(columns) elements needed")
    (self.rows, self.columns, self.elements) = (rows, columns, elements)
  }
}
