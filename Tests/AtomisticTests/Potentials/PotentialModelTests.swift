import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Model directories")
struct PotentialModelTests {
  static var model: PotentialModel {
    let network = ModelFixtures.network
    return PotentialModel(network, state: State<Double>(network.variables, seed: 5), seed: 5)
  }

  @Test("what is read is what was written, and gives the same bits")
  func roundTrip() throws {
    let model = Self.model
    try withTemporaryDirectory { (directory: URL) throws -> Void in
      let folder = directory.appendingPathComponent("new/folder")
      try model.save(to: folder)
      let read = try PotentialModel.load(folder)
      #expect(read == model)
      try sameBits(model, read, Double.self)
      try sameBits(model, read, Float.self)
      try read.save(to: directory)
      let name = PotentialModel.fileName
      let first = try Data(contentsOf: folder.appendingPathComponent(name))
      let second = try Data(contentsOf: directory.appendingPathComponent(name))
      #expect(first == second)
    }
  }

  private func sameBits<Scalar: RealScalar>(
    _ first: PotentialModel, _ second: PotentialModel, _: Scalar.Type
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
      #expect(PotentialModel(model.network, state: state, seed: 5) == model)
    }
    let inputs = AtomisticInputs()
    let met = Symbol.parameters(of: [model.network.energies(inputs)])
    #expect(Set(met) == Set(model.network.variables))
  }

  @Test(
    "a damaged file is refused with the name of the key",
    arguments: [
      "format", "model", "units", "elements", "scaling", "energyFactor", "descriptorLengthUnit",
      "H.network", "C.ranges", "O.hidden2.weights", "O.energyOffset",
    ])
  func faults(key: String) throws {
    try withTemporaryDirectory { directory in
      let url = directory.appendingPathComponent(PotentialModel.fileName)
      try Self.model.save(to: directory)
      let intact = try SafeTensors(contentsOf: url)
      let replacements: [String?] = [nil, "nonsense"]
      for replacement in replacements {
        var file = intact
        if intact.metadata[key] != nil {
          file.metadata[key] = replacement
        } else {
          file.tensors[key] = replacement.map { _ in Tensor([1, .nan], shape: [2]) }
        }
        try file.write(to: url)
        let error = #expect(throws: ModelFileError.self) { try PotentialModel.load(directory) }
        #expect(error?.key == key)
        #expect(error?.file == url.path)
      }
    }
  }

  @Test("a weight that is not a number and a tensor nobody asked for are refused")
  func strangers() throws {
    try withTemporaryDirectory { directory in
      let url = directory.appendingPathComponent(PotentialModel.fileName)
      try Self.model.save(to: directory)
      let intact = try SafeTensors(contentsOf: url)
      var file = intact
      file.tensors["N.hidden1.weights"] = Tensor([1], shape: [1])
      try file.write(to: url)
      let stranger = #expect(throws: ModelFileError.self) { try PotentialModel.load(directory) }
      #expect(stranger?.key == "N.hidden1.weights")
      file = intact
      file.tensors["H.output.bias"] = Tensor([.infinity], shape: [1])
      try file.write(to: url)
      let error = #expect(throws: ModelFileError.self) { try PotentialModel.load(directory) }
      #expect(error?.key == "H.output.bias")
    }
  }

  @Test("n2p2's files and back give the same model")
  func exported() throws {
    let model = Self.model
    let exported = PotentialModel(model.n2p2Potential())
    let (old, new) = (model.calculator(Double.self), exported.calculator(Double.self))
    let labels = (try old(ModelFixtures.crystal), try new(ModelFixtures.crystal))
    #expect(abs(labels.0.energy! - labels.1.energy!) < 1e-10)
    #expect(zip(labels.0.forces!, labels.1.forces!).allSatisfy { ($0 - $1).length < 1e-10 })
  }

  @Test("values outside of the ranges are found, with a tolerance")
  func extrapolation() {
    let own = ModelFixtures.network.networks[0]
    let middle = own.ranges.map { ($0.minimum + $0.maximum) / 2 }
    var row = middle
    row[3] = own.ranges[3].maximum + 0.25 * (own.ranges[3].maximum - own.ranges[3].minimum)
    row[0] = own.ranges[0].maximum * (1 + 1e-9)
    let found = own.extrapolations(in: middle + row, atoms: [4, 7])
    #expect(found.map(\.atom) == [7] && found.map(\.function) == [3])
    #expect(abs(found[0].distance - 0.25) < 1e-12)
  }
}
