extension String {
  /// The text for a terminal: control characters, with which a file could move the cursor or change
  /// colours, become question marks.
  ///
  /// - Parameter keepsLines: Whether line feeds stay.
  /// - Returns: The text with as many characters.
  package func printable(keepingLines keepsLines: Bool = false) -> String {
    var clean = String.UnicodeScalarView()
    clean.append(
      contentsOf: unicodeScalars.lazy.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator:
          keepsLines && scalar == "\n" ? scalar : "?"
        default: scalar
        }
      })
    return String(clean)
  }
}
