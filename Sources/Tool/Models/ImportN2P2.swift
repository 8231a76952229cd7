import Atomistic
import Foundation
import Graph
import Layers
import Train

/// `atomflow import n2p2`: from the files of a n2p2 or RuNNer potential to a model directory.
struct ImportN2P2: Command {
  static let name = "import n2p2"
  static let summary = "Import a potential of n2p2 or RuNNer"
  static let discussion =
    "Reads input.nn, scaling.data and weights.ZZZ.data of a folder and writes a model directory that "
    + "all commands take. The files do not name their units; the model keeps the units given here, and "
    + "input.data files are read in them."
  static let example =
    "atomflow import n2p2 water-nnp -o water\natomflow predict water input.data -o out.extxyz"

  static let input = Positional<String>("IN", help: "The folder of the potential.")
  static let output = Option<String>(
    "output", letter: "o", "DIR", .required, help: "The model directory to write.")
  static let lengthUnit = Option<LengthUnit>(
    "length-unit", "UNIT", help: "The unit of length: bohr, unless units are given, or angstrom.")
  static let energyUnit = Option<EnergyUnit>(
    "energy-unit", "UNIT",
    help: "The unit of energy: hartree, unless units are given, eV, kcal/mol or kJ/mol.")
  static let force = Flag("force", help: "Replace what the directory holds already.")
  static let parameters: [any Parameter] = [input, output, lengthUnit, energyUnit, force]

  let input: URL
  let output: ModelDirectory
  let units: UnitSystem
  let replaces: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    input = URL(fileURLWithPath: arguments.value(Self.input))
    output = ModelDirectory(arguments.value(Self.output))
    replaces = arguments[Self.force]
    switch (arguments[Self.lengthUnit], arguments[Self.energyUnit]) {
    case (let length?, let energy?): units = UnitSystem(length: length, energy: energy)
    case (nil, nil): units = .atomic
    default: throw .rule("--length-unit and --energy-unit must be given together.")
    }
  }

  func run(in tool: Tool) throws {
    try output.requireFree(
      orForced: replaces, advice: "replace it by --force, or name another directory with -o")
    let potential = try N2P2Potential(directory: input, units: units)
    for remark in potential.remarks { tool.warn(remark) }
    let network = BehlerParrinello(potential)
    let model = TrainedModel(potential)
    let lock = try output.lock()
    try withExtendedLifetime(lock) {
      if replaces { try output.clear() }
      try model.save(to: output.url)
    }
    try StandardStreams.output(Self.text(of: network))
    try StandardStreams.output("the model is in \(output.url.path)\n")
  }

  /// The parts of a model, some lines.
  static func text(of network: BehlerParrinello) -> String {
    var lines = network.networks.map { own in
      let weights = zip(own.layerSizes, own.layerSizes.dropFirst()).reduce(0) {
        $0 + ($1.0 + 1) * $1.1
      }
      let layers = zip(own.hiddenNodes, own.hiddenActivations).map { "\($0) \($1.rawValue)" }
      return "\(own.element): \(own.symmetryFunctions.count) symmetry functions, "
        + (layers.isEmpty ? "no hidden layers" : "hidden layers \(layers.joined(separator: ", "))")
        + ", \(weights) weights, \(own.energyOffset) eV for a lone atom"
    }
    lines.append(
      "\(ParameterSummary(network.variables).count) weights in all, cutoff \(network.cutoff) angstrom"
    )
    lines.append("units of the files: \(network.fileUnits ?? .atomic)")
    return lines.joined(separator: "\n") + "\n"
  }
}
