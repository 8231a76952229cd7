import Atomistic
import Foundation
import Tensors
import Train

/// `atomflow analyse fisher`: the spectrum of the Fisher information of models.
struct AnalyseFisher: Command {
  static let name = "analyse fisher"
  static let summary = "Measure the Fisher information of models over labels"
  static let discussion =
    "Eigenvalues of the Fisher information of the loss L1 over labels, which are drawn at random, as many energies as "
    + "forces or all there are. Up to ten thousand weights or labels they are exact; beyond, their "
    + "density is estimated by Lanczos's method. Factors of the loss are those of the model's "
    + "config.json, or 1. Along a training: the models that run.keepEvery has kept are DIR/steps/*."
  static let example =
    "atomflow analyse fisher water.extxyz water-ekf water-adam --labels 5000 --svg fisher.svg"

  static let data = Positional<String>("DATA", help: "Structures with labels.")
  static let models = Positional<String>("DIR", .several, help: "Model directories.")
  static let labels = Option<Int>("labels", "N", default: 2000, help: "The number of labels.")
  static let seed = Option<Int>("seed", "S", default: 1, help: "The seed of the labels' draw.")
  static let last = Flag("last", help: "Take the models after the last step, not the best ones.")
  static let jacobian = Option<String>(
    "jacobian", "FILE.npy", help: "Write the scaled Jacobian of the first model for NumPy.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [data, models, labels, seed, last, jacobian, threads] + ResultOptions.parameters
    + StructureOptions.parameters

  let data: String
  let results: ResultOptions
  let labels, seed, threads: Int
  let takesLast: Bool
  let jacobian: String?
  let structures: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    data = arguments.value(Self.data)
    results = try ResultOptions(arguments, inputs: arguments.all(Self.models))
    labels = arguments.value(Self.labels)
    seed = arguments.value(Self.seed)
    takesLast = arguments[Self.last]
    jacobian = arguments[Self.jacobian]
    threads = try arguments.threads(Self.threads)
    structures = try StructureOptions(arguments)
    guard labels > 0 else { throw .rule("--labels should be at least 1, but is \(labels).") }
    guard seed >= 0 else { throw .rule("--seed should not be negative.") }
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    try results.checkFiles()
    if let jacobian { try OutputPlace.checkFile(jacobian, inputs: [data]) }
    let workers = Workers(count: threads)
    let spectra = try results.inputs.enumerated().map { number, path in
      let directory = ModelDirectory(path)
      let model = try TrainedModel.load(
        takesLast ? directory.last : directory.url, kinds: tool.catalog.models)
      let source = ModelSource.directory(directory.url, model)
      let set = try structures.read(data, for: source, in: tool)
      try set.requireLabels(in: data)
      let rows = try LabelJacobian(
        of: model, on: set.structures, terms: Self.terms(directory, tool.catalog),
        labels: labels, seed: UInt64(seed), workers: workers)
      if number == 0, let jacobian {
        try NumpyArray(shape: [rows.rows, rows.columns], values: rows.elements).write(to: jacobian)
      }
      return try FisherSpectrum(of: rows)
    }
    let named = Dictionary(zip(results.inputs, spectra)) { first, _ in first }
    let lines = zip(results.inputs, spectra).map { path, spectrum in
      String(
        format: "%@: %d weights, %d labels, largest eigenvalue %.3g, median %.3g%@\n", path,
        spectrum.weights, spectrum.labels, spectrum.values.first ?? 0, spectrum.median,
        spectrum.isExact ? "" : " (density by Lanczos's method)")
    }
    try results.publish(
      json: try StrictJSON.text(of: ["fisher": named]), text: lines.joined(),
      table: table(spectra), figure: figure(spectra))
  }

  /// The terms of the loss of a run, or energies and forces with the factor 1.
  private static func terms(_ directory: ModelDirectory, _ catalog: Catalog) throws -> [LossTerm] {
    let file = directory.run.configurationFile.path
    guard FileManager.default.fileExists(atPath: file) else {
      return [LossTerm(.energy), LossTerm(.force)]
    }
    return try TrainingConfiguration.read(file, catalog: catalog).terms
  }

  private func table(_ spectra: [FisherSpectrum]) -> SeriesTable {
    var table = SeriesTable(["model", "eigenvalue", "count"])
    for (path, spectrum) in zip(results.inputs, spectra) {
      for (value, count) in zip(spectrum.values, spectrum.counts) { table.add(path, value, count) }
    }
    return table
  }

  private func figure(_ spectra: [FisherSpectrum]) -> Figure {
    let named = zip(results.labels, spectra).enumerated().map { ($1.0, $0, $1.1) }
    return Figure("Fisher information", [FisherSpectrum.panel(named)].compactMap(\.self))
  }
}
