import Tensors

/// Makes damaged files of whole ones: the same seed and number give the same file.
struct Mutator {
  let layout: FileLayout
  let corpus: [[UInt8]]
  var random: RandomStream

  /// A file with one to four changes.
  ///
  /// - Parameter entry: The place of the whole file in the corpus.
  /// - Returns: The damaged file.
  mutating func input(entry: Int) -> [UInt8] {
    var bytes = corpus[entry]
    for _ in 0...random.integer(below: 4) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = [UInt8(random.integer(below: 256))]
      return
    }
    switch layout {
    case .text: changeText(&bytes)
    case .binary: changeBinary(&bytes)
    case .headed:
      if let range = layout.header(of: bytes), !range.isEmpty, random.integer(below: 5) > 0 {
        var text = Array(bytes[range])
        changeText(&text)
        layout.replaceHeader(range, of: &bytes, by: text)
      } else {
        changeBinary(&bytes)
      }
    }
  }

  // MARK: - Text

  private static let numbers = [
    "", "0", "-0", "1", "-1", "2", "0.5", "119", "65536", "1e-300", "1e300", "1e400", "-1e17",
    "nan",
    "inf", "-inf", "NaN", "Infinity", "0x10", "0x", "1e", ".", "-", "+1", "1.5D3", "007", "1_000",
    "1,5", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", "99999999999999999999999999999999", "1e18",
    "9.3e18", "0.1e-400", "null", "true", "\"1\"", "[]", "{}",
  ].map { Array($0.utf8) }

  private static let marks = Array(
    " \t\n\r\"'`{}[]()<>,:;=#!/\\-+.eEdD0179TFxun_$\0\u{1b}\u{7f}".utf8)

  private mutating func changeText(_ bytes: inout [UInt8]) {
    switch random.integer(below: 12) {
    case 0, 1, 2: replaceNumber(&bytes)
    case 3:
      let words = words(of: bytes, where: Self.isOfName)
      guard let word = one(of: words), let other = one(of: words) else { return }
      bytes.replaceSubrange(word, with: Array(bytes[other]))
    case 4: changeLines(&bytes)
    case 5: bytes[random.integer(below: bytes.count)] = choice(Self.marks)
    case 6: bytes.insert(choice(Self.marks), at: random.integer(below: bytes.count + 1))
    case 7: changeCase(&bytes)
    case 8: swapWords(&bytes)
    default: changeBytes(&bytes)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    return UInt8(ascii: "a")...UInt8(ascii: "z") ~= letter || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  private mutating func replaceNumber(_ bytes: inout [UInt8]) {
    let words = words(of: bytes) { Self.isOfName($0) || Self.isDigit($0) || "+-".utf8.contains($0) }
    let numbers = words.filter { word in
      !Self.isOfName(bytes[word.lowerBound]) && word.contains { Self.isDigit(bytes[$0]) }
    }
    guard let range = one(of: numbers) else { return }
    bytes.replaceSubrange(range, with: choice(Self.numbers))
  }

  private mutating func changeCase(_ bytes: inout [UInt8]) {
    guard let word = one(of: words(of: bytes, where: Self.isOfName)) else { return }
    for place in word where bytes[place] >= 64 { bytes[place] ^= 0x20 }
  }

  private mutating func swapWords(_ bytes: inout [UInt8]) {
    let words = words(of: bytes) { $0 > 32 }
    guard let first = one(of: words), let second = one(of: words),
      first.upperBound <= second.lowerBound
    else { return }
    let (early, late) = (Array(bytes[first]), Array(bytes[second]))
    bytes.replaceSubrange(second, with: early)
    bytes.replaceSubrange(first, with: late)
  }

  private mutating func changeLines(_ bytes: inout [UInt8]) {
    let lines = words(of: bytes) { $0 != UInt8(ascii: "\n") }
    guard let line = one(of: lines), let other = one(of: lines) else { return }
    switch random.integer(below: 4) {
    case 0: bytes.removeSubrange(line)
    case 1:
      bytes.insert(contentsOf: Array(bytes[line]) + [UInt8(ascii: "\n")], at: other.lowerBound)
    case 2: bytes.replaceSubrange(line, with: Array(bytes[other]))
    default: bytes.removeSubrange(line.lowerBound + line.count / 2..<line.upperBound)
    }
  }

  private func words(of bytes: [UInt8], where belongs: (UInt8) -> Bool) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start: Int?
    for place in 0...bytes.count {
      let isInside = place < bytes.count && belongs(bytes[place])
      if isInside, start == nil { start = place }
      if !isInside, let first = start {
        words.append(first..<place)
        start = nil
      }
    }
    return words
  }

  // MARK: - Bytes

  private static let integers: [Int64] = [
    0, 1, -1, 2, 127, 255, 256, 65_535, 65_536, 1 << 31 - 1, 1 << 31, -(1 << 31), 1 << 32, 1 << 40,
    .max, .min, 100_000_000, 100_000_001,
  ]

  private static let reals: [Double] = [
    0, -0.0, 1, -1, .nan, .infinity, -.infinity, 1e300, -1e300, .leastNonzeroMagnitude, 1e17, 1e19,
  ]

  private mutating func changeBinary(_ bytes: inout [UInt8]) {
    switch random.integer(below: 6) {
    case 0, 1: overwrite(&bytes, UInt64(bitPattern: choice(Self.integers)), size: 4)
    case 2: overwrite(&bytes, UInt64(bitPattern: choice(Self.integers)), size: 8)
    case 3: overwrite(&bytes, choice(Self.reals).bitPattern, size: 8)
    default: changeBytes(&bytes)
    }
  }

  private mutating func overwrite(_ bytes: inout [UInt8], _ bits: UInt64, size: Int) {
    guard bytes.count >= size else { return }
    let place = random.integer(below: (bytes.count - size) / 4 + 1) * 4
    for index in 0..<size {
      bytes[place + index] = UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))
    }
  }

  /// A bit, a byte, a range cut out, doubled, repeated or taken from another file, or the end cut off.
  private mutating func changeBytes(_ bytes: inout [UInt8]) {
    let place = random.integer(below: bytes.count)
    let end = min(bytes.count, place + 1 + random.integer(below: 40))
    switch random.integer(below: 8) {
    case 0, 1: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
    case 2: bytes[place] = UInt8(random.integer(below: 256))
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    case 5:
      let count = 1 << random.integer(below: 10)
      let piece = Array(bytes[place..<end])
      bytes.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: place)
    case 6:
      let other = choice(corpus)
      guard !other.isEmpty else { return }
      let start = random.integer(below: other.count)
      bytes.replaceSubrange(place..<end, with: other[start...].prefix(200))
    default: bytes.removeSubrange(place...)
    }
  }

  private mutating func choice<Element>(_ elements: [Element]) -> Element {
    elements[random.integer(below: elements.count)]
  }

  private mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : choice(elements)
  }
}
