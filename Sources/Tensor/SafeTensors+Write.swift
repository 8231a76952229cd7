public import Foundation

extension SafeTensors {
  /// Writes a file, beside its final place first, so that a reader never meets half of it.
  ///
  /// Tensors go from their own memory to the file, without a second copy of them.
  ///
  /// - Throws: `SafeTensorsError` when the file cannot be written; the old file is then intact.
  public func write(to file: URL) throws(SafeTensorsError) {
    do throws(FileError) {
      try WholeFile.write(to: file.path) { draft throws(FileError) in
        try write { piece throws(FileError) in try draft.write(piece) }
      }
    } catch {
      throw SafeTensorsError(file: file.path, fault: .unwritable(error.reason))
    }
  }

  /// The content of the file in memory.
  package var bytes: Data {
    var result = Data()
    write { result.append($0) }
    return result
  }

  /// Hands out the pieces of the file in order; a piece is valid only during the call.
  private func write<Failure>(to sink: (Data) throws(Failure) -> Void) throws(Failure) {
    let order = tensors.sorted { first, second in
      (second.value.scalarType.size, first.key) < (first.value.scalarType.size, second.key)
    }
    var entries: [String: SafeTensorsHeader.Entry] = [:]
    var end = 0
    for (name, tensor) in order {
      let begin = end
      end += tensor.count * tensor.scalarType.size
      entries[name] = .init(type: tensor.scalarType, shape: tensor.shape, begin: begin, end: end)
    }
    var metadata = metadata
    metadata[Self.checksumKey] = contentChecksum
    let json = SafeTensorsHeader(entries: entries, metadata: metadata).json
    var start = Data()
    withUnsafeBytes(of: UInt64(json.count).littleEndian) { start.append(contentsOf: $0) }
    start.append(contentsOf: json)
    try sink(start)
    for (_, tensor) in order where tensor.count > 0 { try tensor.withBytes(sink) }
  }
}

extension SafeTensors {
  /// The entry of the metadata with the digest of the content.
  static let checksumKey = "checksum"

  /// The digest of metadata and tensors in the order of their names.
  ///
  /// It is one of the content, not of the file's bytes: a program that writes the same content in
  /// another order, or with other blanks, need not know of it.
  package var contentChecksum: String {
    var digest = Digest()
    digest.add(metadata.count { $0.key != Self.checksumKey })
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) where key != Self.checksumKey {
      digest.add(key)
      digest.add(text)
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      digest.add(name)
      digest.add(tensor.scalarType.safeTensorsName)
      digest.add(tensor.shape.count)
      for extent in tensor.shape { digest.add(extent) }
      guard tensor.count > 0 else { continue }
      tensor.withBytes { bytes in bytes.withUnsafeBytes { digest.add($0) } }
    }
    return digest.text
  }
}

extension Tensor {
  /// Lends the elements as bytes, without copying them.
  fileprivate func withBytes<Failure>(
    _ body: (Data) throws(Failure) -> Void
  ) throws(Failure) {
    func lend(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
      // The pointer is only read from: `Data` copies before it writes.
      let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
      try body(Data(bytesNoCopy: start, count: bytes.count, deallocator: .none))
    }
    switch values {
    case .float32(let values):
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try lend(UnsafeRawBufferPointer(values))
      }
    case .float64(let values):
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try lend(UnsafeRawBufferPointer(values))
      }
    case .int32(let values):
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try lend(UnsafeRawBufferPointer(values))
      }
    }
  }
}
