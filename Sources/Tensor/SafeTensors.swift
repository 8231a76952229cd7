public import Foundation

/// Named tensors and text, kept in a file of the safetensors format.
///
/// A file is an 8-byte little-endian header length, a JSON header, and the elements, row-major and
/// little-endian. The same content always gives the same bytes: the header's keys are sorted, and
/// the elements lie in order of size, then name, so that each tensor is aligned to its elements.
///
/// A file that is written here has a digest of its content in its metadata, under `checksum`, which
/// readers compare. A program that changes the content leaves that entry out.
///
/// Source: github.com/huggingface/safetensors, section "Format" of its README.
public struct SafeTensors: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: Tensor]

  /// What else the file has to say: units, versions, the state of a random generator.
  public var metadata: [String: String]

  /// The checksum of the file, which is that of its content; nil where the file has none.
  package private(set) var checksum: String?

  /// The largest header that readers of the format accept, in bytes.
  package static let headerLimit = 100_000_000

  /// Gathers tensors and text to be written.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Whether both hold the same text and the same tensors.
  public static func == (first: SafeTensors, second: SafeTensors) -> Bool {
    first.tensors == second.tensors && first.metadata == second.metadata
  }

  /// Reads a file and checks all of it.
  ///
  /// - Throws: `SafeTensorsError` when the file cannot be read, its header is malformed, a tensor
  ///   has a type other than F32, F64 and I32, the tensors do not fill the file exactly, or the content
  ///   is not that of its checksum.
  public init(contentsOf file: URL) throws(SafeTensorsError) {
    do {
      let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError.unreadable(file.path) }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      let size = try handle.seekToEnd()
      try self.init(size: Int(size)) { offset, buffer in
        try handle.read(into: buffer, at: offset)
      }
    } catch let fault as SafeTensorsError.Fault {
      throw SafeTensorsError(file: file.path, fault: fault)
    } catch let error as FileError {
      throw SafeTensorsError(
        file: file.path,
        fault: error.code == ENOENT ? .absent : .unreadable(error.reason))
    } catch {
      throw SafeTensorsError(
        file: file.path, fault: .unreadable("expected a regular file, found another kind"))
    }
  }

  /// Reads the content of a file from memory.
  package init(bytes: Data) throws {
    try self.init(size: bytes.count) { offset, buffer in
      let start = bytes.startIndex + offset
      bytes.copyBytes(to: buffer, from: start..<(start + buffer.count))
    }
  }

  /// Reads and checks the header, then each tensor's elements into their own memory, in one piece.
  private init(
    size: Int, read: (Int, UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    guard size >= 8 else { throw SafeTensorsError.Fault.tooShort(size) }
    var length: UInt64 = 0
    try withUnsafeMutableBytes(of: &length) { try read(0, $0) }
    length = UInt64(littleEndian: length)
    let limit = min(Self.headerLimit, size - 8)
    guard length <= UInt64(limit) else {
      throw SafeTensorsError.Fault.headerLength(length, limit: limit)
    }
    let json = try [UInt8](count: Int(length)) { try read(8, $0) }
    let header = try SafeTensorsHeader(json: json)
    let start = 8 + json.count
    try header.check(dataLength: size - start)
    metadata = header.metadata
    tensors = try header.entries.mapValues { entry in
      let fill = { try read(start + entry.begin, $0) }
      let count = (entry.end - entry.begin) / entry.type.size
      return switch entry.type {
      case .float32: Tensor(.float32(try [Float](count: count, fill)), shape: entry.shape)
      case .float64: Tensor(.float64(try [Double](count: count, fill)), shape: entry.shape)
      case .int32: Tensor(.int32(try [Int32](count: count, fill)), shape: entry.shape)
      }
    }
    guard let expected = metadata.removeValue(forKey: Self.checksumKey) else { return }
    let found = contentChecksum
    guard expected == found else {
      throw SafeTensorsError.Fault.checksum(expected: expected, found: found)
    }
    checksum = found
  }
}

extension Array where Element: BitwiseCopyable {
  /// Makes an array whose bytes are written by a closure, all of them.
  fileprivate init(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    guard count > 0 else {
      // The storage that all empty arrays share is not written to.
      self = []
      return
    }
    try self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      let elements = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      try fill(UnsafeMutableRawBufferPointer(elements))
      initialized = count
    }
  }
}

extension FileHandle {
  /// Fills a buffer with the bytes of the file from an offset on.
  fileprivate func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(fileDescriptor, rest.baseAddress, rest.count, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = count < 0 ? String(cString: strerror(errno)) : "the file became shorter."
        throw SafeTensorsError.Fault.unreadable(reason)
      }
      done += count
    }
  }
}
