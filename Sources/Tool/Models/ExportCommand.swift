import Atomistic
import Foundation
import Tensors
import Train

/// `atomflow export`: from a model directory to the files of another program.
struct ExportCommand: Command {
  static let name = "export"
  static let summary = "Write a model in the files of another program"
  static let discussion =
    "n2p2: input.nn, scaling.data and weights.ZZZ.data, which n2p2 and its LAMMPS pair style take. "
    + "Every number is written with all its digits. The files do not name their units: lengths are in "
    + "the unit of the symmetry functions, energies in the unit given here.\n\n"
    + "kim: a portable model of any kind for programs with the KIM API, such as LAMMPS. Its name is "
    + "that of the folder OUT; install.sh in there puts it into a collection, and driver.json holds "
    + "the precision of forces."
  static let example =
    "atomflow export water-ekf -o water-nnp\natomflow import n2p2 water-nnp -o again\n"
    + "atomflow export water-ekf --format kim -o Water_EKF\nsh Water_EKF/install.sh"

  static let model = Positional<String>("DIR", help: "The model directory.")
  static let output = Option<String>(
    "output", letter: "o", "OUT", .required, help: "The folder to write.")
  static let format = Option<String>(
    "format", "NAME", default: "n2p2", help: "The program: n2p2 or kim.")
  static let energyUnit = Option<EnergyUnit>(
    "energy-unit", "UNIT",
    help:
      "The unit of energy: hartree, eV, kcal/mol or kJ/mol; by default the unit of the model's files."
  )
  static let force = Flag("force", help: "Replace the files that the folder holds already.")
  static let parameters: [any Parameter] = [model, output, format, energyUnit, force]

  let model: ModelDirectory
  let output: URL
  let format: String
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
    let model = try TrainedModel.load(model.url, kinds: tool.catalog.models)
    let kind = type(of: model.potential).kind
    let own = tool.catalog.models.first { $0.name == kind }?.exports ?? []
    let exports = own + tool.catalog.exports
    guard let export = exports.first(where: { $0.name == format }) else {
      let names = exports.map(\.name).joined(separator: ", ")
      throw ToolError(
        "a model of the kind \(kind) cannot be written for \(format); it can be for "
          + "\(exports.isEmpty ? "no other program" : names)")
    }
    guard replaces || !Self.isTaken(output) else {
      throw ToolError(
        "the folder \(output.path) holds files already; replace it by --force, or name another with -o"
      )
    }
    try Folder.make(output.path)
    try StandardStreams.output(try export.write(model, to: output, energyUnit: energyUnit))
  }

  /// Whether a folder is there and holds anything.
  private static func isTaken(_ folder: URL) -> Bool {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return !(names ?? []).isEmpty
  }
}
