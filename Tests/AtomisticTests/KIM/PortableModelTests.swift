import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Portable models of the KIM API")
struct PortableModelTests {
  private static let kinds = [ModelKind(BehlerParrinello.self)]

  private static func model() -> TrainedModel {
    let count = ModelFixtures.network.variables.reduce(0) { $0 + $1.count }
    return TrainedModel(
      ModelFixtures.network, parameters: (0..<count).map { 0.01 * Double($0 % 17) - 0.05 })
  }

  @Test("what was written is read, with the choices of the driver")
  func roundTrip() throws {
    try withTemporaryDirectory { folder in
      let place = folder.appendingPathComponent("Water_1")
      var portable = PortableModel(Self.model())
      portable.options.precision = .float32
      try portable.save(to: place)
      let read = try PortableModel(contentsOf: place, kinds: Self.kinds)
      #expect(read.model.parameters == portable.model.parameters)
      #expect(read.options == portable.options)
      try FileManager.default.removeItem(at: place.appendingPathComponent("driver.json"))
      let plain = try PortableModel(contentsOf: place, kinds: Self.kinds)
      #expect(plain.options == PortableModel.Options())
    }
  }

  @Test("a choice that the driver does not know is refused")
  func unknownOption() throws {
    try withTemporaryDirectory { folder in
      let place = folder.appendingPathComponent("Water")
      try PortableModel(Self.model()).save(to: place)
      let file = place.appendingPathComponent("driver.json")
      try Data("{ precisoin: \"float32\" }".utf8).write(to: file)
      #expect {
        try PortableModel(contentsOf: place, kinds: Self.kinds)
      } throws: {
        "\($0)".contains("precision")
      }
    }
  }

  @Test(
    "a folder whose name cannot be that of a model is refused",
    arguments: ["water-ekf", "1water", "wasser.1", "wässer"])
  func name(_ name: String) throws {
    try withTemporaryDirectory { folder in
      #expect(throws: ModelFileError.self) {
        try PortableModel(Self.model()).save(to: folder.appendingPathComponent(name))
      }
    }
  }
}
