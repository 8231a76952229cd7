import Atomistic

/// Compares predictions with the references of structures, property by property.
public final class LabelEvaluator {
  private let data: TrainingData
  private let terms: [LossTerm]
  private let potential: any Potential
  private let predictions: any PropertyPredictions

  init(
    _ data: TrainingData, _ terms: [LossTerm], _ potential: any Potential,
    _ predictions: any PropertyPredictions
  ) {
    (self.data, self.terms) = (data, terms)
    (self.potential, self.predictions) = (potential, predictions)
  }

  /// The names of the metrics, in the order of `evaluate`: such as `training.energy.rmse`.
  public var metricNames: [String] {
    ["training", "validation"].flatMap { part in
      terms.flatMap { term in
        ["rmse", "mae"].map { "\(part).\(term.property.name).\($0)" }
      }
    }
  }

  /// The metrics, and the validation loss `Σ c ⟨(Δy)²⟩` over the terms, with energies per atom; the
  /// training loss where there is nothing to validate with.
  public func evaluate() -> Evaluation {
    let parts = [data.training, data.validation].map(errors)
    let judge = parts[data.canValidate(terms.map(\.property)) ? 1 : 0]
    let loss = zip(terms, judge).reduce(0) { loss, part in
      loss + part.0.weight * (part.1.map { $0.rmse * $0.rmse } ?? 0)
    }
    return Evaluation(
      metrics: parts.joined().flatMap { [$0?.rmse, $0?.mae] }, loss: loss)
  }

  /// The errors of each property over some structures, nil where there is no reference.
  public func errors(of members: [Int]) -> [ErrorSummary?] {
    var errors = terms.map { _ in [Double]() }
    for member in members {
      let structure = data.structures[member]
      let predicted = predictions.values(of: member)
      for (number, term) in terms.enumerated() {
        guard var reference = term.property.reference(structure) else { continue }
        if case .energy = term.property.definition {
          reference[0] -= potential.energyOffset(of: structure)
        }
        let scale = term.property.isReportedPerAtom ? 1 / Double(structure.count) : 1
        errors[number] += zip(predicted[number], reference).map { ($0 - $1) * scale }
      }
    }
    return errors.map { $0.isEmpty ? nil : ErrorSummary($0) }
  }
}
