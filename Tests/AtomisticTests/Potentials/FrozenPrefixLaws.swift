import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@Suite("The frozen prefix of every potential")
struct FrozenPrefixLaws {
  let inputs = AtomisticInputs()

  /// The parts of a potential's energies, fed with a structure.
  struct Parts {
    let prefix: FrozenPrefix
    let whole: Symbol
    let filler: StructureFeed<Double>
    let state: State<Double>

    init(_ example: PotentialCase, _ inputs: AtomisticInputs) throws {
      let (potential, structure) = (example.potential, example.structure)
      whole = potential.energies(inputs)
      prefix = FrozenPrefix(of: [whole])
      filler = StructureFeed(elements: potential.elements)
      let lists = [try NeighborList(structure, cutoff: potential.cutoff)]
      try filler.set([structure], neighbors: lists)
      try potential.complete(filler.feed, structures: [structure], neighbors: lists)
      state = State(Symbol.parameters(of: [whole]), seed: 3)
    }

    func run(_ outputs: [Symbol]) throws -> [[Double]] {
      let session = Session(Program(outputs), state: state, workers: Workers(count: 1))
      try session.run(filler.feed)
      return outputs.indices.map { session.tensor($0).doubles }
    }

    /// Gives the features to the rest.
    func feedFeatures() throws {
      let values = try run(prefix.features.map(\.value))
      for (feature, values) in zip(prefix.features, values) {
        filler.feed.set(feature.placeholder, values)
      }
    }
  }

  @Test("prefix and rest give the energies of the whole", arguments: PotentialCase.catalog)
  func values(of example: PotentialCase) throws {
    let parts = try Parts(example, inputs)
    let expected = try parts.run([parts.whole])[0]
    #expect(parts.prefix.features.allSatisfy { Symbol.parameters(of: [$0.value]).isEmpty })
    try parts.feedFeatures()
    // The features hold all that the rest needs of positions, which it does not read itself.
    #expect(!parts.prefix.features.contains { $0.placeholder == inputs.positions })
    let found = try parts.run(parts.prefix.rest)[0]
    #expect(expected.contains { abs($0) > 1e-3 })
    for (value, wanted) in zip(found, expected) {
      #expect(abs(value - wanted) <= 1e-13 * abs(wanted))
    }
  }

  @Test(
    "derivatives along random directions are the gradient's contraction",
    arguments: PotentialCase.catalog)
  func derivatives(of example: PotentialCase) throws {
    let parts = try Parts(example, inputs)
    var random = RandomStream(seed: 8)
    let sources = [inputs.positions, inputs.strain]
    let directions = ["positions", "strain"].enumerated().map { number, name in
      Symbol.placeholder("\(name).direction", sources[number].shape)
    }
    let slopes = gradient(of: parts.whole.sum(), by: sources)
    let expected = zip(slopes, directions).map { ($0 * $1).sum() }
    let tangents = parts.prefix.tangents(by: sources, along: directions)
    let derivative = parts.prefix.derivative(of: parts.prefix.rest[0].sum(), along: tangents)
    try parts.feedFeatures()
    for _ in 0..<3 {
      for direction in directions {
        let count = direction.rank == 2 && direction.shape[0] == 3 ? 9 : 3 * example.structure.count
        parts.filler.feed.set(direction, (0..<count).map { _ in random.normal() })
      }
      let wanted = try parts.run(expected).reduce(0) { $0 + $1[0] }
      let found = try parts.run([derivative])[0][0]
      #expect(abs(wanted) > 1e-3)
      #expect(abs(found - wanted) <= 1e-12 * (1 + abs(wanted)), "\(found) \(wanted)")
    }
  }
}
