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
    + "directory's config.json, that of forces where there are any. As text there is one line for "
    + "each value; dot is for Graphviz; tensorboard writes an event file into the directory."
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
    let network = try PotentialModel.load(directory.url).network
    let program =
      switch subject {
      case .prediction: Self.prediction(network)
      case .training:
        Self.training(
          network, try TrainingConfiguration.read(directory.configurationFile.path))
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
  static func prediction(_ network: BehlerParrinello) -> Program {
    let inputs = AtomisticInputs(.unstrained)
    return Program([network.energies(inputs), network.forces(inputs)])
  }

  /// One step of the optimizer on force labels, or on energies if the run takes no forces.
  static func training(
    _ network: BehlerParrinello, _ configuration: TrainingConfiguration
  ) -> Program {
    let networks = network.elementNetworks
    let (loss, schedule) = (configuration.loss, configuration.schedule)
    let errors =
      schedule.forcesPerStep > 0
      ? loss.scaled(PotentialErrors.force(networks), by: loss.forceWeight, schedule.forcesPerStep)
      : loss.scaled(
        PotentialErrors.energy(networks), by: loss.energyWeight, schedule.energiesPerStep)
    let step = Objective(errors: errors, parameters: network.variables)
      .minimized(by: configuration.optimizer.optimizer)
    return step.compiled(fetching: [errors])
  }
}
