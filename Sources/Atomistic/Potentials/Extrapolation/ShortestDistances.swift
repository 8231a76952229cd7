import Graph
import Layers
import Tensors

/// The shortest distance between atoms of each two elements in the training structures, in angstrom.
///
/// A model whose features are learnt has no ranges of its own; where atoms come closer than any did in
/// training, its energies mean little.
public struct ShortestDistances: Codable, Hashable, Sendable {
  /// The distances by the symbols of both elements, such as `H-O`.
  private var distances: [String: Double]

  /// Finds the distances up to a cutoff.
  ///
  /// Throws `NeighborListError` where atoms overlap or a structure has too many pairs.
  public init(_ data: TrainingStructures, cutoff: Double) throws {
    let found = data.workers.map(data.structures.count, with: {}) { _, number in
      Result { try Self.distances(in: data.structures[number], cutoff: cutoff) }
    }
    distances = try found.reduce(into: [:]) { all, result in
      all.merge(try result.get(), uniquingKeysWith: min)
    }
  }

  private static func distances(
    in structure: Structure, cutoff: Double
  ) throws -> [String: Double] {
    let list = try NeighborList(structure, cutoff: cutoff)
    var result: [String: Double] = [:]
    for pair in 0..<list.count {
      let ends = (
        structure.elements[Int(list.first[pair])], structure.elements[Int(list.second[pair])]
      )
      guard ends.0 <= ends.1 else { continue }
      let key = key(ends.0, ends.1)
      result[key] = min(result[key] ?? .infinity, list.distance[pair])
    }
    return result
  }

  private static func key(_ first: Element, _ second: Element) -> String {
    "\(first.symbol)-\(second.symbol)"
  }

  /// A range of distances of each two elements that came as near as the cutoff in training.
  func trainingRanges(
    _ inputs: AtomisticInputs, elements: [Element], cutoff: Double
  ) -> [TrainingRange] {
    let distances = inputs.displacements.norm(along: 1).minimum(cutoff)
    /// 1 where the atom at an end of a pair is of an element, else 0, [pairs].
    func isOf(_ element: Element, at end: Symbol) -> Symbol {
      ElementTable(
        Dictionary(uniqueKeysWithValues: elements.map { ($0.number, [$0 == element ? 1 : 0]) }))(
          inputs.elements
        ).reshaped([AtomisticInputs.atoms]).gathered(by: end)
    }
    return elements.flatMap { first in
      elements.filter { first <= $0 }.compactMap { second -> TrainingRange? in
        guard let shortest = self.distances[Self.key(first, second)] else { return nil }
        let isMet = isOf(first, at: inputs.first) * isOf(second, at: inputs.second)
        // Pairs of other elements lie in the range.
        let values = isMet * distances + (1 - isMet) * cutoff
        return TrainingRange(
          quantity: "distance to \(second.symbol)",
          values: values.reshaped([AtomisticInputs.pairs, 1]), atoms: inputs.first,
          ranges: [shortest...max(cutoff, shortest)])
      }
    }
  }
}
