/// A number of 64 bits that tells one sequence of bytes from another: XXH64 with the seed 0.
///
/// Every changed bit changes it, except with a chance of 2⁻⁶⁴. It finds damage and edited data, and
/// is no protection against somebody who wants to deceive.
///
/// Source: Y. Collet, "xxHash fast digest algorithm", version 0.1.1, section XXH64.
package struct Digest {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  private var lanes = SIMD4<UInt64>(
    Digest.primes.0 &+ Digest.primes.1, Digest.primes.1, 0, 0 &- Digest.primes.0)
  private var length: UInt64 = 0
  /// The bytes that do not fill a block of 32 yet.
  private var rest: [UInt8] = []

  /// Starts with no bytes.
  package init() { rest.reserveCapacity(32) }

  /// Adds bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var bytes = bytes[...]
    if !rest.isEmpty {
      let head = bytes.prefix(32 - rest.count)
      rest.append(contentsOf: head)
      bytes = bytes.dropFirst(head.count)
      guard rest.count == 32 else { return }
      lanes = rest.withUnsafeBytes { Self.consumed($0[...], self.lanes).lanes }
      rest.removeAll(keepingCapacity: true)
    }
    let (lanes, end) = Self.consumed(bytes, lanes)
    self.lanes = lanes
    rest.append(contentsOf: bytes[end...])
  }

  /// Adds a text with its length, so that no other sequence of texts gives the same bytes.
  package mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      add(utf8.count)
      add(UnsafeRawBufferPointer(utf8))
    }
  }

  /// Adds a whole number.
  package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

  /// Adds 64 bits.
  package mutating func add(_ bits: UInt64) {
    withUnsafeBytes(of: bits.littleEndian) { add($0) }
  }

  /// Adds a number, bit for bit.
  package mutating func add(_ number: Double) { add(number.bitPattern) }

  /// The digest of all bytes added so far.
  package var value: UInt64 {
    let (p1, p2, p3, p4, p5) = Self.primes
    var hash: UInt64
    if length >= 32 {
      hash =
        lanes[0].rotated(1) &+ lanes[1].rotated(7) &+ lanes[2].rotated(12)
        &+ lanes[3].rotated(18)
      for lane in 0..<4 { hash = (hash ^ Self.round(0, lanes[lane])) &* p1 &+ p4 }
    } else {
      hash = p5
    }
    hash &+= length
    rest.withUnsafeBytes { bytes in
      var place = 0
      while place + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        hash = (hash ^ Self.round(0, word)).rotated(27) &* p1 &+ p4
        place += 8
      }
      if place + 4 <= bytes.count {
        let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        hash = (hash ^ UInt64(word) &* p1).rotated(23) &* p2 &+ p3
        place += 4
      }
      for byte in bytes[place...] { hash = (hash ^ UInt64(byte) &* p5).rotated(11) &* p1 }
    }
    hash = (hash ^ hash >> 33) &* p2
    hash = (hash ^ hash >> 29) &* p3
    return hash ^ hash >> 32
  }

  /// The digest as 16 hexadecimal digits.
  package var text: String { Self.text(value) }

  /// A digest as 16 hexadecimal digits.
  package static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    (lane &+ word &* primes.1).rotated(31) &* primes.0
  }

  /// Takes whole blocks, and returns where they end.
  private static func consumed(
    _ bytes: Slice<UnsafeRawBufferPointer>, _ lanes: SIMD4<UInt64>
  ) -> (lanes: SIMD4<UInt64>, end: Int) {
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var place = bytes.startIndex
    func word(_ offset: Int) -> UInt64 {
      UInt64(
        littleEndian: bytes.base.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self))
    }
    while place + 32 <= bytes.endIndex {
      a = round(a, word(0))
      b = round(b, word(8))
      c = round(c, word(16))
      d = round(d, word(24))
      place += 32
    }
    return (SIMD4(a, b, c, d), place)
  }
}

extension UInt64 {
  fileprivate func rotated(_ count: UInt64) -> UInt64 { self &<< count | self &>> (64 - count) }
}
