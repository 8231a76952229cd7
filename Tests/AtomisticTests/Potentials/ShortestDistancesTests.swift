import Foundation
import Graph
import Layers
import Tensors
import Testing

@testable import Atomistic

@Suite("Message-passing models watch the shortest distances")
struct ShortestDistancesTests {
  private static func water(stretched bond: Double) -> Structure {
    Structure(
      elements: [.oxygen, .hydrogen, .hydrogen],
      positions: [[0, 0, 0], [bond, 0, 0], [-0.3, 0.95, 0]])
  }

  private static func models() throws -> [any TrainablePotential] {
    let data = TrainingStructures(
      [water(stretched: 1), water(stretched: 0.9)], reference: ReferenceEnergies([:]),
      workers: Workers(count: 2))
    return [try PiNet(PiNetSettings(), data), try PiNet2(PiNet2.Settings(), data)]
  }

  @Test("a bond shorter than any in training is named, with both elements", arguments: 0..<2)
  func short(number: Int) throws {
    let model = try Self.models()[number]
    let watch = try #require(ExtrapolationWatch(model))
    let calculator = Calculator<Double>(model, observing: watch.observables)
    var count = ExtrapolationCount()
    for (bond, expected) in [(0.95, 0), (0.9, 0), (0.8, 3)] {
      let structure = Self.water(stretched: bond)
      try calculator.evaluate(structure)
      let found = watch.add(structure, by: calculator, to: &count)
      // The hydrogen is too near to the oxygen, and both hydrogens to each other.
      #expect(found.count == expected, "\(bond): \(found)")
      for outside in found {
        #expect(
          outside.description.hasPrefix("atom \(outside.atom) (H, counted from 0): distance to "),
          "\(outside)")
        #expect(outside.description.contains("below"))
      }
    }
    #expect(count.summary.contains("of distance to "), "\(count.summary)")
  }

  @Test("they are kept with the model, and files without them watch nothing")
  func coding() throws {
    func copy<Model: TrainablePotential>(_ model: Model) throws -> Model {
      try StrictJSON.copy(model)
    }
    for model in try Self.models() {
      #expect(ExtrapolationWatch(try copy(model)) != nil)
    }
    #expect(ExtrapolationWatch(try PiNet(elements: [.oxygen])) == nil)
  }
}

extension StrictJSON {
  /// What is read of a written value.
  fileprivate static func copy<Value: Codable>(_ value: Value) throws -> Value {
    try StrictJSON(Data(text(of: value).utf8), source: "copy").decode(Value.self)
  }
}
