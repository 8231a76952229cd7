import Foundation
import Testing

@testable import Tensors

@Suite("Damaged safetensors files are refused")
struct SafeTensorsFaults {
  static func file(_ header: String, data: Int = 0) -> Data {
    var bytes = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    return bytes + Data(header.utf8) + Data(count: data)
  }

  static func tensor(_ type: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  static func fault(_ bytes: Data) -> SafeTensorsError.Fault? {
    do {
      _ = try SafeTensors(bytes: bytes)
      return nil
    } catch {
      return error as? SafeTensorsError.Fault
    }
  }

  @Test("content that is not that of the checksum is refused, in whatever order it is written")
  func checksum() throws {
    let file = SafeTensors(tensors: ["a": Tensor([1], shape: [1])], metadata: ["b": "c"])
    let sum = file.contentChecksum
    let header = { (text: String, sum: String) in
      #"{"a":\#(Self.tensor("F64", "1", "0,8")), "__metadata__": {"checksum":"\#(sum)","b":"\#(text)"}}"#
    }
    let one = withUnsafeBytes(of: 1.0) { Data($0) }
    let other = try SafeTensors(bytes: Self.file(header("c", sum)) + one)
    #expect(other == file && other.checksum == sum)
    for bytes in [
      Self.file(header("d", sum)) + one, Self.file(header("c", sum), data: 8),
      Self.file(header("c", "0")) + one,
    ] {
      guard case .checksum = Self.fault(bytes) else {
        Issue.record("\(String(describing: Self.fault(bytes)))")
        continue
      }
    }
  }

  @Test("a header that is longer than the file is not allocated")
  func headerLength() {
    #expect(Self.fault(Data(count: 7)) == .tooShort(7))
    for length in [UInt64.max, 1 << 63, 100_000_001, 3] {
      var bytes = Data()
      withUnsafeBytes(of: length.littleEndian) { bytes.append(contentsOf: $0) }
      #expect(Self.fault(bytes + Data("{}".utf8)) == .headerLength(length, limit: 2))
    }
  }

  @Test("places and sizes must fit")
  func places() {
    let (one, huge) = (Self.tensor("F64", "1", "0,8"), "4611686018427387904")
    let cases: [(String, Int, SafeTensorsError.Fault)] = [
      (
        #"{"a":\#(Self.tensor("I64", "1", "0,8"))}"#, 8,
        .unsupportedType(tensor: "a", type: "I64")
      ),
      (
        #"{"a":\#(Self.tensor("F64", "\(huge),4", "0,8"))}"#, 8,
        .tooLarge(tensor: "a", shape: [1 << 62, 4])
      ),
      (
        #"{"a":\#(Self.tensor("F64", "2", "0,8"))}"#, 8,
        .sizeMismatch(tensor: "a", needed: 16, begin: 0, end: 8)
      ),
      (
        #"{"a":\#(Self.tensor("F64", "1", "8,0"))}"#, 8,
        .sizeMismatch(tensor: "a", needed: 8, begin: 8, end: 0)
      ),
      (
        #"{"a":\#(Self.tensor("F64", "1", "8,16"))}"#, 16,
        .misplaced(tensor: "a", begin: 8, expected: 0)
      ),
      (
        #"{"a":\#(one),"b":\#(Self.tensor("F32", "2", "4,12"))}"#, 12,
        .misplaced(tensor: "b", begin: 4, expected: 8)
      ),
      (#"{"a":\#(one)}"#, 7, .dataLength(expected: 8, found: 7)),
      (#"{"a":\#(one)}"#, 9, .dataLength(expected: 8, found: 9)),
    ]
    for (header, data, expected) in cases {
      #expect(Self.fault(Self.file(header, data: data)) == expected, "\(header)")
      #expect(expected.description.hasSuffix("."), "\(expected)")
    }
    let empty = Self.tensor("F64", "\(huge),\(huge),0", "0,0")
    let fault = Self.fault(Self.file(#"{"a":\#(empty)}"#))
    #expect(fault == .tooLarge(tensor: "a", shape: [1 << 62, 1 << 62, 0]))
  }

  @Test(
    "a header that is not the expected JSON is refused with a reason",
    arguments: [
      "", " ", "[]", "{", "{}x", "{,}", #"{"a"}"#, #"{"a":{}}"#, #"{"a":1}"#, #"{"a":{},}"#,
      #"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"\ud800":""}}"#, #"{"__metadata__":"#,
      #"{"__metadata__":{"\x":""}}"#, #"{"__metadata__":{"a"#, "{\"__metadata__\":{\"\n\":\"\"}}",
      #"{"a":{"dtype":"F64","shape":[-1],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F64","shape":[1.5],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F64","shape":[01],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F64","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
      #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8,9]}}"#,
      #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8],"more":[]}}"#,
    ])
  func malformed(header: String) {
    guard case .malformedHeader(let reason) = Self.fault(Self.file(header, data: 8)) else {
      Issue.record("accepted or another fault: \(header.prefix(80))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test("nesting has a limit instead of an overflow of the stack")
  func nesting() {
    let brackets = String(repeating: "[", count: 100_000)
    malformed(header: brackets)
    malformed(header: String(repeating: #"{"a":"#, count: 100_000))
    malformed(header: #"{"a":{"dtype":"F64","data_offsets":[0,8],"shape":"# + brackets)
  }

  @Test("no mutation of a file traps", arguments: 0..<4)
  func fuzz(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return Int(random % UInt64(bound))
    }
    let original = SafeTensorsRoundTrip.example.bytes
    let letters = Array(#"{}[],:"\u0123456789.-eFI "#.utf8)
    var refused = 0
    for _ in 0..<3000 {
      var bytes = original
      for _ in 0...next(3) {
        let place = next(min(bytes.count, 600))
        switch next(4) {
        case 0: bytes[place] = UInt8(next(256))
        case 1: bytes[place] = letters[next(letters.count)]
        case 2: bytes.remove(at: place)
        default: bytes.insert(letters[next(letters.count)], at: place)
        }
      }
      if Self.fault(bytes) != nil { refused += 1 }
    }
    #expect(refused > 1000)
    for length in 0..<original.count {
      #expect(Self.fault(original.prefix(length)) != nil)
    }
  }

  @Test("a fault is told without the control characters of the file")
  func controlCharacters() throws {
    let header = #"{"\u001b[31m": \#(Self.tensor("I8", "1", "0,1"))}"#
    let fault = try #require(Self.fault(Self.file(header, data: 1)))
    let sentence = SafeTensorsError(file: "a", fault: fault).description
    #expect(sentence.contains("tensor '?[31m' has elements of type I8"))
  }
}
