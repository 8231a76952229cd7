import Atomistic
import Graph
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Wrong potentials")
struct PotentialCheckTests {
  /// A pair energy `r⁻⁶`, whole or cut off.
  struct Attraction: Potential {
    var isCut: Bool
    let elements: [Element] = [.hydrogen, .carbon, .oxygen]
    let cutoff = 3.0

    func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
      let squares = inputs.displacements.square().sum(along: 1)
      var energies = -(1 / (squares * squares * squares))
      if isCut { energies = energies * Cutoff(.polynomial2, radius: cutoff)(squares.squareRoot()) }
      return energies.segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
    }
  }

  /// An energy of each pair.
  struct EnergiesOfPairs: Potential {
    let elements: [Element] = [.hydrogen]
    let cutoff = 3.0

    func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol { inputs.displacements.sum(along: 1) }
  }

  /// Two layers of one name.
  struct Twice: Potential {
    let elements: [Element] = [.hydrogen]
    let cutoff = 3.0

    func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
      let layers = (0..<2).map { _ in Dense("layer", inputs: 3, outputs: 3) }
      return layers.reduce(inputs.positions) { $1($0) }.sum(along: 1)
    }
  }

  @Test("energy beyond the cutoff is refused with the first structure", arguments: [0, 0.5, 2])
  func beyondCutoff(skin: Double) throws {
    let wrong = Calculator<Double>(Attraction(isCut: false), skin: skin)
    let error = #expect(throws: PotentialError.self) { try wrong(ModelFixtures.crystal) }
    guard case .beyondCutoff(let change, cutoff: 3, skin: max(0.5, skin)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(change > 0.01)
    #expect(error!.description.contains("beyond the potential's cutoff of 3.0 angstrom"))
    #expect(error!.description.contains("multiply what a pair adds by a function that vanishes"))
    #expect(throws: error!) { try wrong(ModelFixtures.crystal) }
    let right = Calculator<Double>(Attraction(isCut: true), skin: skin)
    #expect(try right(ModelFixtures.crystal).energy! < -0.1)
    #expect(right.listCount == 1)
  }

  @Test("round-off of single precision is no energy", arguments: PotentialCase.catalog)
  func singlePrecision(of example: PotentialCase) throws {
    let calculator = Calculator<Float>(example.potential, skin: 1.3)
    for structure in [example.structure, ModelFixtures.permuted(example.structure)] {
      #expect(try calculator(structure).energy!.isFinite)
    }
    #expect(throws: PotentialError.self) {
      try Calculator<Float>(Attraction(isCut: false))(ModelFixtures.crystal)
    }
  }

  @Test("energies of another shape end the process with the type")
  func shape() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Calculator<Double>(EnergiesOfPairs())
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("EnergiesOfPairs.atomicEnergies should give real[atoms]"))
    #expect(text.contains("but gives real[pairs]"))
  }

  @Test("separate variables of one name end the process with the name")
  func duplicates() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Calculator<Double>(Twice())
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("separate variables of one name: layer.weights, layer.bias"))
  }

  @Test("a network makes each of its layers once within a graph")
  func networks() {
    for potential in [ModelFixtures.network, MessagePassing.threeElements] as [any Potential] {
      let inputs = AtomisticInputs()
      let outputs = [potential.atomicEnergies(inputs), potential.forces(inputs)]
      #expect(Symbol.duplicateVariables(of: [outputs[0]]).isEmpty)
      #expect(Symbol.duplicateVariables(of: [outputs[1]]).isEmpty)
    }
  }
}
