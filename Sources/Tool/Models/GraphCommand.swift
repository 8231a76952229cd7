import Atomistic
import Foundation
import Graph
import Train

/// `atomflow graph`: the compiled program of a model, to be read or drawn.
struct GraphCommand: Command {
  /// The forms of a program.
  enum Format: String, CaseIterable, ArgumentValue { case text, dot, tensorboard }

  /// The programs of a model directory.
  enum Subject: String, CaseIterable, ArgumentValue { case prediction, training }

  static let name = "graph"
  static let summary = "Show the compiled program of a model"
  static let discussion =
    "The program of energies and forces from coordinates, or the step of the optimizer of the "
    + "directory's config.json, that of the last kind of label. As text there is one line for "
    + "each value; dot is for Graphviz; tensorboard writes an event file into the directory. "
    + "The program of a training needs the structures that it was trained on."
  static let example =
    "atomflow graph water-ekf\natomflow graph water-ekf --of training --format dot | dot -Tsvg > a.svg"

  static let model = Positional<String>("DIR", help: "The model directory.")
  static let subject = Option<Subject>(
    "of", "WHAT", default: .prediction, help: "The program: prediction or training.")
  static let format = Option<Format>(
    "format", "NAME", default: .text, help: "The form: text, dot or tensorboard.")
  static let parameters: [any Parameter] = [model, subject, format]

  let directory: ModelDirectory
  let subject: Subject
  let format: Format

  init(_ arguments: Arguments) throws(UsageError) {
    directory = ModelDirectory(arguments.value(Self.model))
    subject = arguments.value(Self.subject)
    format = arguments.value(Self.format)
  }

  func run(in tool: Tool) throws {
    let model = try TrainedModel.load(directory.url, kinds: tool.catalog.models)
    let program =
      switch subject {
      case .prediction: Self.prediction(model.potential)
      case .training: try Self.training(model.potential, directory, tool.catalog)
      }
    switch format {
    case .text: StandardStreams.output(program.description + "\n")
    case .dot: StandardStreams.output(program.dot + "\n")
    case .tensorboard:
      let events = try EventFileWriter(directory: directory.url)
      try events.addGraph(nodes: program.eventGraph)
      try events.flush()
      StandardStreams.output("\(events.file.path)\n")
    }
  }

  /// Energies of structures and forces on atoms, both from coordinates.
  static func prediction(_ potential: any Potential) -> Program {
    let inputs = AtomisticInputs(.unstrained)
    return Program([potential.energies(inputs), potential.forces(inputs)])
  }

  /// One step of the optimizer on the last kind of label that the run takes.
  static func training(
    _ potential: any TrainablePotential, _ directory: ModelDirectory, _ catalog: Catalog
  ) throws -> Program {
    let configuration = try TrainingConfiguration.read(
      directory.configurationFile.path, catalog: catalog)
    let kinds = try StructureLabels<Float>.kinds(
      of: potential, terms: configuration.terms, schedule: configuration.schedule.schedule)
    let kind = kinds[kinds.count - 1]
    let step = Objective(errors: kind.errors, parameters: potential.variables)
      .minimized(by: configuration.optimizer.optimizer)
    return step.compiled(fetching: [kind.errors])
  }
}
