/// The cyclic redundancy check with Castagnoli's polynomial, in reflected form `0x82F63B78`.
///
/// Source: RFC 3720, appendix B.4, which also lists known answers.
enum Crc32C {
  /// The remainders of the 256 bytes.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 1 ? remainder >> 1 ^ 0x82F6_3B78 : remainder >> 1
    }
  }

  /// The check value of some bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { remainder, byte in
      remainder >> 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
    }
  }

  /// The check value, rotated and shifted as TFRecord files store it.
  static func maskedChecksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
