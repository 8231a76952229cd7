import Atomistic
import Tensors

/// `atomflow predict`: energies, forces and stress of structures.
struct Predict: Command {
  static let name = "predict"
  static let summary = "Predict energies, forces and stress of structures"
  static let discussion =
    "Writes extended XYZ with the model's energy in eV, forces in eV/angstrom and, for periodic "
    + "structures, stress in eV/angstrom^3, positive under tension. Labels of the input are left out. "
    + "The header names the program and the checksum of the model's file. "
    + "A warning names features that leave their range over the training structures."
  static let example = "atomflow predict water-ekf ice.extxyz -o ice-predicted.extxyz"

  static let model = ModelSource.argument
  static let structures = Positional<String>("STRUCTURES", help: "The structures.")
  static let output = Option<String>(
    "output", letter: "o", "FILE", .required, help: "The extended XYZ file to write.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [model, structures, output, threads] + StructureOptions.parameters

  let model: String
  let structures: String
  let output: String
  let threads: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    model = arguments.value(Self.model)
    structures = arguments.value(Self.structures)
    output = arguments.value(Self.output)
    threads = try arguments.threads(Self.threads)
    options = try StructureOptions(arguments)
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model, in: tool.catalog)
    try OutputPlace.check(output, format: .extendedXYZ, inputs: [structures] + model.files)
    let set = try options.read(structures, for: model, labels: [], in: tool)
    let line = SharedProgress("predicting", unit: "structures", total: set.structures.count)
    let predicted = try model.predictions(
      of: set.structures, workers: Workers(count: threads), progress: line.update)
    line.finish(set.structures.count)
    let result = zip(set.structures, predicted.labels).map { structure, labels in
      var structure = structure
      structure.labels = labels
      structure.info.merge(model.provenance) { $1 }
      return structure
    }
    try StructureFile.write(result, to: output, format: .extendedXYZ)
    predicted.warnOfExtrapolation(in: tool)
  }
}
