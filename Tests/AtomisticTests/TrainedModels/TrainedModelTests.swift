import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Model directories")
struct TrainedModelTests {
  static let model = ModelFixtures.threeElements
  static let kinds = ModelFixtures.kinds

  @Test("what is read is what was written, and gives the same bits")
  func roundTrip() throws {
    let model = Self.model
    try withTemporaryDirectory { (directory: URL) throws -> Void in
      let folder = directory.appendingPathComponent("new/folder")
      try model.save(to: folder)
      let read = try TrainedModel.load(folder, kinds: Self.kinds)
      #expect(read.isEqual(to: model))
      try sameBits(model, read, Double.self)
      try sameBits(model, read, Float.self)
      try read.save(to: directory)
      let name = TrainedModel.fileName
      let first = try Data(contentsOf: folder.appendingPathComponent(name))
      let second = try Data(contentsOf: directory.appendingPathComponent(name))
      #expect(first == second)
    }
  }

  private func sameBits<Scalar: RealScalar>(
    _ first: TrainedModel, _ second: TrainedModel, _: Scalar.Type
  ) throws {
    let old = try first.calculator(Scalar.self)(ModelFixtures.crystal)
    let new = try second.calculator(Scalar.self)(ModelFixtures.crystal)
    #expect(old == new)
  }

  @Test("the flat buffer of a state is the model's parameters")
  func state() {
    let model = Self.model
    let state = model.state(Double.self)
    withExtendedLifetime(state) {
      #expect(Array(state.parameters.elements) == model.parameters)
      #expect(TrainedModel(model.potential, state: state, seed: 5).isEqual(to: model))
    }
    let inputs = AtomisticInputs()
    let met = Symbol.parameters(of: [model.network.energies(inputs)])
    #expect(Set(met) == Set(model.network.variables))
  }

  @Test("a file of a kind with messages gives the model back")
  func messages() throws {
    let model = ModelFixtures.randomized(MessagePassing.threeElements)
    try withTemporaryDirectory { directory in
      try model.save(to: directory)
      let read = try TrainedModel.load(directory, kinds: Self.kinds)
      #expect(read.potential as? MessagePassing == MessagePassing.threeElements)
      #expect(read.weights == model.weights && read.seed == model.seed)
      try sameBits(model, read, Double.self)
    }
  }

