import Graph
import Tensors

/// Some of the listed pairs, each of which stands for its mirror image too.
///
/// A neighbour list holds (i, j, s) and (j, i, -s). Interactions that are the same both ways are
/// computed for one of the two and shared by both atoms.
struct PairSelection: Hashable, Sendable {
  /// The name of the placeholder and its axis.
  let name: String

  /// The places of the pairs among all pairs, [selected].
  var index: Symbol { .placeholder(name, [.named(name)], .index) }

  /// The vectors of the selected pairs in angstrom, [selected, 3].
  func displacements(_ inputs: AtomisticInputs) -> Symbol {
    inputs.displacements(ofPairs: index)
  }

  /// The distances of the selected pairs in angstrom, at most `limit`, [selected].
  ///
  /// An energy that vanishes with its slope at the limit vanishes beyond it, too.
  func distances(_ inputs: AtomisticInputs, atMost limit: Double) -> Symbol {
    displacements(inputs).square().sum(along: 1).squareRoot().minimum(limit)
  }

  /// The energies of pairs, half to each of their atoms, [atoms].
  func shared(_ energies: Symbol, _ inputs: AtomisticInputs) -> Symbol {
    let half = energies * 0.5
    return half.segmentSum(by: inputs.first.gathered(by: index), count: AtomisticInputs.atoms)
      + half.segmentSum(by: inputs.second.gathered(by: index), count: AtomisticInputs.atoms)
  }

  /// Selects pairs of structures whose pairs are numbered through.
  func fill<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, _ neighbors: [NeighborList],
    where isSelected: (_ structure: Int, _ pair: Int) -> Bool
  ) {
    let buffer = feed.indices(of: index)
    buffer.resize(to: 0)
    var start = 0
    for (structure, list) in neighbors.enumerated() {
      for pair in 0..<list.count where list.isLeading(pair) && isSelected(structure, pair) {
        buffer.append(Int32(start + pair))
      }
      start += list.count
    }
    feed[axis: .named(name)] = buffer.count
  }
}

extension NeighborList {
  /// Whether a pair is the one of itself and its mirror image that comes first.
  func isLeading(_ pair: Int) -> Bool {
    if first[pair] != second[pair] { return first[pair] < second[pair] }
    let shift = shift[pair]
    return (shift.x, shift.y, shift.z) > (0, 0, 0)
  }
}
