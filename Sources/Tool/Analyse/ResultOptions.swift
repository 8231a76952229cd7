import Atomistic
import Foundation
import Tensors
import Train

/// Where the results of an analysis go: text or JSON on the terminal, a table, a figure.
struct ResultOptions {
  static let json = Flag("json", help: "Print JSON instead of text.")
  static let csv = Option<String>(
    "csv", "FILE", help: "Write the numbers as comma-separated values.")
  static let svg = Option<String>("svg", "FILE", help: "Draw a figure for a browser.")
  static let parameters: [any Parameter] = [json, csv, svg]

  /// The files or folders that are analysed.
  let inputs: [String]
  private let printsJSON: Bool
  private let csv, svg: String?

  init(_ arguments: Arguments, inputs: [String]) throws(UsageError) {
    self.inputs = inputs
    printsJSON = arguments[Self.json]
    csv = arguments[Self.csv]
    svg = arguments[Self.svg]
    let outputs = [csv, svg].compactMap(\.self)
    let files = inputs.flatMap { [$0, ModelDirectory($0).metrics.path] }
    let isInput = outputs.contains { output in files.contains { FilePlace.isSame($0, output) } }
    guard !isInput, outputs.count < 2 || !FilePlace.isSame(outputs[0], outputs[1]) else {
      throw .rule("--csv and --svg should name files of their own, and none of the inputs.")
    }
  }

  /// Names of the inputs for a legend: the last parts of their paths, or paths where these are the same.
  var labels: [String] {
    let names = inputs.map { URL(fileURLWithPath: $0).lastPathComponent }
    return Set(names).count == names.count ? names : inputs
  }

  /// Whether a table or a figure is written.
  var writesFiles: Bool { csv != nil || svg != nil }

  /// Refuses files that cannot be written, before any work is done for them.
  func checkFiles() throws(FormatError) {
    for path in [csv, svg].compactMap({ $0 }) { try OutputPlace.checkFile(path) }
  }

  /// Writes text, or JSON, and the files that were asked for.
  func publish(
    json: @autoclosure () throws -> String, text: @autoclosure () -> String,
    table: @autoclosure () -> SeriesTable, figure: @autoclosure () -> Figure
  ) throws {
    if let csv { try WholeFile.write(table().text, to: csv) }
    if let svg { try WholeFile.write(figure().svg, to: svg) }
    try StandardStreams.output(printsJSON ? try json() : text())
  }
}
