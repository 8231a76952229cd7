import Tensors

/// A NumPy `.npy` array of numbers in row-major order, with its elements as doubles.
///
/// Read are versions 1, 2 and 3 of the format with little-endian floating-point numbers of 4 or 8
/// bytes and integers of 1, 2, 4 or 8 bytes, with or without a sign, in either order of axes; written is
/// version 1 with floats of 8 bytes, the last axis fastest.
///
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NumpyArray: Hashable, Sendable {
  /// The extents, slowest first.
  public var shape: [Int]
  /// The elements in row-major order.
  public var values: [Double]

  /// Makes an array of as many values as the shape asks for.
  public init(shape: [Int], values: [Double]) {
    ensure(
      shape.reduce(1, *) == values.count, "NumpyArray: \(values.count) values for shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// Reads a file.
  ///
  /// Throws for a damaged file and for an element type that is not read.
  public init(reading path: String) throws(FormatError) {
    try self.init(bytes: try FileBytes.read(path), file: path)
  }

  /// Reads the bytes of a file, by the rules of `init(reading:)`.
  public init(bytes: [UInt8], file: String) throws(FormatError) {
    let header = try NumpyHeader(bytes, file: file)
    let count = try header.elementCount(bytes.count, file: file)
    shape = header.shape
    let stored = bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        let offset = header.dataOffset + index * header.type.size
        return switch header.type {
        case .float32: Double(raw.loadUnaligned(fromByteOffset: offset, as: Float.self))
        case .float64: raw.loadUnaligned(fromByteOffset: offset, as: Double.self)
        case .int8: Double(raw.loadUnaligned(fromByteOffset: offset, as: Int8.self))
        case .int16: Double(raw.loadUnaligned(fromByteOffset: offset, as: Int16.self))
        case .uint8: Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt8.self))
        case .uint16: Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        case .uint32: Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        case .uint64: Double(raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        case .int32: Double(raw.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        case .int64: Double(raw.loadUnaligned(fromByteOffset: offset, as: Int64.self))
        }
      }
    }
    values = header.firstAxisIsFastest ? Self.rowMajor(stored, shape) : stored
  }

  /// Elements in row-major order of elements whose first axis is the fastest.
  private static func rowMajor(_ stored: [Double], _ shape: [Int]) -> [Double] {
    // Extents beside one of zero may be of any size.
    guard !stored.isEmpty else { return [] }
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      stride *= extent
    }
    var result: [Double] = []
    result.reserveCapacity(stored.count)
    var index = [Int](repeating: 0, count: shape.count)
    for _ in stored {
      result.append(stored[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }])
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }

  /// The bytes of a file of version 1, with the data aligned to 64 bytes.
  public var bytes: [UInt8] {
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(extents)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var result = NumpyHeader.magic + [1, 0]
    result += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    result += Array(header.utf8)
    values.withUnsafeBytes { result.append(contentsOf: $0) }
    return result
  }

  /// Writes a file.
  public func write(to path: String) throws(FormatError) {
    try FileBytes.write(bytes, to: path)
  }
}

/// The header of a `.npy` file.
struct NumpyHeader {
  /// The types of elements that are read.
  enum ElementType: String {
    case float32 = "<f4"
    case float64 = "<f8"
    case int8 = "|i1"
    case int16 = "<i2"
    case int32 = "<i4"
    case int64 = "<i8"
    case uint8 = "|u1"
    case uint16 = "<u2"
    case uint32 = "<u4"
    case uint64 = "<u8"

    var size: Int {
      switch self {
      case .int8, .uint8: 1
      case .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }
  }

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  private(set) var type = ElementType.float64
  /// Whether the elements are in Fortran's order.
  private(set) var firstAxisIsFastest = false
  private(set) var shape: [Int] = []
  private(set) var dataOffset = 0

  init(_ bytes: [UInt8], file: String) throws(FormatError) {
    func fault(_ expected: String, _ found: String, advice: String? = nil) -> FormatError {
      FormatError(
        file: file, key: "npy header", expected: expected, found: found, advice: advice)
    }
    guard bytes.starts(with: Self.magic), bytes.count >= 12 else {
      throw fault("a NumPy array", "a file of \(bytes.count) bytes that does not begin as one")
    }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw fault("version 1.0, 2.0 or 3.0", "\(bytes[6]).\(bytes[7])")
    }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    let length = bytes[8..<(8 + lengthBytes)].reversed().reduce(0) { $0 << 8 | Int($1) }
    dataOffset = 8 + lengthBytes + length
    guard dataOffset <= bytes.count else {
      throw fault("a header of \(length) bytes", "the end of the file")
    }
    let text = String(decoding: bytes[(8 + lengthBytes)..<dataOffset], as: UTF8.self)
    guard let descr = Self.value(of: "descr", in: text),
      let order = Self.value(of: "fortran_order", in: text),
      let extents = Self.value(of: "shape", in: text)
    else { throw fault("descr, fortran_order and shape", TextLines.quoted(text)) }
    guard let type = ElementType(rawValue: descr) else {
      throw fault(
        "an element type <f4, <f8 or one of the integers", TextLines.quoted(descr),
        advice: "save it again after .astype(\"<f8\")")
    }
    guard ["True", "False"].contains(order) else {
      throw fault("fortran_order True or False", TextLines.quoted(order))
    }
    firstAxisIsFastest = order == "True"
    self.type = type
    for extent in extents.split(separator: ",") {
      let digits = extent.filter { !$0.isWhitespace }
      if digits.isEmpty { continue }
      guard let value = DecimalNumber.integer(digits), value >= 0 else {
        throw fault("extents that are not negative", TextLines.quoted(extents))
      }
      shape.append(value)
    }
  }

  /// The number of elements, which has to agree with the size of the file.
  func elementCount(_ size: Int, file: String) throws(FormatError) -> Int {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      count = overflow ? Int.max / 16 : min(product, Int.max / 16)
    }
    guard count * type.size == size - dataOffset else {
      throw FormatError(
        file: file, key: "npy data", expected: "\(count * type.size) bytes for shape \(shape)",
        found: "\(size - dataOffset)", advice: "the file seems to be damaged; get it again")
    }
    return count
  }

  /// The text of a value of the dictionary, without its quotes or parentheses.
  private static func value(of key: String, in text: String) -> String? {
    for quote in ["'", "\""] {
      let parts = text.split(
        separator: "\(quote)\(key)\(quote):", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let rest = parts[1].drop(while: \.isWhitespace)
      switch rest.first {
      case "(": return rest.dropFirst().firstIndex(of: ")").map { String(rest[..<$0].dropFirst()) }
      case "'", "\"":
        return rest.dropFirst().firstIndex(of: rest.first ?? "'")
          .map { String(rest[..<$0].dropFirst()) }
      default: return String(rest.prefix { $0.isLetter })
      }
    }
    return nil
  }
}
