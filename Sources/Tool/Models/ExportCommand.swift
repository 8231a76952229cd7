import Atomistic
import Foundation
import Train

/// `atomflow export`: from a model directory to the files of another program.
struct ExportCommand: Command {
  /// The programs whose files are written.
  enum Format: String, CaseIterable, ArgumentValue { case n2p2 }

  static let name = "export"
  static let summary = "Write a model in the files of another program"
  static let discussion =
    "Writes input.nn, scaling.data and weights.ZZZ.data, which n2p2 and its LAMMPS pair style take. "
    + "Every number is written so that it can be read back as it is. The files do not name their "
    + "units: lengths are in the unit of the symmetry functions, energies in that given here."
  static let example =
    "atomflow export water-ekf -o water-nnp\natomflow import n2p2 water-nnp -o again"

  static let model = Positional<String>("DIR", help: "The model directory.")
  static let output = Option<String>(
    "output", letter: "o", "OUT", .required, help: "The folder to write.")
  static let format = Option<Format>(
    "format", "NAME", default: .n2p2, help: "The program: n2p2.")
  static let energyUnit = Option<EnergyUnit>(
    "energy-unit", "UNIT",
    help:
      "The unit of energy: hartree, eV, kcal/mol or kJ/mol; by default that of the model's files.")
  static let force = Flag("force", help: "Replaces what the folder holds already.")
  static let parameters: [any Parameter] = [model, output, format, energyUnit, force]

  let model: ModelDirectory
  let output: URL
  let format: Format
  let energyUnit: EnergyUnit?
  let replaces: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    model = ModelDirectory(arguments.value(Self.model))
    output = URL(fileURLWithPath: arguments.value(Self.output))
    format = arguments.value(Self.format)
    energyUnit = arguments[Self.energyUnit]
    replaces = arguments[Self.force]
  }

  func run(in tool: Tool) throws {
    let model = try PotentialModel.load(model.url)
    let potential = model.n2p2Potential(
      energyUnit: energyUnit ?? model.network.fileUnits.energy)
    let settings = output.appendingPathComponent("input.nn").path
    guard replaces || !FileManager.default.fileExists(atPath: settings) else {
      throw TrainingFailure(
        "\(output.path) holds a potential already; replace it by --force, or name another folder "
          + "with -o")
    }
    try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    try potential.write(to: output)
    StandardStreams.output(
      "the potential is in \(output.path), in \(potential.units)\n"
        + "to read it again: \(tool.name) import n2p2 \(output.path) -o DIR"
        + (potential.units == .atomic
          ? ""
          : " --length-unit \(potential.units.length.rawValue)"
            + " --energy-unit \(potential.units.energy.rawValue)") + "\n")
  }
}
