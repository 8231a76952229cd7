import Atomistic
import Foundation
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Model files of version 0.1.0")
struct FormerFileTests {
  static let model = ModelFixtures.threeElements
  static let kinds = ModelFixtures.kinds

  /// The part of a network that was text.
  private struct Layout: Encodable {
    var symmetryFunctions: [SymmetryFunction]
    var hiddenNodes: [Int]
    var hiddenActivations: [Activation]
  }

  /// A file as version 0.1.0 wrote it: ranges and offsets as tensors, layers as metadata.
  static func file(_ model: TrainedModel) throws -> SafeTensors {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    let network = model.network
    var file = SafeTensors()
    file.tensors = model.weights
    for own in network.networks {
      let ranges = own.ranges.flatMap { [$0.minimum, $0.maximum, $0.mean, $0.sigma ?? .nan] }
      file.tensors["\(own.element).ranges"] = Tensor(ranges, shape: [own.ranges.count, 4])
      file.tensors["\(own.element).energyOffset"] = Tensor([own.energyOffset], shape: [])
      file.metadata["\(own.element).network"] = try json(
        Layout(
          symmetryFunctions: own.symmetryFunctions, hiddenNodes: own.hiddenNodes,
          hiddenActivations: own.hiddenActivations))
    }
    file.metadata["format"] = "1"
    file.metadata["program"] = "AtomFlow 1.0"
    file.metadata["model"] = "BehlerParrinello"
    file.metadata["elements"] = network.elements.map(\.symbol).joined(separator: " ")
    file.metadata["descriptorLengthUnit"] = network.lengthUnit.rawValue
    file.metadata["units"] = "eV, angstrom"
    file.metadata["fileUnits"] = try json(network.fileUnits)
    file.metadata["energyFactor"] = "\(network.energyFactor)"
    file.metadata["scaling"] = try json(network.scaling)
    file.metadata["seed"] = model.seed.map(String.init)
    return file
  }

  private func read(_ file: SafeTensors, in directory: URL) throws -> TrainedModel {
    try file.write(to: directory.appendingPathComponent(TrainedModel.fileName))
    return try TrainedModel.load(directory, kinds: Self.kinds)
  }

  private func withoutScaling() -> TrainedModel {
    var network = Self.model.network
    network.scaling = .none
    for number in network.networks.indices { network.networks[number].ranges = [] }
    return TrainedModel(network, weights: Self.model.weights, seed: 7)
  }

  @Test("give the model that was written, in the present format from then on")
  func reading() throws {
    try withTemporaryDirectory { directory in
      for model in [Self.model, ModelFixtures.water, withoutScaling()] {
        let read = try read(Self.file(model), in: directory)
        #expect(read.isEqual(to: model))
        let (old, new): (Labels, Labels) = (
          try model.calculator(Double.self)(ModelFixtures.waterBox),
          try read.calculator(Double.self)(ModelFixtures.waterBox)
        )
        #expect(old == new)
        try read.save(to: directory)
        let again = try TrainedModel.load(directory, kinds: Self.kinds)
        #expect(again.isEqual(to: model))
      }
    }
  }

  @Test("a file without a seed gives a model without one")
  func withoutSeed() throws {
    try withTemporaryDirectory { directory in
      var file = try Self.file(Self.model)
      file.metadata["seed"] = nil
      #expect(try read(file, in: directory).seed == nil)
    }
  }

  @Test(
    "a damaged one is refused with the name of the key",
    arguments: [
      "units", "elements", "scaling", "energyFactor", "descriptorLengthUnit", "fileUnits",
      "H.network", "C.ranges", "O.hidden2.weights", "O.energyOffset",
    ])
  func faults(key: String) throws {
    try withTemporaryDirectory { directory in
      let intact = try Self.file(Self.model)
      let path = directory.appendingPathComponent(TrainedModel.fileName).path
      let replacements: [String?] = [nil, "nonsense"]
      for replacement in replacements {
        var file = intact
        if intact.metadata[key] != nil {
          file.metadata[key] = replacement
        } else {
          file.tensors[key] = replacement.map { _ in Tensor([1, .nan], shape: [2]) }
        }
        let error = #expect(throws: ModelFileError.self) { try read(file, in: directory) }
        #expect(error?.key == key && error?.file == path)
      }
    }
  }

  @Test(
    "ranges that are none are refused with their row",
    arguments: [[1, 0, 0.5, 0.1], [0, 1, 0.5, -1], [0, .infinity, 0.5, 1], [.nan, 1, 0.5, 1]])
  func ranges(row: [Double]) throws {
    try withTemporaryDirectory { directory in
      var file = try Self.file(Self.model)
      var numbers = try #require(file.tensors["C.ranges"]).doubles
      numbers.replaceSubrange(8..<12, with: row)
      file.tensors["C.ranges"] = Tensor(numbers, shape: [numbers.count / 4, 4])
      let error = #expect(throws: ModelFileError.self) { try read(file, in: directory) }
      #expect(error?.key == "C.ranges" && error?.found.hasSuffix("in row 2") == true)
    }
  }

  @Test("another kind of model under that format is refused")
  func otherKind() throws {
    try withTemporaryDirectory { directory in
      var file = try Self.file(Self.model)
      file.metadata["model"] = "SchNet"
      let error = #expect(throws: ModelFileError.self) { try read(file, in: directory) }
      #expect(error?.key == "format" && error?.found == "'1'")
    }
  }
}
