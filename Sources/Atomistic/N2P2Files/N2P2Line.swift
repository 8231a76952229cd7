import Tensors

/// A line of a file with its comment removed, cut into words.
struct N2P2Line {
  let file: String
  /// Counted from 1.
  let number: Int
  let words: [Substring]

  /// Returns the lines that hold words; text from `#` or `!` on is a comment.
  static func lines(of text: String, file: String) -> [N2P2Line] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
      .compactMap { index, line in
        let words = line.prefix { $0 != "#" && $0 != "!" }.split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : N2P2Line(file: file, number: index + 1, words: words)
      }
  }

  /// The error that this line, as it stands, deserves.
  func error(expected: String, found: String? = nil, advice: String? = nil) -> FormatError {
    FormatError(
      file: file, line: number, expected: expected,
      found: found ?? TextLines.quoted(words.joined(separator: " ")), advice: advice)
  }

  /// The number of arguments after the keyword must lie in `counts`.
  func require(arguments counts: ClosedRange<Int>, _ meaning: String) throws(FormatError) {
    guard counts.contains(words.count - 1) else {
      throw error(expected: "\"\(words[0])\" followed by \(meaning)")
    }
  }

  /// The finite number at a position.
  func real(_ position: Int, _ meaning: String) throws(FormatError) -> Double {
    guard position < words.count else {
      throw error(expected: "\(meaning) as word \(position + 1)", found: "the end of the line")
    }
    guard let number = DecimalNumber.double(words[position]) else {
      throw error(
        expected: "a number for \(meaning)", found: TextLines.quoted(String(words[position])))
    }
    return number
  }

  /// The whole number at a position, which must lie in `range`.
  func integer(
    _ position: Int, _ meaning: String, in range: ClosedRange<Int>
  ) throws(FormatError) -> Int {
    guard position < words.count else {
      throw error(expected: "\(meaning) as word \(position + 1)", found: "the end of the line")
    }
    guard let number = DecimalNumber.integer(words[position]), range.contains(number) else {
      throw error(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound) for \(meaning)",
        found: TextLines.quoted(String(words[position])))
    }
    return number
  }

  /// The atomic number of the element whose symbol stands at a position.
  func element(_ position: Int) throws(FormatError) -> Int {
    guard position < words.count else {
      throw error(expected: "the symbol of an element", found: "the end of the line")
    }
    guard let element = Element(name: words[position]) else {
      throw error(
        expected: "the symbol of an element", found: TextLines.quoted(String(words[position])))
    }
    return element.number
  }

  /// The symbol of an element that is known to exist.
  static func symbol(_ atomicNumber: Int) -> String {
    guard let element = Element(number: atomicNumber) else {
      trap("N2P2Line: no element has the atomic number \(atomicNumber)")
    }
    return element.symbol
  }
}
