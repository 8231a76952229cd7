/// The comment line of an extended XYZ frame, cut into keys and values without their meaning.
///
/// Values may be bare, in single or double quotes with backslash escapes, in braces or in
/// brackets; blanks around "=" are passed over, and so are commas after bare values. A bare key
/// stands for `key=T` on a line with `Lattice` or `Properties`; on any other line bare words make
/// the line a free comment, which is kept whole beside its pairs.
struct ExtendedXYZHeader {
  /// One entry as written, without quotes.
  struct Entry {
    var key: String
    var value: String
    /// Whether the entry is a word without "=".
    var isBare = false
  }

  /// The entries in the order of the line.
  private(set) var entries: [Entry] = []
  /// The words without "=", in lower case.
  private(set) var bareWords: Set<String> = []
  /// Whether the line holds "=", but cannot be cut into pairs.
  private(set) var isBroken = false
  /// What the line says in i-PI's form.
  private(set) var ipi: IPIComment?
  /// Where each key is in `entries`, in lower case.
  private var indices: [String: [Int]] = [:]

  /// Cuts a line; a free comment becomes the entry `comment`.
  init(_ line: Range<Int>, in lines: TextLines) throws(FormatError) {
    let bytes = Array(lines.bytes[line])
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.contains("=") else {
      ipi = try IPIComment(text, lines)
      for (key, value) in ipi?.entries ?? [] { append(Entry(key: key, value: value)) }
      if ipi == nil { appendComment(text) }
      return
    }
    let cut: [Entry]
    do throws(FormatError) {
      cut = try Self.cut(bytes, lines)
    } catch {
      guard !Self.namesColumnsOrCell(text) else { throw error }
      isBroken = true
      appendComment(text)
      return
    }
    bareWords = Set(cut.lazy.filter(\.isBare).map { $0.key.lowercased() })
    let isExtended = cut.contains {
      !$0.isBare && ["lattice", "properties"].contains($0.key.lowercased())
    }
    for entry in cut where isExtended || !entry.isBare { append(entry) }
    if !isExtended, !bareWords.isEmpty { appendComment(text) }
  }

  /// The entry of a key in any case, or nil.
  ///
  /// Throws if the line has the key twice with values that differ; with `matchesCase`, an entry that
  /// is written as `key` is comes before others.
  func entry(
    _ key: String, matchesCase: Bool = false, _ lines: TextLines
  ) throws(FormatError) -> Entry? {
    var found = (indices[key.lowercased()] ?? []).map { entries[$0] }
    let exact = found.filter { $0.key == key }
    if matchesCase, !exact.isEmpty { found = exact }
    guard let first = found.first else { return nil }
    if let other = found.first(where: { !Self.agree($0.value, first.value) }) {
      let keys = first.key == other.key ? first.key : "\(first.key) and \(other.key)"
      throw lines.fault(
        key: keys, expected: "each key once, or with one value",
        found: "\(TextLines.quoted(first.value)) and \(TextLines.quoted(other.value))",
        advice: "remove the one that does not hold")
    }
    return first
  }

  /// Whether two values say the same, as words or as numbers.
  private static func agree(_ first: String, _ second: String) -> Bool {
    if first == second { return true }
    let (one, other) = (ExtendedXYZMeaning.fields(first), ExtendedXYZMeaning.fields(second))
    return one.count == other.count
      && zip(one, other).allSatisfy { a, b in
        a.lowercased() == b.lowercased()
          || DecimalNumber.double(a).map { $0 == DecimalNumber.double(b) } ?? false
      }
  }

  /// Whether a line that cannot be cut is meant to be more than a free comment.
  private static func namesColumnsOrCell(_ text: String) -> Bool {
    ["lattice", "properties"].contains { key in
      text.lowercased().split(separator: key, omittingEmptySubsequences: false).dropFirst()
        .contains { $0.drop(while: \.isWhitespace).first == "=" }
    }
  }

  private mutating func append(_ entry: Entry) {
    indices[entry.key.lowercased(), default: []].append(entries.count)
    entries.append(entry)
  }

  private mutating func appendComment(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty else { return }
    append(Entry(key: "comment", value: words.joined(separator: " ")))
  }

  private static func cut(_ bytes: [UInt8], _ lines: TextLines) throws(FormatError) -> [Entry] {
    var entries: [Entry] = []
    var index = 0
    while true {
      skipBlanks(bytes, &index)
      guard index < bytes.count else { return entries }
      let key = try word(bytes, &index, lines)
      let keyEnd = index
      skipBlanks(bytes, &index)
      guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else {
        index = keyEnd
        // A comma between pairs is no word.
        if !key.isEmpty, key != "," { entries.append(Entry(key: key, value: "T", isBare: true)) }
        continue
      }
      guard !key.isEmpty else {
        throw lines.fault(
          expected: "a key before each \"=\"", found: "\"=\" without one",
          advice: "write key=value")
      }
      index += 1
      entries.append(Entry(key: key, value: try value(bytes, &index, lines)))
    }
  }

  private static func skipBlanks(_ bytes: [UInt8], _ index: inout Int) {
    while index < bytes.count, Ascii.isBlank(bytes[index]) { index += 1 }
  }

  /// A key: in quotes, or up to a blank or "=".
  private static func word(
    _ bytes: [UInt8], _ index: inout Int, _ lines: TextLines
  ) throws(FormatError) -> String {
    if let closing = quote(bytes[index]), closing == bytes[index] {
      return try quoted(bytes, &index, closing, lines)
    }
    let start = index
    while index < bytes.count, !Ascii.isBlank(bytes[index]), bytes[index] != UInt8(ascii: "=") {
      index += 1
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// The value after "="; nothing where the next word is the key of another pair.
  private static func value(
    _ bytes: [UInt8], _ index: inout Int, _ lines: TextLines
  ) throws(FormatError) -> String {
    let start = index
    skipBlanks(bytes, &index)
    guard index < bytes.count else { return "" }
    if index > start {
      var next = index
      _ = try word(bytes, &next, lines)
      skipBlanks(bytes, &next)
      if next < bytes.count, bytes[next] == UInt8(ascii: "=") {
        index = start
        return ""
      }
    }
    if let closing = quote(bytes[index]) { return try quoted(bytes, &index, closing, lines) }
    let first = index
    while index < bytes.count, !Ascii.isBlank(bytes[index]) { index += 1 }
    let hasComma = bytes[index - 1] == UInt8(ascii: ",")
    return String(decoding: bytes[first..<(hasComma ? index - 1 : index)], as: UTF8.self)
  }

  /// The byte that closes what `byte` opens.
  private static func quote(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): byte
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  /// The text up to the closing byte; nested brackets of the same kind are kept.
  private static func quoted(
    _ bytes: [UInt8], _ index: inout Int, _ closing: UInt8, _ lines: TextLines
  ) throws(FormatError) -> String {
    let opening = bytes[index]
    var depth = 1
    var result: [UInt8] = []
    index += 1
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\\"), index < bytes.count, opening == closing {
        result.append(bytes[index] == UInt8(ascii: "n") ? Ascii.lineFeed : bytes[index])
        index += 1
        continue
      }
      if byte == closing {
        depth -= 1
        if depth == 0 { return String(decoding: result, as: UTF8.self) }
      } else if byte == opening {
        depth += 1
      }
      result.append(byte)
    }
    let text = TextLines.quoted(String(decoding: result, as: UTF8.self))
    throw lines.fault(
      expected: "a closing \(Character(Unicode.Scalar(closing)))",
      found: "the end of the line after \(text)")
  }
}
