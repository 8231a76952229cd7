import Atomistic
import Foundation
import Layers
import TestSupport
import Testing

@Suite("Scaling and weights of n2p2")
struct N2P2FilesTests {
  @Test("a potential survives being written and read, number for number")
  func roundTrip() throws {
    let potential = try N2P2Fixture.potential()
    try withTemporaryDirectory { folder in
      try potential.write(to: folder)
      let again = try N2P2Potential(directory: folder)
      #expect(again.elements == potential.elements)
      #expect(again.scaling == potential.scaling)
      #expect(again.normalization == potential.normalization)
      #expect(again.energyRange == -25.6 ... -25.4)
      #expect(again.otherSettings.map(\.values) == [["0.01"]])

      try FileManager.default.removeItem(at: folder.appending(path: "weights.008.data"))
      let error = #expect(throws: FormatError.self) { try N2P2Potential(directory: folder) }
      #expect(error?.file == "weights.008.data")
    }
  }

  @Test("weights are row-major by input, biases follow, layer by layer")
  func weightOrder() throws {
    let text = (1...9).map { "\($0)" }.joined(separator: "\n")
    let weights = try N2P2Weights(parsing: text, layerSizes: [2, 2, 1], file: "w")
    #expect(
      weights.layers == [
        N2P2Weights.Layer(inputs: 2, outputs: 2, weights: [1, 2, 3, 4], biases: [5, 6]),
        N2P2Weights.Layer(inputs: 2, outputs: 1, weights: [7, 8], biases: [9]),
      ])
    let lines = weights.text.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines[3].dropFirst() == ["a", "3", "0", "2", "1", "1"])
    #expect(lines[6].dropFirst() == ["b", "6", "1", "2"])
    #expect(try N2P2Weights(parsing: weights.text, layerSizes: [2, 2, 1], file: "w") == weights)
  }

  @Test("weights in another order or number are refused")
  func weightFaults() throws {
    let weights = try N2P2Fixture.potential().elements[1].weights
    let sizes = [2, 3, 2, 1]
    var lines = weights.text.split(separator: "\n").map(String.init)
    #expect(throws: FormatError.self) {
      try N2P2Weights(parsing: weights.text, layerSizes: [3, 3, 2, 1], file: "w")
    }
    lines.swapAt(2, 3)
    let error = #expect(throws: FormatError.self) {
      try N2P2Weights(parsing: lines.joined(separator: "\n"), layerSizes: sizes, file: "w")
    }
    #expect(error?.line == 3)
    #expect(error?.expected == "the connection a 0 1 1 2")
  }

  @Test("scaling keeps order, sigma and energies")
  func scaling() throws {
    let scaling = try N2P2Scaling(parsing: N2P2Fixture.scaling, counts: [3, 2])
    #expect(scaling.ranges[1][0].sigma == 0.1)
    #expect(scaling.energyRange == -25.6 ... -25.4)
    #expect(try N2P2Scaling(parsing: scaling.text, counts: [3, 2]) == scaling)
    let withoutSigma = try N2P2Scaling(parsing: "1 1 0 1 0.5", counts: [1])
    #expect(withoutSigma.ranges == [[DescriptorRange(minimum: 0, maximum: 1, mean: 0.5)]])
    #expect(withoutSigma.energyRange == nil)
  }

  @Test(
    "faults of scaling files are told with their line",
    arguments: [
      ("1 2 0.25", "1 3 0.25", Int?(3)), ("1 2 0.25 1.5", "1 2 0.25 0.2", 3),
      ("1 2 0.25", "1 2 x", 3), ("0.4 0.1", "0.4 -0.1", 5), ("0.4 0.1", "", 5),
      ("-25.6 -25.4", "-25.4 -25.6", 7), ("-25.6 -25.4", "3 1 0 1 0", 7),
      ("2 2 0.0 0.2 0.1 0.05\n-25.6 -25.4", "", nil),
    ])
  func scalingFault(old: String, new: String, line: Int?) throws {
    let text = N2P2Fixture.scaling.replacing(old, with: new)
    #expect(text != N2P2Fixture.scaling)
    let error = #expect(throws: FormatError.self) {
      try N2P2Scaling(parsing: text, counts: [3, 2])
    }
    #expect(error?.line == line)
  }

  @Test("the format refuses what it cannot hold")
  func unsupported() throws {
    var settings = try N2P2Settings(parsing: N2P2Fixture.settings)
    settings.elements[0].symmetryFunctions.append(
      .radial(RadialSymmetryFunction(neighbor: 1, eta: 1, cutoff: Cutoff(.cosine, radius: 12))))
    #expect(throws: FormatError.self) { try settings.text() }
  }

  @Test("damaged files are errors or other potentials, never a crash", arguments: 1...40)
  func fuzz(seed: Int) throws {
    var state = UInt64(seed)
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(1, bound)))
    }
    func damaged(_ text: String) -> String {
      var bytes = Array(text.utf8)
      for _ in 0...random(6) {
        let place = random(bytes.count)
        switch random(5) {
        case 0: bytes.removeLast(random(bytes.count - 1))
        case 1: bytes.insert(UInt8(random(256)), at: place)
        case 2: bytes[place] = Array("0123456789-+.eE #!\nHO".utf8)[random(21)]
        case 3: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(random(60)), at: random(place))
        }
        if bytes.isEmpty { bytes = [10] }
      }
      return String(decoding: bytes, as: UTF8.self)
    }
    for _ in 0..<25 {
      if let settings = try? N2P2Settings(parsing: damaged(N2P2Fixture.settings)) {
        _ = try? settings.text()
      }
      _ = try? N2P2Scaling(parsing: damaged(N2P2Fixture.scaling), counts: [3, 2])
      _ = try? N2P2Weights(
        parsing: damaged(N2P2Fixture.weights(atomicNumber: 8)), layerSizes: [2, 3, 2, 1], file: "w")
    }
  }
}
