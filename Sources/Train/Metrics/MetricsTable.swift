public import Foundation
import Tensors

/// The metrics of a run by step, kept as comma-separated values with a header line.
///
/// The first column is `step`, which increases from row to row. An empty field is a missing value.
/// Numbers are written with the fewest digits that read back as the same bits.
public struct MetricsTable: Sendable, Equatable {
  /// One line of the table.
  public struct Row: Sendable, Equatable {
    /// The number of training steps done.
    public var step: Int
    /// A value or its absence for each column after `step`.
    public var values: [Double?]

    /// Makes a row.
    public init(step: Int, values: [Double?]) {
      self.step = step
      self.values = values
    }
  }

  /// The names of the columns after `step`.
  public var columns: [String]

  /// The rows in order of steps.
  public var rows: [Row]

  /// Makes a table.
  public init(columns: [String], rows: [Row] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Reads a table and checks each line.
  ///
  /// - Parameters:
  ///   - file: The file to read.
  ///   - allowingUnfinishedRow: Whether a last line without its end, as a killed run leaves it, is
  ///     dropped instead of refused.
  /// - Throws: `MetricsTableError` with the line that is wrong.
  public init(
    contentsOf file: URL, allowingUnfinishedRow: Bool = false
  ) throws(MetricsTableError) {
    let bytes: Data
    do { bytes = try WholeFile.read(file.path, atMost: .max) } catch {
      throw MetricsTableError(file: file.path, reason: error.reason)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MetricsTableError(file: file.path, reason: "expected text in UTF-8, found other data")
    }
    do {
      try self.init(parsing: text, allowingUnfinishedRow: allowingUnfinishedRow)
    } catch {
      throw MetricsTableError(file: file.path, line: error.line, reason: error.reason)
    }
  }

  /// Reads the text of a table.
  package init(
    parsing text: String, allowingUnfinishedRow: Bool = false
  ) throws(MetricsTableError) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let last = lines.removeLast()
    if !last.isEmpty, !allowingUnfinishedRow {
      throw MetricsTableError(line: lines.count + 1, reason: "The last line is not finished.")
    }
    let header = lines.first?.split(separator: ",", omittingEmptySubsequences: false) ?? []
    guard header.first == "step" else {
      throw MetricsTableError(line: 1, reason: "The header must start with the column 'step'.")
    }
    self.init(columns: header.dropFirst().map(String.init))
    for (index, line) in lines.enumerated().dropFirst() {
      do {
        rows.append(try row(line))
      } catch {
        throw MetricsTableError(line: index + 1, reason: error.reason)
      }
    }
  }

  private func row(_ line: Substring) throws(MetricsTableError) -> Row {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == columns.count + 1 else {
      throw MetricsTableError(
        reason: "Expected \(columns.count + 1) fields as in the header, found \(fields.count).")
    }
    guard let step = Int(fields[0]) else {
      throw MetricsTableError(
        reason: "Expected a whole number as step, found '\(Self.shortened(fields[0]))'.")
    }
    if let previous = rows.last, previous.step >= step {
      throw MetricsTableError(
        reason: "Steps must increase, but \(step) follows \(previous.step).")
    }
    var values: [Double?] = []
    for (column, field) in zip(columns, fields.dropFirst()) {
      let value = Double(field)
      guard value != nil || field.isEmpty else {
        throw MetricsTableError(
          reason: "Expected a number in column '\(Self.shortened(column[...]))', found "
            + "'\(Self.shortened(field))'.")
      }
      values.append(value)
    }
    return Row(step: step, values: values)
  }

  /// A text of the file for a sentence.
  private static func shortened(_ text: Substring) -> String {
    text.count <= 80 ? String(text) : text.prefix(77) + "..."
  }

  /// Drops the rows of later steps, which a resumed run writes again.
  public mutating func truncate(afterStep step: Int) { rows.removeAll { $0.step > step } }

  /// The table as comma-separated values.
  public var text: String { header + rows.map(\.text).joined() }

  var header: String { (["step"] + columns).joined(separator: ",") + "\n" }
}

extension MetricsTable.Row {
  /// The row as a line.
  var text: String {
    (["\(step)"] + values.map { $0.map { "\($0)" } ?? "" }).joined(separator: ",") + "\n"
  }
}
