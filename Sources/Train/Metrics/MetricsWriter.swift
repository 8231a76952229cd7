public import Foundation
import Tensors

/// Appends rows to a table of metrics on disk, each of them complete before the next begins.
public final class MetricsWriter {
  /// The file being written.
  public let file: URL

  /// The names of the columns after `step`.
  public let columns: [String]

  /// The number of rows, those of earlier parts of a resumed run included.
  public private(set) var rowCount: Int

  /// The step of the last row, nil where there is none.
  public private(set) var lastStep: Int?

  private let output: OutputFile

  /// Starts a new table; a file of that name is replaced.
  ///
  /// - Throws: `MetricsTableError` when the file cannot be written.
  public convenience init(creating file: URL, columns: [String]) throws(MetricsTableError) {
    try self.init(file, table: MetricsTable(columns: columns))
  }

  /// Continues a table after a step, dropping the rows of later steps and an unfinished last one.
  ///
  /// - Throws: `MetricsTableError` when the file is not such a table, has other columns, or cannot
  ///   be written.
  public convenience init(
    resuming file: URL, columns: [String], afterStep step: Int
  ) throws(MetricsTableError) {
    var table = try MetricsTable(contentsOf: file, allowingUnfinishedRow: true)
    guard table.columns == columns else {
      let expected = columns.joined(separator: ",")
      let found = table.columns.joined(separator: ",")
      throw MetricsTableError(
        file: file.path, line: 1,
        reason: "Expected the columns step,\(expected), found step,\(found). "
          + "Resume with the same metrics or start in another directory.")
    }
    table.truncate(afterStep: step)
    try self.init(file, table: table)
  }

  private init(_ file: URL, table: MetricsTable) throws(MetricsTableError) {
    let names = ["step"] + table.columns
    ensure(
      Set(names).count == names.count && !names.contains { $0.contains { ",\"\r\n".contains($0) } },
      "MetricsWriter: column names must differ and hold no comma, quote or line break: \(names)")
    self.file = file
    columns = table.columns
    (rowCount, lastStep) = (table.rows.count, table.rows.last?.step)
    do throws(FileError) {
      try WholeFile.write(table.text, to: file.path)
      output = try OutputFile(resuming: file.path)
    } catch {
      throw MetricsTableError(file: file.path, reason: error.reason)
    }
  }

  /// Appends a row with a value or `nil` for each column; steps must increase.
  ///
  /// - Throws: `MetricsTableError` when the file cannot be written.
  public func append(step: Int, _ values: [Double?]) throws(MetricsTableError) {
    ensure(
      values.count == columns.count,
      "MetricsWriter: \(values.count) values do not fit the columns \(columns)")
    ensure(
      lastStep.map { $0 < step } ?? true,
      "MetricsWriter: step \(step) cannot follow step \(lastStep ?? 0)")
    do throws(FileError) {
      try output.write(Array(MetricsTable.Row(step: step, values: values).text.utf8))
    } catch {
      throw MetricsTableError(file: file.path, reason: error.reason)
    }
    (rowCount, lastStep) = (rowCount + 1, step)
  }
}
