import Foundation
import TestSupport
import Testing

@testable import Train

@Suite("Event files are encoded as documented")
struct EventFileEncoding {
  @Test(
    "checksums have the known answers of RFC 3720",
    arguments: [
      (Array("123456789".utf8), 0xE306_9283), ([], 0),
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
    ] as [([UInt8], UInt32)])
  func checksum(bytes: [UInt8], expected: UInt32) {
    #expect(Crc32C.checksum(bytes) == expected)
    let masked = Crc32C.maskedChecksum(bytes)
    let rotated = masked &- 0xA282_EAD8
    #expect(rotated << 15 | rotated >> 17 == expected)
  }

  @Test("fields have the bytes of the protocol buffers' documentation")
  func fields() {
    let message = ProtocolBufferWriter { message in
      message.integer(1, 150)
      message.integer(1, -1)
      message.string(2, "testing")
      message.message(3) { $0.integer(1, 150) }
      message.float(4, 1)
      message.double(5, -2)
      message.packed(16, [1])
    }
    let expected: [UInt8] =
      [0x08, 0x96, 0x01, 0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01, 0x12, 0x07]
      + Array("testing".utf8) + [0x1A, 0x03, 0x08, 0x96, 0x01, 0x25, 0, 0, 0x80, 0x3F]
      + [0x29, 0, 0, 0, 0, 0, 0, 0, 0xC0, 0x82, 0x01, 0x08, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
    #expect(message.bytes == expected)
  }

  @Test("a histogram counts every finite value between its edges")
  func histogram() {
    let largest = Double.greatestFiniteMagnitude
    let values = [-largest, -3, -1e-13, 0, 1e-13, 0.5, 0.5, 1e19, largest, .nan, .infinity]
    let histogram = EventHistogram(values)
    #expect(histogram.count == 9)
    #expect(histogram.counts.reduce(0, +) == 9)
    #expect(histogram.minimum == -largest && histogram.maximum == largest)
    #expect(zip(histogram.limits, histogram.limits.dropFirst()).allSatisfy { $0 < $1 })
    for edge in histogram.limits.dropLast() {
      let below = zip(histogram.limits, histogram.counts).filter { $0.0 <= edge }.map(\.1)
      let expected = values.filter { $0.isFinite && $0 < edge }.count
      #expect(below.reduce(0, +) == Double(expected), "below \(edge)")
    }
    #expect(EventHistogram([]).limits == [largest])
  }

  @Test("a later file of the same run has a later name")
  func names() throws {
    try withTemporaryDirectory { directory in
      let run = directory.appendingPathComponent("run")
      let first = try EventFileWriter(directory: run) { 1_700_000_000.5 }
      let second = try EventFileWriter(directory: run) { 1_600_000_000 }
      #expect(first.file.lastPathComponent.hasPrefix("events.out.tfevents.1700000000."))
      #expect(second.file.lastPathComponent.hasPrefix("events.out.tfevents.1700000001."))
    }
  }

  @Test("a directory that cannot be made is an error that names it")
  func unwritable() {
    let error = #expect(throws: EventFileError.self) {
      try EventFileWriter(directory: URL(fileURLWithPath: "/dev/null/run"))
    }
    #expect(error?.description.hasPrefix("/dev/null/run/events.out.tfevents.") == true)
  }
}
