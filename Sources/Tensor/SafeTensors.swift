public import Foundation

/// Named tensors and text, kept in a file of the safetensors format.
///
/// A file is an 8-byte little-endian header length, a JSON header, and the elements, row-major and
/// little-endian. The same content always gives the same bytes: the header's keys are sorted, and
/// the elements lie in order of size, then name, so that each tensor is aligned to its elements.
///
/// Source: github.com/huggingface/safetensors, section "Format" of its README.
public struct SafeTensors: Sendable, Equatable {
  /// The tensors by name.
  public var tensors: [String: Tensor]

  /// What else the file has to say: units, versions, the state of a random generator.
  public var metadata: [String: String]

  /// The largest header that readers of the format accept, in bytes.
  package static let headerLimit = 100_000_000

  /// Gathers tensors and text to be written.
  public init(tensors: [String: Tensor] = [:], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// Reads a file and checks all of it.
  ///
  /// - Throws: `SafeTensorsError` when the file cannot be read, its header is malformed, a tensor
  ///   has a type other than F32, F64 and I32, or the tensors do not fill the file exactly.
  public init(contentsOf file: URL) throws(SafeTensorsError) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: file, options: .mappedIfSafe)
    } catch {
      throw SafeTensorsError(file: file.path, fault: .unreadable("\(error.localizedDescription)"))
    }
    do {
      try self.init(bytes: bytes)
    } catch {
      throw SafeTensorsError(file: file.path, fault: error)
    }
  }

  /// Reads the content of a file from memory.
  package init(bytes: Data) throws(SafeTensorsError.Fault) {
    guard bytes.count >= 8 else { throw .tooShort(bytes.count) }
    let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(Self.headerLimit, bytes.count - 8)
    guard length <= UInt64(limit) else { throw .headerLength(length, limit: limit) }
    let start = bytes.startIndex + 8 + Int(length)
    let header = try SafeTensorsHeader(json: Array(bytes[(bytes.startIndex + 8)..<start]))
    try header.check(dataLength: bytes.endIndex - start)
    metadata = header.metadata
    tensors = header.entries.mapValues { entry in
      Tensor(
        littleEndian: bytes[(start + entry.begin)..<(start + entry.end)], type: entry.type,
        shape: entry.shape)
    }
  }
}

extension Tensor {
  /// Copies elements out of a file, in one piece; the byte count must fit the type.
  fileprivate init(littleEndian bytes: Data, type: ScalarType, shape: [Int]) {
    func elements<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
      let count = bytes.count / MemoryLayout<Element>.size
      return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
        initialized = count
      }
    }
    switch type {
    case .float32: self.init(.float32(elements(Float.self)), shape: shape)
    case .float64: self.init(.float64(elements(Double.self)), shape: shape)
    case .int32: self.init(.int32(elements(Int32.self)), shape: shape)
    }
  }
}
