import Foundation

/// The comment line of i-PI's xyz files:
///
///     # CELL(abcABC): a b c α β γ Step: 0 Bead: 0 positions{angstrom} cell{angstrom}
///
/// Lengths `a b c` are in the unit of `cell{...}`, angles in degrees; the vector of `a` lies along
/// x, that of `b` in the plane of x and y. Other forms of the cell, and files of other quantities
/// than positions, are refused.
///
/// https://docs.ipi-code.org/output-files.html
struct IPIComment {
  /// The unit of the positions, or nil where the line does not name it.
  let length: LengthUnit?
  /// The unit of the cell, or nil where the line does not name it.
  let cellLength: LengthUnit?
  /// The vectors of the cell in the line's unit.
  let vectors: Matrix3
  /// The numbers of step and bead, as they are written.
  private(set) var entries: [(key: String, value: String)] = []

  private static let opening: Set<Character> = ["(", "[", "{"]

  /// Reads a line; nil where it is not of this form.
  init?(_ text: String, _ lines: TextLines) throws(FormatError) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard
      let start = words.firstIndex(where: { word in
        word.hasPrefix("CELL") && word.dropFirst(4).first.map(Self.opening.contains) == true
      })
    else { return nil }
    let form = words[start].dropFirst(5).prefix { $0.isLetter }
    guard form == "abcABC" else {
      throw lines.fault(
        key: "CELL", expected: "CELL(abcABC) with three lengths and three angles",
        found: TextLines.quoted(String(words[start])), advice: "write the cell as Lattice=\"...\"")
    }
    let numbers = words[(start + 1)...].prefix(6).compactMap { DecimalNumber.double($0) }
    guard numbers.count == 6, let vectors = Self.vectors(numbers) else {
      throw lines.fault(
        key: "CELL", expected: "three lengths and three angles that span a volume",
        found: TextLines.quoted(words[(start + 1)...].prefix(6).joined(separator: " ")))
    }
    self.vectors = vectors
    let rest = words.dropFirst(start + 7)
    var quantities: [String: LengthUnit?] = [:]
    for word in rest where word.last == "}" {
      let parts = word.dropLast().split(separator: "{", omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      quantities[String(parts[0])] = .some(
        try Self.unit(String(parts[1]), of: String(parts[0]), lines))
    }
    let names = quantities.keys.filter { $0 != "cell" }.sorted()
    guard names.allSatisfy({ $0 == "positions" }) else {
      throw lines.fault(
        key: "comment", expected: "a file of positions", found: "one of \(names[0])")
    }
    length = quantities["positions"] ?? nil
    cellLength = quantities["cell"] ?? length
    for (word, value) in zip(rest, rest.dropFirst())
    where ["Step:", "Bead:"].contains(word) {
      entries.append((String(word.dropLast()), String(value)))
    }
  }

  private static func unit(
    _ name: String, of quantity: String, _ lines: TextLines
  ) throws(FormatError) -> LengthUnit? {
    guard quantity == "positions" || quantity == "cell" else { return nil }
    switch name {
    case "angstrom": return .angstrom
    case "atomic_unit", "bohr": return .bohr
    default:
      throw lines.fault(
        key: quantity, expected: "the unit angstrom or atomic_unit",
        found: TextLines.quoted(name))
    }
  }

  /// The vectors of lengths and angles in degrees, or nil if they span no volume.
  private static func vectors(_ numbers: [Double]) -> Matrix3? {
    let (a, b, c) = (numbers[0], numbers[1], numbers[2])
    let angles = numbers[3...].map { $0 * .pi / 180 }
    // The cosine of a right angle is no rounding error.
    let cosines = zip(numbers[3...], angles).map { $0 == 90 ? 0 : cos($1) }
    let sine = sin(angles[2])
    guard a > 0, b > 0, c > 0, sine > 0 else { return nil }
    let x = cosines[1]
    let y = (cosines[0] - cosines[1] * cosines[2]) / sine
    let square = 1 - x * x - y * y
    guard square > 0 else { return nil }
    return Matrix3(
      [a, 0, 0], [b * cosines[2], b * sine, 0], [c * x, c * y, c * square.squareRoot()])
  }
}
