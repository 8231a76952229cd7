import Tensors

/// A table of comma-separated values: columns with names, and rows of text or numbers.
struct SeriesTable {
  /// The names of the columns, with their units.
  let columns: [String]
  private(set) var text: String

  init(_ columns: [String]) {
    self.columns = columns
    text = columns.joined(separator: ",") + "\n"
  }

  /// Adds a row; texts that hold commas or quotes are quoted, and missing numbers left empty.
  mutating func add(_ name: String, _ values: Double?...) { add(name, values) }

  /// Adds a row of as many numbers as there are columns after the first.
  mutating func add(_ name: String, _ values: [Double?]) {
    ensure(
      values.count + 1 == columns.count,
      "SeriesTable: a row of \(values.count + 1) for \(columns.count) columns")
    let needsQuotes = name.contains { ",\"\n\r".contains($0) }
    let quoted = "\"" + name.flatMap { $0 == "\"" ? "\"\"" : "\($0)" } + "\""
    let fields = values.map { $0.map { "\($0)" } ?? "" }
    text += ([needsQuotes ? quoted : name] + fields).joined(separator: ",") + "\n"
  }
}
