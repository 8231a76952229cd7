import Atomistic
import Graph
import Synchronization
import Tensors
import Train

/// A model's values for structures.
struct Predictions {
  /// Energy, forces, stress and further properties of each.
  var labels: [Labels]
  /// The values outside of the training range in each; empty for a model without one.
  var extrapolations: [StructureExtrapolations]

  /// Warns if the model had to extrapolate.
  func warnOfExtrapolation(in tool: Tool) {
    guard let summary = StructureExtrapolations.summary(of: extrapolations) else { return }
    tool.warn(summary)
  }
}

extension ModelSource {
  /// The properties that the model predicts.
  var properties: [Property] {
    switch self {
    case .builtIn: [.energy, .force, .stress]
    case .directory(_, let model): type(of: model.potential).properties
    }
  }

  /// The model's values of structures, in double precision.
  ///
  /// Structures are shared out among the workers, each with a calculator of its own. Throws the first
  /// structure's fault, with its number.
  func predictions(
    of structures: [Structure], workers: Workers, progress: @escaping @Sendable (Int) -> Void
  ) throws -> Predictions {
    let watch = ExtrapolationWatch(potential)
    let others = properties.filter { if case .own = $0.definition { true } else { false } }
    let done = Atomic(0)
    let results = workers.map(structures.count) {
      Predictor(
        calculator: Calculator<Double>(
          potential, state: state(Double.self),
          observing: { inputs in
            (watch?.observables(inputs) ?? [])
              + others.compactMap { potential.values(of: $0, inputs) }
          }), watch: watch, others: others)
    } _: { predictor, number in
      let result = Result { try predictor.values(of: structures[number]) }
      progress(done.add(1, ordering: .relaxed).newValue)
      return result
    }
    var predictions = Predictions(labels: [], extrapolations: [])
    for (number, result) in results.enumerated() {
      do {
        let (labels, extrapolations) = try result.get()
        predictions.labels.append(labels)
        if let extrapolations { predictions.extrapolations.append(extrapolations) }
      } catch { throw ToolError("structure \(number) (counted from 0): \(error)") }
    }
    return predictions
  }
}

/// Predicts the values of one structure after another; one thread uses it.
private struct Predictor {
  let calculator: Calculator<Double>
  let watch: ExtrapolationWatch?
  let others: [Property]

  func values(
    of structure: Structure
  ) throws(PotentialError) -> (Labels, StructureExtrapolations?) {
    var labels = try calculator(structure)
    let first = watch?.observableCount ?? 0
    for (number, property) in others.enumerated() {
      labels.others[property.name] = Labels.Values(
        carrier: property.carrier, Array(calculator.observed(first + number)))
    }
    var count = ExtrapolationCount()
    let found = watch?.add(structure, by: calculator, to: &count)
    return (labels, found.map { StructureExtrapolations($0) })
  }
}
