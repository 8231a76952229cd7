import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite("Safetensors files keep what is written")
struct SafeTensorsRoundTrip {
  static let example = SafeTensors(
    tensors: [
      "weights": Tensor(
        [1, -0.0, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity], shape: [2, 3]),
      "kernel \"é\\\n𝄞": Tensor(.float32([0.1, -.infinity]), shape: [2]),
      "species": Tensor(.int32([.min, 0, 8, .max]), shape: [2, 2]),
      "scalar": Tensor([42], shape: []),
      "empty": Tensor(.float32([]), shape: [3, 0]),
    ],
    metadata: ["units": "eV, Å", "": "quote \" tab \t null \u{0}"])

  @Test("every type, shape, name and text comes back")
  func roundTrip() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("model.safetensors")
      try Self.example.write(to: file)
      #expect(try SafeTensors(contentsOf: file) == Self.example)
      try Self.example.write(to: file)  // replaces the file
      let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(names == ["model.safetensors"])
    }
  }

  @Test("bits of numbers that are not equal to themselves come back")
  func notANumber() throws {
    let patterns: [UInt64] = [0x7FF8_0000_0000_0001, 0xFFF8_1234_5678_9ABC, 0x8000_0000_0000_0000]
    let file = SafeTensors(tensors: [
      "x": Tensor(patterns.map(Double.init(bitPattern:)), shape: [3])
    ])
    let read = try SafeTensors(bytes: file.bytes)
    #expect(try #require(read.tensors["x"]).doubles.map(\.bitPattern) == patterns)
  }

  @Test("the bytes do not depend on the order of insertion, and are aligned")
  func deterministic() throws {
    var reversed = SafeTensors()
    for (key, value) in Self.example.metadata.sorted(by: { $0.key > $1.key }) {
      reversed.metadata[key] = value
    }
    for (key, value) in Self.example.tensors.sorted(by: { $0.key > $1.key }) {
      reversed.tensors[key] = value
    }
    #expect(reversed.bytes == Self.example.bytes)
    let small = SafeTensors(tensors: ["a": Tensor([1], shape: [1])])
    let text = String(decoding: small.bytes.dropFirst(8).dropLast(8), as: UTF8.self)
    let metadata = #""__metadata__":{"checksum":"\#(small.contentChecksum)"}"#
    #expect(
      text.trimmingCharacters(in: [" "])
        == #"{\#(metadata),"a":{"data_offsets":[0,8],"dtype":"F64","shape":[1]}}"#)
    #expect(text.utf8.count % 8 == 0)
  }

  @Test("nothing is a file too")
  func nothing() throws {
    let file = SafeTensors()
    #expect(file.bytes.count % 8 == 0)
    let read = try SafeTensors(bytes: file.bytes)
    #expect(read == file && read.checksum == file.contentChecksum)
  }

  @Test("a place that cannot be written or read is an error that names it")
  func unreachable() throws {
    let file = URL(fileURLWithPath: "/nonexistent/model.safetensors")
    #expect(throws: SafeTensorsError.self) { try Self.example.write(to: file) }
    let error = #expect(throws: SafeTensorsError.self) { try SafeTensors(contentsOf: file) }
    #expect(error?.description.hasPrefix("/nonexistent/model.safetensors: ") == true)
  }
}

@Suite("Safetensors files are exchanged with Python")
struct SafeTensorsPython {
  static let python = PythonEnvironment(importing: "safetensors.numpy")

  @Test(
    "Python reads our file and we read its",
    .enabled(if: python != nil, "Python with the package safetensors is not installed."))
  func exchange() throws {
    let python = try #require(Self.python)
    try withTemporaryDirectory { directory in
      let ours = directory.appendingPathComponent("ours.safetensors")
      let theirs = directory.appendingPathComponent("theirs.safetensors")
      try SafeTensorsRoundTrip.example.write(to: ours)
      let output = try python.run(
        """
        import sys, numpy
        from safetensors import safe_open
        from safetensors.numpy import load_file, save_file
        read = load_file(sys.argv[1])
        with safe_open(sys.argv[1], framework="numpy") as file:
            metadata = file.metadata()
        assert metadata["units"] == "eV, \\u00c5", metadata
        assert read["weights"].dtype == numpy.float64 and read["weights"].shape == (2, 3)
        assert read["weights"][0, 2] == numpy.pi and read["scalar"] == 42
        assert read["empty"].shape == (3, 0)
        save_file(read, sys.argv[2], metadata)
        print(sum(a.size for a in read.values()))
        """, ours.path, theirs.path)
      #expect(output == "13\n")
      #expect(try SafeTensors(contentsOf: theirs) == SafeTensorsRoundTrip.example)
    }
  }

  @Test(
    "types that we do not read are refused by name",
    .enabled(if: python != nil, "Python with the package safetensors is not installed."),
    arguments: ["int64", "uint8", "bool", "float16"])
  func refused(type: String) throws {
    let python = try #require(Self.python)
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("theirs.safetensors")
      _ = try python.run(
        """
        import sys, numpy
        from safetensors.numpy import save_file
        save_file({"step": numpy.ones(3, sys.argv[2])}, sys.argv[1])
        """, file.path, type)
      let error = #expect(throws: SafeTensorsError.self) { try SafeTensors(contentsOf: file) }
      guard case .unsupportedType("step", _) = error?.fault else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
