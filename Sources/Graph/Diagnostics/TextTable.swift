/// Rows of words as text: the first column is flush left, numbers in the others flush right.
struct TextTable: CustomStringConvertible {
  private let rows: [[String]]

  /// Makes a table of a line of titles and rows of as many words.
  init(_ titles: [String], _ rows: [[String]]) { self.rows = [titles] + rows }

  var description: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
    return rows.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let space = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + space : space + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
