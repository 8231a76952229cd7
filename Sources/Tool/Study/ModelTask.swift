import Atomistic
import Foundation
import Tensors
import Train

/// What a study knows of a model: its errors, its learning curve and its weights.
struct ModelResult: Codable, Sendable {
  /// An evaluation during the training.
  struct Point: Codable, Sendable {
    /// The steps done.
    var step: Int
    /// Root mean squared errors of validation by property, of energies per atom; without validation,
    /// of training.
    var errors: [String: Double]
    /// The distance of the weights from the first ones; nil where it was not measured.
    var distance: Double?
  }

  /// The errors of the model that is used, in the units of the properties, energies per atom.
  var errors: [String: Double]
  /// The step of the model that is used.
  var step: Int
  /// The learning curve; empty for a model that is not trained here.
  var curve: [Point]
  /// Labels that a step takes on average; nil for a model that is not trained here.
  var labelsPerStep: Double?
  /// The weights of the model that is used; nil for a potential without weights.
  var weights: WeightDistribution?
}

/// Trains one model of an arm in a regime.
struct TrainTask: StudyTask {
  typealias Result = ModelResult

  let regime: String
  let arm: StudyArm
  let seed: Int
  let configuration: TrainingConfiguration
  let data: DataTask

  var name: String { "train/\(regime)/\(arm.name)/\(seed)" }
  var dependencies: [String] { [data.name] }
  var cost: StudyCost {
    StudyCost(kind: "train \(arm.name)", steps: Double(configuration.run.steps), guess: 1e-3)
  }

  func perform(in study: StudyDirectory, tool: Tool) throws -> ModelResult {
    let directory = ModelDirectory(study.folder(of: name))
    let state = directory.checkpoint.appendingPathComponent(Checkpoint.fileName)
    if FileManager.default.fileExists(atPath: state.path) {
      try train(["-d", directory.url.path, "--resume"], in: tool)
    } else {
      let file = study.folder(of: name).appendingPathComponent("start.json")
      try WholeFile.write(StrictJSON.text(of: configuration), to: file.path)
      try train(
        [
          file.path, "--data", data.file(in: study), "--seed", "\(seed)", "--threads", "1", "-d",
          directory.url.path, "--force",
        ], in: tool)
    }
    return try result(of: directory, tool.catalog)
  }

  private func train(_ words: [String], in tool: Tool) throws {
    try TrainCommand(Arguments(words, for: TrainCommand.parameters)).run(in: tool)
  }

  private func result(of directory: ModelDirectory, _ catalog: Catalog) throws -> ModelResult {
    let table = try MetricsTable(contentsOf: directory.metrics, allowingUnfinishedRow: true)
    let model = try TrainedModel.load(directory.url, kinds: catalog.models)
    let names = configuration.terms.map(\.property.name)
    func column(_ part: String, _ name: String) -> Int? {
      table.columns.firstIndex(of: "\(part).\(name).rmse")
    }
    let validates = names.contains { name in
      column("validation", name).map { table.rows.last?.values[$0] != nil } ?? false
    }
    let part = validates ? "validation" : "training"
    let distance = table.columns.firstIndex(of: WeightNorms.distanceName)
    let curve = table.rows.map { row in
      ModelResult.Point(
        step: row.step,
        errors: Dictionary(
          uniqueKeysWithValues: names.compactMap { name in
            column(part, name).flatMap { row.values[$0] }.map { (name, $0) }
          }),
        distance: distance.flatMap { row.values[$0] })
    }
    // The model with the smallest loss is the one that was kept, the first of several.
    func loss(_ point: ModelResult.Point) -> Double {
      configuration.terms.reduce(0) { sum, term in
        let error = point.errors[term.property.name] ?? 0
        return sum + term.weight * (error * error)
      }
    }
    guard let best = curve.min(by: { loss($0) < loss($1) }) else {
      throw ToolError("\(directory.metrics.path) has no rows")
    }
    return ModelResult(
      errors: best.errors, step: best.step, curve: curve,
      labelsPerStep: configuration.labelsPerStep,
      weights: WeightDistribution(of: model))
  }

  func progress(in study: StudyDirectory) -> (done: Int, total: Int)? {
    let directory = ModelDirectory(study.folder(of: name))
    let table = try? MetricsTable(contentsOf: directory.metrics, allowingUnfinishedRow: true)
    return table?.rows.last.map { ($0.step, configuration.run.steps) }
  }
}

/// Measures the errors of a model that takes part without training, such as the teacher itself.
struct EvaluateTask: StudyTask {
  typealias Result = ModelResult

  let regime: String
  let arm: StudyArm
  let model: String
  let seed: Int
  let data: DataTask

  var name: String { "evaluate/\(regime)/\(arm.name)/\(seed)" }
  var dependencies: [String] { [data.name] }
  var cost: StudyCost { StudyCost(kind: "evaluate", steps: 1, guess: 5) }

  func perform(in study: StudyDirectory, tool: Tool) throws -> ModelResult {
    let source = try ModelSource(model, in: tool.catalog)
    let structures = try StructureOptions().read(data.file(in: study), for: source, in: tool)
      .structures
    let predicted = try source.predictions(
      of: structures, workers: Workers(count: 1), progress: { _ in })
    let errors = source.properties.compactMap { property in
      property.errors(of: predicted.labels, in: structures).map { (property.name, $0.rmse) }
    }
    var weights: WeightDistribution?
    if case .directory(_, let model) = source { weights = WeightDistribution(of: model) }
    return ModelResult(
      errors: Dictionary(uniqueKeysWithValues: errors), step: 0, curve: [], labelsPerStep: nil,
      weights: weights)
  }
}
