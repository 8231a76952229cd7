import Graph
import Tensors

/// A small message-passing model as its author would write it: species embedded by a table, two blocks
/// that gather both ends of pairs and sum to both, and vectors that a matrix mixes.
struct MessagePassingModel {
  static let atoms: Extent = "atoms"
  static let pairs: Extent = "pairs"
  static let structures: Extent = "structures"

  let channels = 5
  let functions = 3
  let cutoff = 3.0

  let positions = Symbol.placeholder("positions", [atoms, 3])
  let directions = Symbol.placeholder("directions", [atoms, 3])
  let numbers = Symbol.placeholder("numbers", [atoms], .index)
  let structureOfAtom = Symbol.placeholder("structureOfAtom", [atoms], .index)
  let first = Symbol.placeholder("first", [pairs], .index)
  let second: Symbol

  /// - Parameter statesFacts: Whether the second atom of a pair is said to be of the first one's
  ///   structure.
  init(statesFacts: Bool = true) {
    let fact = IndexFact(
      gathering: structureOfAtom, gives: structureOfAtom.gathered(by: first))
    second = .placeholder("second", [Self.pairs], .index, facts: statesFacts ? [fact] : [])
  }

  private func weights(_ name: String, _ extents: Int...) -> Symbol {
    Variable(name, extents, initializer: .uniform(bound: 0.7)).symbol
  }

  /// The energy of each structure, [structures].
  var energies: Symbol {
    let vectors = positions.gathered(by: second) - positions.gathered(by: first)
    let distances = vectors.square().sum(along: 1).squareRoot()
    let units = vectors / distances.broadcast(to: vectors.shape, axes: [0])
    let basis = self.basis(distances)
    var features = weights("embedding", 9, channels).gathered(by: numbers)
    var directed: Symbol?
    for block in 0..<2 {
      var ends = [features.gathered(by: first), features.gathered(by: second)]
      if let directed {
        ends.append(directed.gathered(by: second).contracted(with: units, over: [(1, 1)]))
      }
      let input = Symbol.concatenating(ends, axis: 1)
      let inner = weights("\(block).filter", ends.count * channels, channels * functions)
      let filters = input.matmul(inner).tanh().reshaped([
        Self.pairs, .fixed(channels), .fixed(functions),
      ])
      let messages = filters.contracted(with: basis, over: [(2, 1)])
      let incoming = messages.segmentSum(by: first, count: Self.atoms)
      let outgoing = messages.matmul(weights("\(block).back", channels, channels)).sin()
        .segmentSum(by: second, count: Self.atoms)
      let arrows = units.contracted(with: messages).segmentSum(by: first, count: Self.atoms)
      let mixed = (directed.map { $0 + arrows } ?? arrows)
        .contracted(
          with: weights("\(block).mixing", channels, channels), over: [(2, 0)], sharing: 0)
      directed = mixed
      let bias = weights("\(block).bias", channels).broadcast(to: features.shape, axes: [1])
      features =
        features + (incoming + bias).tanh() + outgoing
        + mixed.square().sum(along: 1).matmul(weights("\(block).norms", channels, channels))
    }
    return features.tanh().matmul(weights("output", channels, 1)).flattened()
      .segmentSum(by: structureOfAtom, count: Self.structures)
  }

  /// The slope of each structure's energy along its atoms' directions, [structures].
  var slopes: Symbol {
    (gradient(of: energies.sum(), by: positions) * directions).sum(along: 1)
      .segmentSum(by: structureOfAtom, count: Self.structures)
  }

  /// Gaussians under a polynomial that vanishes with its slope at the cutoff, [pairs, functions].
  private func basis(_ distances: Symbol) -> Symbol {
    let cut = (1 - (distances / cutoff).square()).square()
    return .concatenating(
      (0..<functions).map { number in
        ((-(distances - (1 + 0.5 * Double(number))).square()).exp() * cut).inserting(axis: 1)
      }, axis: 1)
  }

  /// Molecules of the species 1, 6 and 8 of different sizes, with pairs within the cutoff.
  func feed(structures: Int, seed: UInt64 = 3) -> Feed<Double> {
    var random = RandomStream(seed: seed, stream: 0)
    var (positions, numbers, structureOfAtom) = ([[Double]](), [Int](), [Int]())
    var (first, second) = ([Int](), [Int]())
    for structure in 0..<structures {
      let start = positions.count
      for atom in 0..<4 + structure % 3 {
        let site = [1.1 * Double(atom % 2), 1.2 * Double(atom / 2 % 2), 1.3 * Double(atom / 4)]
        positions.append(site.map { $0 + 0.4 * random.uniformDouble() })
        numbers.append([1, 6, 8][random.integer(below: 3)])
        structureOfAtom.append(structure)
      }
      for i in start..<positions.count {
        for j in start..<positions.count where i != j {
          let squares = zip(positions[i], positions[j]).map { ($0 - $1) * ($0 - $1) }
          if squares.reduce(0, +) < cutoff * cutoff {
            first.append(i)
            second.append(j)
          }
        }
      }
    }
    let feed = Feed<Double>()
    feed[axis: "atoms"] = positions.count
    feed[axis: "pairs"] = first.count
    feed[axis: "structures"] = structures
    feed.set(self.positions, positions.flatMap(\.self))
    feed.set(self.directions, positions.flatMap { $0.map { _ in random.uniformDouble() - 0.5 } })
    feed.set(self.numbers, indices: numbers)
    feed.set(self.structureOfAtom, indices: structureOfAtom)
    feed.set(self.first, indices: first)
    feed.set(self.second, indices: second)
    return feed
  }
}
