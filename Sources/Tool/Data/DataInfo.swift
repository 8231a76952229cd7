import Atomistic
import Tensors
import Train

/// `atomflow data info`: the structures, labels and unused keys of a file.
struct DataInfo: Command {
  static let name = "data info"
  static let summary = "Describe files of structures"
  static let discussion =
    "Counts, elements, densities, ranges of labels and distances, under which keys labels were found, "
    + "and warnings: labels far from those of the other structures or in another unit, zero labels, "
    + "copies, atoms too close or without neighbours. Structures and atoms are counted from 0. "
    + "Everything is in eV and angstrom."
  static let example =
    "atomflow data info water.extxyz\natomflow data info --json train.data test.data"

  static let files = Positional<String>("FILE", .several, help: "Files or folders of structures.")
  static let json = Flag("json", help: "Print JSON instead of text.")
  static let strict = Flag("strict", help: "End with status 1 if there is a warning.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let parameters: [any Parameter] =
    [files, json, strict, threads] + StructureOptions.parameters

  let files: [String]
  let json, isStrict: Bool
  let threads: Int
  let options: StructureOptions

  init(_ arguments: Arguments) throws(UsageError) {
    files = arguments.all(Self.files)
    json = arguments[Self.json]
    isStrict = arguments[Self.strict]
    threads = try arguments.threads(Self.threads)
    options = try StructureOptions(arguments)
  }

  func run(in tool: Tool) throws {
    var summaries: [String: DatasetSummary] = [:]
    for file in files {
      let summary = try DatasetSummary(
        StructureFile.read(file, options: options.options), workers: Workers(count: threads))
      summaries[file] = summary
      if !json { try StandardStreams.output("\(file)\n\(summary.text)\n") }
    }
    if json { try StandardStreams.output(try StrictJSON.text(of: summaries)) }
    try files.flatMap { summaries[$0]?.report.warnings ?? [] }.requireNone(strictly: isStrict)
  }
}
