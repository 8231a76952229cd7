import Atomistic
import Foundation
import Tensors

/// `atomflow data convert`: from one format to another, whole or divided at random.
struct DataConvert: Command {
  static let name = "data convert"
  static let summary = "Convert and divide files of structures"
  static let discussion =
    "The name of the output decides its format: .extxyz and .xyz are extended XYZ in eV and "
    + "angstrom, .data is RuNNer's and n2p2's format in hartree and bohr, and a name without ending "
    + "is a folder for DeePMD-kit. With --split, each part goes to a file with its name in it: "
    + "water-training.extxyz, water-validation.extxyz."
  static let example =
    "atomflow data convert input.data -o water.extxyz\n"
    + "atomflow data convert water.extxyz -o water.data --split training:0.8,validation:0.2 --seed 1"

  static let input = Positional<String>("IN", help: "The file or folder to read.")
  static let output = Option<String>(
    "output", letter: "o", "OUT", .required, help: "The file or folder to write.")
  static let outputFormat = Option<StructureFile.Format>(
    "output-format", "NAME", help: "The format of the output: extxyz, runner or deepmd.")
  static let split = Option<SplitArgument>(
    "split", "PARTS", help: "Divide at random, as in training:0.8,validation:0.2.")
  static let seed = Option<Int>("seed", "S", default: 1, help: "The seed of the division.")
  static let parameters: [any Parameter] =
    [input, output, outputFormat, split, seed] + StructureOptions.parameters

  let input, output: String
  let outputFormat: StructureFile.Format?
  let split: SplitArgument?
  let seed: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    input = arguments.value(Self.input)
    output = arguments.value(Self.output)
    outputFormat = arguments[Self.outputFormat]
    split = arguments[Self.split]
    seed = arguments.value(Self.seed)
    options = try StructureOptions(arguments)
    guard seed >= 0 else { throw .rule("--seed should not be negative.") }
  }

  func run(in tool: Tool) throws {
    let places = split?.parts.map { place(of: $0.name) } ?? [output]
    for place in places {
      try OutputPlace.check(place, format: outputFormat, inputs: [input])
    }
    let structures = try options.read(input, in: tool).structures
    guard let split else {
      try write([(output, structures)])
      return
    }
    var random = RandomStream(seed: UInt64(seed))
    let parts = DatasetSplit.parts(
      of: structures.count, fractions: split.parts.map(\.fraction), using: &random)
    for (part, indices) in zip(split.parts, parts) where indices.isEmpty {
      throw FormatError(
        file: input, key: part.name, expected: "enough structures for every part",
        found: "\(structures.count) structures, and none of them for '\(part.name)'")
    }
    try write(
      zip(split.parts, parts).map { part, indices in
        (place(of: part.name), indices.map { structures[$0] })
      })
  }

  /// The file of a part: `water-training.extxyz`.
  private func place(of part: String) -> String {
    let ending = URL(fileURLWithPath: output).pathExtension
    let stem = ending.isEmpty ? output : String(output.dropLast(ending.count + 1))
    return "\(stem)-\(part)" + (ending.isEmpty ? "" : ".\(ending)")
  }

  /// Writes all files, or leaves behind none that was not there before.
  private func write(_ files: [(path: String, structures: [Structure])]) throws {
    let fresh = files.map(\.path).filter { !FileManager.default.fileExists(atPath: $0) }
    do {
      for (path, structures) in files {
        try StructureFile.write(structures, to: path, format: outputFormat)
      }
    } catch {
      for path in fresh { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
    for (path, structures) in files {
      try StandardStreams.output("\(path): \(counted(structures.count, "structure"))\n")
    }
  }
}
