/// A message in the wire format of protocol buffers, built field by field.
///
/// Every field is its number and wire type as a varint, then the value.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtocolBufferWriter {
  /// The bytes of the message so far.
  private(set) var bytes: [UInt8] = []

  /// The layout of a field's value.
  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Builds a message in place.
  init(_ build: (inout ProtocolBufferWriter) -> Void = { _ in }) { build(&self) }

  /// Writes an int64, int32, bool or enum; negative numbers take ten bytes.
  mutating func integer(_ field: UInt64, _ value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  /// Writes a double.
  mutating func double(_ field: UInt64, _ value: Double) {
    tag(field, .fixed64)
    fixed(value.bitPattern)
  }

  /// Writes a float.
  mutating func float(_ field: UInt64, _ value: Float) {
    tag(field, .fixed32)
    fixed(value.bitPattern)
  }

  /// Writes a string.
  mutating func string(_ field: UInt64, _ text: String) { data(field, Array(text.utf8)) }

  /// Writes doubles without tags between them.
  mutating func packed(_ field: UInt64, _ values: [Double]) {
    tag(field, .lengthDelimited)
    varint(UInt64(values.count * 8))
    bytes.reserveCapacity(bytes.count + values.count * 8)
    for value in values { fixed(value.bitPattern) }
  }

  /// Writes a message inside this one.
  mutating func message(_ field: UInt64, _ build: (inout ProtocolBufferWriter) -> Void) {
    data(field, ProtocolBufferWriter(build).bytes)
  }

  /// Writes bytes, or a message that is encoded already.
  mutating func data(_ field: UInt64, _ content: [UInt8]) {
    tag(field, .lengthDelimited)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  private mutating func tag(_ field: UInt64, _ type: WireType) {
    varint(field << 3 | type.rawValue)
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func fixed(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
