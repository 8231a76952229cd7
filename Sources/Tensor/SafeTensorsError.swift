/// Why a safetensors file could not be read or written.
public struct SafeTensorsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Fault: Error, Sendable, Equatable {
    /// The system did not let the file be read, for the given reason.
    case unreadable(String)
    /// There is no file at the path.
    case absent
    /// The system did not let the file be written, for the given reason.
    case unwritable(String)
    /// The file has too few bytes to hold the length of its header.
    case tooShort(Int)
    /// The header is said to be longer than the file or the format allows.
    case headerLength(UInt64, limit: Int)
    /// The header is not the JSON that the format asks for, for the given reason.
    case malformedHeader(String)
    /// The elements of a tensor have a type that AtomFlow does not read.
    case unsupportedType(tensor: String, type: String)
    /// The size of a tensor is too large a number.
    case tooLarge(tensor: String, shape: [Int])
    /// The offsets of a tensor do not enclose the bytes its shape and type need.
    case sizeMismatch(tensor: String, needed: Int, begin: Int, end: Int)
    /// A tensor does not start where the one before it ends.
    case misplaced(tensor: String, begin: Int, expected: Int)
    /// The tensors do not end where the file ends.
    case dataLength(expected: Int, found: Int)
    /// The content is not the one that the file was written with.
    case checksum(expected: String, found: String)
  }

  /// The file as it was named.
  public var file: String

  /// The kind of fault.
  public var fault: Fault

  /// The error in full sentences, without control characters.
  public var description: String { "\(file): \(fault.description)".printable() }
}

extension SafeTensorsError.Fault: CustomStringConvertible {
  /// The fault in full sentences, without the file's name and control characters.
  public var description: String { sentence.printable() }

  private var sentence: String {
    switch self {
    case .unreadable(let reason):
      reason
    case .absent:
      "there is no such file; check the spelling and the current folder."
    case .unwritable(let reason): reason
    case .tooShort(let count):
      "a safetensors file starts with 8 bytes that give the length of its header, but this file "
        + "has only \(count) bytes."
    case .headerLength(let length, let limit):
      "the first 8 bytes announce a header of \(length) bytes, but at most \(limit) are possible "
        + "here; the file is truncated or not a safetensors file."
    case .malformedHeader(let reason):
      "the header is not the JSON of a safetensors file (\(reason)); the file is damaged or of "
        + "another kind."
    case .unsupportedType(let tensor, let type):
      "tensor '\(tensor)' has elements of type \(type), but only F32, F64 and I32 can be read; "
        + "convert it before."
    case .tooLarge(let tensor, let shape):
      "tensor '\(tensor)' has the shape \(shape), whose size is beyond every memory."
    case .sizeMismatch(let tensor, let needed, let begin, let end):
      "tensor '\(tensor)' needs \(needed) bytes by its shape and type, but its data_offsets "
        + "are [\(begin), \(end)]."
    case .misplaced(let tensor, let begin, let expected):
      "tensor '\(tensor)' starts at offset \(begin), but the tensors before it end at "
        + "\(expected); tensors may neither overlap nor leave gaps."
    case .dataLength(let expected, let found):
      "the tensors in the header take \(expected) bytes, but \(found) bytes follow the header; "
        + "the file is truncated or has a tail."
    case .checksum(let expected, let found):
      "the content has the checksum \(found), but was written with \(expected); the file is damaged: "
        + "take a copy of it, or write it anew."
    }
  }
}
