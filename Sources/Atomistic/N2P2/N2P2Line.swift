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
  func error(expected: String, found: String? = nil, advice: String = "") -> N2P2Error {
    N2P2Error(
      file: file, line: number, expected: expected,
      found: found ?? "\"\(words.joined(separator: " "))\"", advice: advice)
  }

  /// The number of arguments after the keyword must lie in `counts`.
  func require(arguments counts: ClosedRange<Int>, _ meaning: String) throws(N2P2Error) {
    guard counts.contains(words.count - 1) else {
      throw error(expected: "\"\(words[0])\" followed by \(meaning)")
    }
  }

  /// The finite number at a position.
  func real(_ position: Int, _ meaning: String) throws(N2P2Error) -> Double {
    guard position < words.count else {
      throw error(expected: "\(meaning) as word \(position + 1)", found: "the end of the line")
    }
    // Fortran writes 1.0D-3; Swift would also accept hexadecimal numbers, which no file means.
    let word = words[position]
    let plain = word.map { $0 == "D" || $0 == "d" ? "E" : $0 }
    guard word.allSatisfy({ "+-.0123456789eEdD".contains($0) }),
      let number = Double(String(plain)), number.isFinite
    else {
      throw error(expected: "a number for \(meaning)", found: "\"\(word)\"")
    }
    return number
  }

  /// The whole number at a position, which must lie in `range`.
  func integer(
    _ position: Int, _ meaning: String, in range: ClosedRange<Int>
  ) throws(N2P2Error) -> Int {
    guard position < words.count else {
      throw error(expected: "\(meaning) as word \(position + 1)", found: "the end of the line")
    }
    guard let number = Int(words[position]), range.contains(number) else {
      throw error(
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound) for \(meaning)",
        found: "\"\(words[position])\"")
    }
    return number
  }

  /// The atomic number of the element whose symbol stands at a position.
  func element(_ position: Int) throws(N2P2Error) -> Int {
    guard position < words.count else {
      throw error(expected: "the symbol of an element", found: "the end of the line")
    }
    guard let number = ElementSymbols.atomicNumber(of: words[position]) else {
      throw error(expected: "the symbol of an element", found: "\"\(words[position])\"")
    }
    return number
  }
}
