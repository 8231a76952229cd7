import Atomistic
import Foundation
import Graph
import Tensors
import Train

/// `atomflow graph`: the compiled program of a model, to be read, drawn, checked or timed.
struct GraphCommand: Command {
  /// The forms of a program.
  enum Format: String, CaseIterable, ArgumentValue { case text, dot, tensorboard }

  static let name = "graph"
  static let summary = "Show, check or time the compiled program of a model"
  static let discussion =
    "The program of energies and forces from coordinates, or the step of the optimizer of the "
    + "directory's config.json, that of the last kind of label. As text there is one line for "
    + "each value; dot is for Graphviz; tensorboard writes an event file into the directory.\n"
    + "--check compares gradients with central differences along random directions in double "
    + "precision: of the energy by positions, strain and weights, or with --of training of the loss "
    + "by weights. It ends with status 1 where they differ. --profile runs the program ten times and "
    + "prints the mean time of each phase: one operation, or several that work on rows together. "
    + "Predictions take the first of the structures, a step of training the first labels of all."
  static let example =
    "atomflow graph water-ekf\n"
    + "atomflow graph water-ekf --of training --format dot | dot -Tsvg > a.svg\n"
    + "atomflow graph water-ekf --check --structures water.extxyz\n"
    + "atomflow graph water-ekf --of training --profile --structures water.extxyz --trace step.json"

  static let model = Positional<String>("DIR", help: "The model directory.")
  static let subject = Option<GraphSubject>(
    "of", "WHAT", default: .prediction, help: "The program: prediction or training.")
  static let format = Option<Format>(
    "format", "NAME", default: .text, help: "The form: text, dot or tensorboard.")
  static let check = Flag("check", help: "Compare gradients with differences.")
  static let profile = Flag("profile", help: "Print the time of each phase.")
  static let structures = Option<String>(
    "structures", "FILE", help: "The structures for --check and --profile, labelled for training.")
  static let trace = Option<String>(
    "trace", "FILE", help: "Write the phases of one run as JSON for Perfetto and Chrome.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] = [
    model, subject, format, check, profile, structures, trace, threads,
  ]

  let directory: ModelDirectory
  let subject: GraphSubject
  let format: Format
  let checks, profiles: Bool
  let structures, trace: String?
  let threads: Int

  init(_ arguments: Arguments) throws(UsageError) {
    directory = ModelDirectory(arguments.value(Self.model))
    subject = arguments.value(Self.subject)
    format = arguments.value(Self.format)
    (checks, profiles) = (arguments[Self.check], arguments[Self.profile])
    (structures, trace) = (arguments[Self.structures], arguments[Self.trace])
    threads = try arguments.threads(Self.threads)
    guard checks || profiles || structures == nil else {
      throw .rule("--structures has no meaning without --check or --profile.")
    }
    guard structures != nil || !(checks || profiles) else {
      throw .rule("--check and --profile need --structures, a file of structures to compute with.")
    }
    guard profiles || trace == nil else {
      throw .rule("--trace has no meaning without --profile.")
    }
    guard format == .text || !(checks || profiles) else {
      throw .rule("--format has no meaning beside --check and --profile.")
    }
  }

  func run(in tool: Tool) throws {
    let model = try TrainedModel.load(directory.url, kinds: tool.catalog.models)
    if let structures {
      let files = [structures, directory.url.appendingPathComponent(TrainedModel.fileName).path]
      if let trace { try OutputPlace.checkFile(trace, inputs: files) }
      try measure(model, on: structures, in: tool)
    } else {
      try show(program(of: model.potential, tool.catalog))
    }
  }

  private func show(_ program: Program) throws {
    switch format {
    case .text: try StandardStreams.output(program.description + "\n")
    case .dot: try StandardStreams.output(program.dot + "\n")
    case .tensorboard:
      let events = try EventFileWriter(directory: directory.url)
      try events.addGraph(nodes: program.eventGraph)
      try events.flush()
      try StandardStreams.output("\(events.file.path)\n")
    }
  }

  private func program(
    of potential: any TrainablePotential, _ catalog: Catalog
  ) throws -> Program {
    switch subject {
    case .prediction: return Self.prediction(potential)
    case .training:
      let configuration = try configuration(catalog)
      let kinds = try StructureLabels<Float>.kinds(
        of: potential, terms: configuration.terms, schedule: configuration.schedule.schedule)
      return try configuration.steps(of: kinds, for: potential).compiled()[kinds.count - 1]
    }
  }

  /// Energies of structures and forces on atoms, both from coordinates.
  static func prediction(_ potential: any Potential) -> Program {
    let inputs = AtomisticInputs(.unstrained)
    return Program([potential.energies(inputs), potential.forces(inputs)])
  }

  private func configuration(_ catalog: Catalog) throws -> TrainingConfiguration {
    try TrainingConfiguration.read(directory.configurationFile.path, catalog: catalog)
  }

  /// Checks and times the program on the structures of a file.
  private func measure(_ model: TrainedModel, on file: String, in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let workers = Workers(count: threads)
    switch subject {
    case .prediction:
      let set = try StructureOptions().read(
        file, for: .directory(directory.url, model), labels: [], in: tool)
      let structure = set.structures[0]
      let run = try GraphSubjectRun<Double>(predicting: structure, by: model)
      if checks { try check(run, workers) }
      if profiles { try profile(run, workers) }
    case .training:
      let configuration = try configuration(tool.catalog)
      let set = try StructureFile.read(file, options: configuration.dataOptions)
      tool.note(on: set.inventory, of: file)
      let structures = set.structures
      func run<Scalar: RealScalar>(_: Scalar.Type) throws -> GraphSubjectRun<Scalar> {
        try GraphSubjectRun(
          training: model, as: configuration, on: structures, workers: workers)
      }
      if checks { try check(run(Double.self), workers) }
      guard profiles else { return }
      switch configuration.precision {
      case .float32: try profile(run(Float.self), workers)
      case .float64: try profile(run(Double.self), workers)
      }
    }
  }

  private func check(_ run: GraphSubjectRun<Double>, _ workers: Workers) throws {
    let check = try GradientCheck(
      of: run.checked, by: run.sources, run.feed, state: run.state, workers: workers)
    try StandardStreams.output("\(check)\n")
    guard !check.agrees(), let worst = check.worst else { return }
    throw ToolError(
      "the gradient by \(worst.source) differs from differences, \(worst.derivative) from "
        + "\(worst.difference); look at the derivatives of the model's own operations, and at kinks"
    )
  }

  private func profile<Scalar: RealScalar>(
    _ run: GraphSubjectRun<Scalar>, _ workers: Workers
  ) throws {
    let session = Session(run.program, state: run.state, workers: workers)
    let profile = try Profile(of: session, run.feed)
    try StandardStreams.output("\(profile)\n")
    guard let trace else { return }
    try WholeFile.write(profile.trace, to: trace)
  }
}
