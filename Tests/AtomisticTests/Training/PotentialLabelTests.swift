import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Labels of cached structures")
struct PotentialLabelTests {
  /// Energy and forces, an energy alone, forces alone, nothing.
  static let structures: [Structure] = {
    var result = [
      ModelFixtures.waterBox, ModelFixtures.molecule, ModelFixtures.crystal,
      ModelFixtures.waterMolecule,
    ]
    for number in [0, 2] {
      result[number].labels.forces = result[number].positions.map { $0 * 0.2 - 0.1 }
    }
    return result
  }()
  static let energies: [Double?] = [0.75, -1.5, nil, nil]
  static let members = [3, 2, 1, 0]

  let cached: CachedModel
  let labels: PotentialLabels<Double>

  init() throws {
    cached = try CachedModel(CachedModel.threeElements, Self.structures)
    labels = PotentialLabels(
      Self.structures, energies: Self.energies, of: Self.members, cache: cached.cache)
  }

  @Test("structures without a label are left out")
  func missing() {
    #expect(labels.energies == [1, 0])
    #expect(labels.forceCount == 3 * (5 + 6))
    let none = PotentialLabels(
      Self.structures, energies: Self.energies, of: [3], cache: cached.cache)
    #expect(none.energies.isEmpty && none.forceCount == 0)
  }

  @Test("each force component knows its structure, atom and axis")
  func places() {
    let expected = [2, 0].flatMap { structure in
      (0..<Self.structures[structure].count).flatMap { atom in
        (0..<3).map { [structure, atom, $0] }
      }
    }
    let found = (0..<labels.forceCount).map { label in
      let place = labels.place(ofForce: label)
      return [place.structure, place.atom, place.axis]
    }
    #expect(found == expected)
  }

  @Test("errors are the predictions less the labels, in any order of labels")
  func errors() throws {
    let predictions = cached.predictions
    let networks = cached.model.network.elementNetworks
    let feed = Feed<Double>()
    labels.fillEnergies(feed, labels: [1, 0])
    let energies = try run(PotentialErrors.energy(networks), feed)
    let expected = [0, 1].map { predictions($0).energy - Self.energies[$0]! }
    #expect(largestDifference(energies, expected) < 1e-12)

    let chosen = [32, 0, 14, 15, 0]
    labels.fillForces(feed, labels: chosen)
    let forces = try run(PotentialErrors.force(networks), feed)
    let wanted = chosen.map { label in
      let (structure, atom, axis) = labels.place(ofForce: label)
      return predictions(structure).forces[atom][axis]
        - Self.structures[structure].labels.forces![atom][axis]
    }
    #expect(largestDifference(forces, wanted) < 1e-12)
  }

  @Test("metrics are over what has labels")
  func metrics() {
    let predictions = cached.predictions
    let all = predictions.metrics(
      of: Self.members, structures: Self.structures, energies: Self.energies)
    #expect(all.energy?.count == 2 && all.force?.count == 33)
    let error = predictions(1).energy - Self.energies[1]!
    let one = predictions.metrics(
      of: [1, 3], structures: Self.structures, energies: Self.energies)
    #expect(one.energy == ErrorSummary([error / 6]) && one.force == nil)
  }

  @Test("a summary of errors")
  func summary() {
    let summary = ErrorSummary([3, -4, 0, 1])
    #expect(abs(summary.rmse - 6.5.squareRoot()) < 1e-15)
    #expect(summary.mae == 2 && summary.max == 4 && summary.count == 4)
    let empty = ErrorSummary([Double]())
    #expect(empty.rmse == 0 && empty.mae == 0 && empty.max == 0 && empty.count == 0)
  }

  @Test(
    "an error that is not a number is not lost",
    arguments: [[1, Double.nan], [Double.nan, 1]])
  func notNumbers(errors: [Double]) {
    let summary = ErrorSummary(errors)
    #expect(summary.rmse.isNaN && summary.mae.isNaN && summary.max.isNaN && summary.count == 2)
  }

  private func run(_ output: Symbol, _ feed: Feed<Double>) throws -> [Double] {
    let session = Session(
      Program([output]), state: cached.model.state(Double.self), workers: Workers(count: 1))
    try session.run(feed)
    return Array(session.output(0))
  }
}