  @Test(
    "a damaged file is refused with the name of the key",
    arguments: ["format", "kind", "units", "elements", "model", "seed", "O.hidden2.weights"])
  func faults(key: String) throws {
    try withTemporaryDirectory { directory in
      let url = directory.appendingPathComponent(TrainedModel.fileName)
      try Self.model.save(to: directory)
      let intact = try SafeTensors(contentsOf: url)
      let replacements: [String?] = [nil, "nonsense"]
      for replacement in replacements where replacement != nil || key != "seed" {
        var file = intact
        if intact.metadata[key] != nil {
          file.metadata[key] = replacement
        } else {
          file.tensors[key] = replacement.map { _ in Tensor([1, .nan], shape: [2]) }
        }
        try file.write(to: url)
        let error = #expect(throws: ModelFileError.self) {
          try TrainedModel.load(directory, kinds: Self.kinds)
        }
        #expect(error?.key == key)
        #expect(error?.file == url.path)
      }
    }
  }

  @Test("the seed may be missing")
  func withoutSeed() throws {
    try withTemporaryDirectory { directory in
      let model = TrainedModel(Self.model.potential, weights: Self.model.weights)
      try model.save(to: directory)
      #expect(try TrainedModel.load(directory, kinds: Self.kinds).isEqual(to: model))
    }
  }

  @Test("a kind that is not known is refused with those that are, and the way to add one")
  func unknownKind() throws {
    try withTemporaryDirectory { directory in
      try ModelFixtures.randomized(MessagePassing.threeElements).save(to: directory)
      let error = #expect(throws: ModelFileError.self) {
        try TrainedModel.load(directory, kinds: [ModelKind(BehlerParrinello.self)])
      }
      #expect(error?.key == "kind")
      let sentence = try #require(error).description
      #expect(sentence.contains("one of the models behlerParrinello"))
      #expect(sentence.contains("'messages'"))
      #expect(sentence.contains("a package adds a model of its own to the catalogue of its tool"))
    }
  }

  @Test(
    "a potential that its kind refuses is named with the place",
    arguments: [
      ("\"energyFactor\":0.7", "\"energyFactor\":\"a\"", "energyFactor"),
      ("\"hiddenNodes\":[5,4]", "\"hiddenNodes\":[5]", "hiddenNodes"),
      ("\"hiddenNodes\":[5,4]", "\"hiddenNodes\":[0,4]", "hiddenNodes"),
      ("\"element\":\"H\"", "\"element\":\"O\"", "networks"),
      ("\"energyFactor\":0.7", "\"energyFactor\":0", "energyFactor"),
      ("\"radius\":3.9", "\"radius\":0", "radius"),
      ("\"innerFraction\":0", "\"innerFraction\":1", "innerFraction"),
      ("\"innerFraction\":0", "\"innerFraction\":-1", "innerFraction"),
      ("\"neighbor\":1,", "\"neighbor\":0,", "neighbor"),
      ("\"neighbor\":1,", "\"neighbor\":1000000000000000,", "neighbor"),
      ("\"secondNeighbor\":8", "\"secondNeighbor\":119", "secondNeighbor"),
      ("\"eta\":0.4", "\"eta\":-1", "eta"),
      ("\"zeta\":2", "\"zeta\":0", "zeta"),
      ("\"zeta\":2", "\"zeta\":1e19", "zeta"),
    ])
  func refusedPotential(part: String, other: String, place: String) throws {
    try withTemporaryDirectory { directory in
      let url = directory.appendingPathComponent(TrainedModel.fileName)
      try Self.model.save(to: directory)
      var file = try SafeTensors(contentsOf: url)
      let text = try #require(file.metadata["model"])
      try #require(text.contains(part))
      file.metadata["model"] = text.replacingOccurrences(of: part, with: other)
      try file.write(to: url)
      let error = #expect(throws: ModelFileError.self) {
        try TrainedModel.load(directory, kinds: Self.kinds)
      }
      #expect(error?.key == "model" && error?.description.contains(place) == true)
    }
  }

  @Test("a file with one wrong bit is refused, whichever it is")
  func bits() throws {
    try withTemporaryDirectory { directory in
      try Self.model.save(to: directory)
      let file = directory.appendingPathComponent(TrainedModel.fileName)
      try forEachWrongBit(of: file, seed: 11) { bit in
        #expect(throws: (any Error).self, "bit \(bit)") {
          try TrainedModel.load(directory, kinds: Self.kinds)
        }
      }
    }
  }

  @Test("a file of the format before needs no checksum, one of the present does")
  func formats() throws {
    try withTemporaryDirectory { directory in
      try Self.model.save(to: directory)
      let file = directory.appendingPathComponent(TrainedModel.fileName)
      let whole = try Data(contentsOf: file)
      func rename(_ old: String, _ new: String, in bytes: Data) throws -> Data {
        var bytes = bytes
        let place = try #require(bytes.range(of: Data(old.utf8)))
        bytes.replaceSubrange(place, with: Data(new.utf8))
        return bytes
      }
      let bare = try rename("\"checksum\"", "\"checkSum\"", in: whole)
      try bare.write(to: file)
      let error = #expect(throws: ModelFileError.self) {
        try TrainedModel.load(directory, kinds: Self.kinds)
      }
      #expect(error?.key == "checksum")
      try rename("\"format\":\"3\"", "\"format\":\"2\"", in: bare).write(to: file)
      #expect(try TrainedModel.load(directory, kinds: Self.kinds).isEqual(to: Self.model))
    }
  }

  @Test("a weight that is not a number and an unknown tensor are refused")
  func strangers() throws {
    try withTemporaryDirectory { directory in
      let url = directory.appendingPathComponent(TrainedModel.fileName)
      try Self.model.save(to: directory)
      let intact = try SafeTensors(contentsOf: url)
      var file = intact
      file.tensors["N.hidden1.weights"] = Tensor([1], shape: [1])
      try file.write(to: url)
      let stranger = #expect(throws: ModelFileError.self) {
        try TrainedModel.load(directory, kinds: Self.kinds)
      }
      #expect(stranger?.key == "N.hidden1.weights")
      file = intact
      file.tensors["H.output.bias"] = Tensor([.infinity], shape: [1])
      try file.write(to: url)
      let error = #expect(throws: ModelFileError.self) {
        try TrainedModel.load(directory, kinds: Self.kinds)
      }
      #expect(error?.key == "H.output.bias")
    }
  }

  @Test("n2p2's files and back give the same model")
  func exported() throws {
    let model = Self.model
    let potential = model.network.n2p2Potential(parameters: model.parameters)
    let exported = TrainedModel(potential)
    let (old, new) = (model.calculator(Double.self), exported.calculator(Double.self))
    let labels = (try old(ModelFixtures.crystal), try new(ModelFixtures.crystal))
    #expect(abs(labels.0.energy! - labels.1.energy!) < 1e-10)
    #expect(zip(labels.0.forces!, labels.1.forces!).allSatisfy { ($0 - $1).length < 1e-10 })
  }
}
