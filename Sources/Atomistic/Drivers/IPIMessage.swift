import Tensors

/// What an i-PI server says to a driver.
enum IPIMessage: Equatable {
  /// It asks how far the driver is.
  case status
  /// It numbers the replica and sends parameters.
  case initialize(bead: Int32, parameters: [UInt8])
  /// It sends a structure: cell and positions in bohr.
  case positions(cell: Matrix3, positions: [SIMD3<Double>])
  /// It wants energy, forces and virial.
  case getForce
  /// It ends the conversation.
  case exit

  /// The bytes of every header.
  static let headerLength = 12
  /// The bytes of parameters that are accepted.
  static let mostParameters = 1 << 16

  /// A header: twelve bytes, padded with blanks.
  static func header(_ name: String) -> [UInt8] {
    let bytes = Array(name.utf8)
    ensure(bytes.count <= headerLength, "IPIMessage: \(name) is too long for a header")
    return bytes + Array(repeating: UInt8(ascii: " "), count: headerLength - bytes.count)
  }
}

/// Puts the messages of a server together from bytes that arrive in any portions.
///
/// It keeps no more than the message that is under way, whose length is known and limited: a number of
/// atoms other than the template's is refused before any of them is read.
struct IPIDecoder {
  private let atoms: Int
  private var buffer: [UInt8] = []
  private var start = 0

  init(atoms: Int) { self.atoms = atoms }

  /// Whether all bytes have been made messages of.
  var isAtBoundary: Bool { start == buffer.count }

  /// Takes bytes; call `next` until it returns nil before more are added.
  mutating func append(_ bytes: some Collection<UInt8>) {
    buffer.removeFirst(start)
    start = 0
    buffer.append(contentsOf: bytes)
  }

  /// The next message, or nil while bytes are missing.
  mutating func next() throws(IPIError) -> IPIMessage? {
    let length = IPIMessage.headerLength
    guard buffer.count - start >= length else { return nil }
    let header = buffer[start..<start + length]
    let name = header.prefix { $0 != UInt8(ascii: " ") && $0 != 0 }
    let message: IPIMessage?
    switch String(decoding: name, as: UTF8.self).uppercased() {
    case "STATUS": message = finish(.status, length: 0)
    case "GETFORCE": message = finish(.getForce, length: 0)
    case "EXIT": message = finish(.exit, length: 0)
    case "INIT": message = try initialization()
    case "POSDATA": message = try positions()
    default:
      let found = TextLines.quoted(String(decoding: header, as: UTF8.self))
      throw .message(expected: "STATUS, INIT, POSDATA, GETFORCE or EXIT", found: found)
    }
    return message
  }

  private mutating func finish(_ message: IPIMessage, length: Int) -> IPIMessage {
    start += IPIMessage.headerLength + length
    return message
  }

  private mutating func initialization() throws(IPIError) -> IPIMessage? {
    guard let bead = integer(at: 0), let count = integer(at: 4) else { return nil }
    guard (0...Int32(IPIMessage.mostParameters)).contains(count) else {
      throw .message(
        expected: "0 to \(IPIMessage.mostParameters) bytes of parameters after INIT",
        found: "\(count)")
    }
    let first = start + IPIMessage.headerLength + 8
    guard buffer.count >= first + Int(count) else { return nil }
    return finish(
      .initialize(bead: bead, parameters: Array(buffer[first..<first + Int(count)])),
      length: 8 + Int(count))
  }

  private mutating func positions() throws(IPIError) -> IPIMessage? {
    // Cell and inverse come before the number of atoms.
    guard let count = integer(at: 144) else { return nil }
    guard Int(count) == atoms else {
      throw .structure(expected: "\(atoms) atoms as in the template", found: "\(count)")
    }
    guard let cell = doubles(at: 0, count: 9), let values = doubles(at: 148, count: 3 * atoms)
    else { return nil }
    guard (cell + values).allSatisfy(\.isFinite) else {
      throw .message(expected: "finite positions and cell", found: "infinity or NaN")
    }
    let vectors = (0..<atoms).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    return finish(
      // Lattice vectors are the columns of the matrix that is sent row by row.
      .positions(cell: Matrix3(rowMajor: cell).transposed, positions: vectors),
      length: 148 + 24 * atoms)
  }

  private func integer(at offset: Int) -> Int32? {
    let place = start + IPIMessage.headerLength + offset
    guard buffer.count >= place + 4 else { return nil }
    return buffer.withUnsafeBytes {
      Int32(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Int32.self))
    }
  }

  private func doubles(at offset: Int, count: Int) -> [Double]? {
    let place = start + IPIMessage.headerLength + offset
    guard buffer.count >= place + 8 * count else { return nil }
    return buffer.withUnsafeBytes { bytes in
      (0..<count).map { index in
        let bits = bytes.loadUnaligned(fromByteOffset: place + 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
  }
}
