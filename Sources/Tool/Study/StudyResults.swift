import Atomistic
import Train

/// All numbers of a study, as far as there are any; `study.json` holds them.
///
/// They do not depend on how often the study was stopped: there are no times among them.
struct StudyResults: Encodable {
  /// A simulation of the teacher, over its seeds.
  struct Reference: Encodable {
    var simulation: String
    var runs: [Run]
    /// The mean density in g/mL, its error over seeds, or that of a single run; nil where none is stable.
    var density: Estimate?
  }

  /// A simulation.
  struct Run: Encodable {
    var seed: Int
    var result: SimulationResult
  }

  /// An arm in a regime.
  struct Cell: Encodable {
    var regime, arm, group: String
    var learningRate: Double?
    var models: [Model]
    /// The mean errors over models in the units of the properties, with standard errors over models.
    var errors: [String: Estimate]
    var simulations: [Summary]
  }

  /// A model.
  struct Model: Encodable {
    var seed: Int
    var result: ModelResult?
    var simulations: [String: SimulationResult]
    var fisher: FisherSpectrum?
    /// Why a part of it failed, by the names of the tasks.
    var failures: [String: String]
  }

  /// A simulation over the models of an arm.
  struct Summary: Encodable {
    var simulation: String
    /// The share of models whose simulation went on to its end.
    var stable: BinomialShare
    /// The mean density in g/mL of stable models, with its error over models.
    var density: Estimate?
    /// That less the density of the teacher, with both errors.
    var densityError: Estimate?
  }

  var configuration: StudyConfiguration
  var structures: [String: Int]
  var teacher: [Reference]
  var cells: [Cell]
  var verdicts: [StudyVerdict]
  /// The tasks that have no result yet.
  var missing: [String]
  /// The reasons of failures by tasks.
  var failures: [String: String]

  /// How datasets cover density and energy, in the order of the regimes.
  var coverage: [(regime: String, dataset: EnergyDensityHistogram.Dataset)] = []

  private enum CodingKeys: CodingKey {
    case configuration, structures, teacher, cells, verdicts, missing, failures
  }

  /// Collects what there is.
  init(_ plan: StudyPlan, in study: StudyDirectory) {
    configuration = plan.configuration
    structures = [:]
    for data in plan.data {
      guard let result = study.result(of: data) else { continue }
      structures[data.regime.name] = result.structures
      coverage.append((data.regime.name, result.coverage))
    }
    let references = zip(plan.configuration.simulations, plan.teacher).map { simulation, tasks in
      Reference(simulation.name, tasks, study)
    }
    teacher = references
    cells = plan.cells.map { Cell($0, references, study) }
    let names = plan.tasks.map(\.name)
    missing = names.filter { !study.isDone($0) && study.failure(of: $0) == nil }
    failures = [:]
    for name in names {
      if let reason = study.failure(of: name) { failures[name] = reason }
    }
    verdicts = []
    verdicts = StudyVerdict.all(of: self)
  }

  /// The simulations at constant pressure, whose density is a result.
  var densitySimulations: [StudySimulation] {
    configuration.simulations.filter { $0.ensemble == .npt }
  }

  /// The teacher's part of a simulation.
  func reference(_ simulation: String) -> Reference? {
    teacher.first { $0.simulation == simulation }
  }

  /// The groups of arms in the order of the configuration.
  var groups: [String] {
    cells.map(\.group).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The arm of a group in a regime with the smallest validation loss on average, which a user would
  /// choose without a simulation; nil without results.
  func chosen(_ group: String, in regime: String) -> Cell? {
    func meanLoss(_ cell: Cell) -> Double? {
      let losses = cell.models.compactMap { $0.result.map(loss) }
      return losses.isEmpty ? nil : losses.reduce(0, +) / Double(losses.count)
    }
    return cells.filter { $0.regime == regime && $0.group == group && meanLoss($0) != nil }
      .min { (meanLoss($0) ?? .infinity) < (meanLoss($1) ?? .infinity) }
  }

  /// The loss of a model, `Σ c ⟨(Δy)²⟩`, with energies per atom.
  private func loss(_ result: ModelResult) -> Double {
    configuration.training.terms.reduce(0) { sum, term in
      let error = result.errors[term.property.name] ?? 0
      return sum + term.weight * error * error
    }
  }
}

extension StudyResults.Reference {
  fileprivate init(_ name: String, _ tasks: [SimulateTask], _ study: StudyDirectory) {
    simulation = name
    runs = tasks.compactMap { task in
      study.result(of: task).map { StudyResults.Run(seed: task.seed, result: $0) }
    }
    let densities = runs.compactMap(\.result.density)
    density = densities.isEmpty ? nil : Estimate(runs: densities)
  }
}

extension StudyResults.Cell {
  fileprivate init(
    _ cell: StudyPlan.Cell, _ teacher: [StudyResults.Reference], _ study: StudyDirectory
  ) {
    (regime, arm, group) = (cell.regime.name, cell.arm.name, cell.group)
    learningRate = cell.learningRate
    models = cell.models.map { StudyResults.Model($0, study) }
    let results = models.compactMap(\.result)
    errors = [:]
    for name in Set(results.flatMap(\.errors.keys)) {
      errors[name] = Estimate(independent: results.compactMap { $0.errors[name] })
    }
    let own = models
    simulations = teacher.map { reference in
      StudyResults.Summary(reference, own.compactMap { $0.simulations[reference.simulation] })
    }
  }
}

extension StudyResults.Model {
  fileprivate init(_ model: StudyPlan.Model, _ study: StudyDirectory) {
    seed = model.seed
    result = model.task.result(in: study)
    simulations = [:]
    failures = [:]
    for task in model.simulations {
      simulations[task.simulation.name] = study.result(of: task)
      failures[task.name] = study.failure(of: task.name)
    }
    let name = model.task.task.name
    failures[name] = study.failure(of: name)
    fisher = model.fisher.flatMap { study.result(of: $0) }
  }

  /// The distance of the density from the teacher's in g/mL; nil where it is not stable.
  func densityError(_ reference: StudyResults.Reference) -> Double? {
    guard let own = simulations[reference.simulation]?.density, let truth = reference.density else {
      return nil
    }
    return own.mean - truth.mean
  }
}

extension StudyResults.Summary {
  fileprivate init(_ reference: StudyResults.Reference, _ results: [SimulationResult]) {
    simulation = reference.simulation
    stable = BinomialShare(results.count(where: \.isStable), of: results.count)
    let densities = results.compactMap(\.density)
    density = densities.isEmpty ? nil : Estimate(runs: densities)
    if let density, let truth = reference.density {
      let errors = [density.error, truth.error].compactMap(\.self)
      densityError = Estimate(
        mean: density.mean - truth.mean,
        error: errors.isEmpty ? nil : errors.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }
}
