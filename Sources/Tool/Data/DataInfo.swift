import Atomistic
import Train

/// `atomflow data info`: the structures, labels and unused keys of a file.
struct DataInfo: Command {
  static let name = "data info"
  static let summary = "Describe files of structures"
  static let discussion =
    "Counts, elements, densities, ranges of labels and distances, and under which keys labels were "
    + "found. Everything is in eV and angstrom."
  static let example =
    "atomflow data info water.extxyz\natomflow data info --json train.data test.data"

  static let files = Positional<String>("FILE", .several, help: "Files or folders of structures.")
  static let json = Flag("json", help: "Print JSON instead of text.")
  static let parameters: [any Parameter] = [files, json] + StructureOptions.parameters

  let files: [String]
  let json: Bool
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    files = arguments.all(Self.files)
    json = arguments[Self.json]
    options = try StructureOptions(arguments)
  }

  func run(in tool: Tool) throws {
    var summaries: [String: DatasetSummary] = [:]
    for file in files {
      let summary = DatasetSummary(try StructureFile.read(file, options: options.options))
      summaries[file] = summary
      if !json { try StandardStreams.output("\(file)\n\(summary.text)\n") }
    }
    if json { try StandardStreams.output(try StrictJSON.text(of: summaries)) }
  }
}
