import Atomistic
import Graph
import Tensors
import Train

/// The labels of a network potential as training takes them: energies, then force components.
final class NetworkLabels<Scalar: RealScalar>: LabelSource {
  let kinds: [LabelKind]
  private let labels: PotentialLabels<Scalar>

  init(
    _ set: TrainingSet, _ cache: DescriptorCache<Scalar>, _ network: BehlerParrinello,
    _ configuration: TrainingConfiguration
  ) {
    let labels = PotentialLabels(
      set.structures, energies: set.energies, of: set.training, cache: cache)
    self.labels = labels
    let networks = network.elementNetworks
    let (loss, schedule) = (configuration.loss, configuration.schedule)
    func kind(
      _ name: String, _ errors: Symbol, weight: Double, count: Int, perStep: Int
    ) -> LabelKind {
      LabelKind(
        name: name, errors: loss.scaled(errors, by: weight, perStep),
        count: perStep > 0 ? count : 0, labelsPerStep: perStep)
    }
    kinds = [
      kind(
        "energy", PotentialErrors.energy(networks), weight: loss.energyWeight,
        count: labels.energies.count, perStep: min(schedule.energiesPerStep, labels.energies.count)),
      kind(
        "force", PotentialErrors.force(networks), weight: loss.forceWeight,
        count: labels.forceCount, perStep: min(schedule.forcesPerStep, labels.forceCount)),
    ]
  }

  /// Refuses data without labels of those kinds that the configuration asks for.
  func requireLabels(in file: String) throws {
    guard kinds.allSatisfy({ $0.count == 0 }) else { return }
    throw TrainingFailure(
      "\(file): the training structures have \(labels.energies.count) energies and "
        + "\(labels.forceCount) force components, but schedule.energiesPerStep and "
        + "schedule.forcesPerStep take none of them; change these keys or name the labels with "
        + "data.energyKey and data.forceKey")
  }

  func fill(_ feed: Feed<Scalar>, kind: Int, labels numbers: [Int]) {
    kind == 0
      ? labels.fillEnergies(feed, labels: numbers) : labels.fillForces(feed, labels: numbers)
  }
}

/// The metrics of a network potential on training and validation structures.
struct NetworkEvaluator<Scalar: RealScalar> {
  /// In the order of `evaluate`: eV per atom and eV/angstrom.
  static var metricNames: [String] {
    ["training", "validation"].flatMap { set in
      ["energy.rmse", "energy.mae", "force.rmse", "force.mae"].map { "\(set).\($0)" }
    }
  }

  private let predictions: CachedPredictions<Scalar>
  private let set: TrainingSet
  private let loss: LossConfiguration

  init(
    _ predictions: CachedPredictions<Scalar>, _ set: TrainingSet, _ loss: LossConfiguration
  ) {
    self.predictions = predictions
    self.set = set
    self.loss = loss
  }

  /// The metrics, and the validation loss `c_E ⟨(ΔE/N)²⟩ + c_F ⟨ΔF²⟩`; the training loss where there
  /// is nothing to validate with.
  func evaluate() -> Evaluation {
    let parts = [set.training, set.validation].map {
      predictions.metrics(of: $0, structures: set.structures, energies: set.energies)
    }
    func squared(_ summary: ErrorSummary?) -> Double { summary.map { $0.rmse * $0.rmse } ?? 0 }
    let judge = parts[set.hasValidationLabels ? 1 : 0]
    return Evaluation(
      metrics: parts.flatMap {
        [$0.energy?.rmse, $0.energy?.mae, $0.force?.rmse, $0.force?.mae]
      },
      loss: loss.energyWeight * squared(judge.energy) + loss.forceWeight * squared(judge.force))
  }
}
