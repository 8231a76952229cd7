public import Graph

/// The pairs and triplets of one central element, sorted by the elements of the neighbours.
///
/// Only second derivatives by displacements need them, since these are composed of plain
/// primitives; derivatives of forces by the weights of a model do not.
/// A feed gets them from `fill`.
public struct SymmetryFunctionIndices: Hashable, Sendable {
  /// The beginning of the placeholders' names, such as the symbol of the central element.
  public let name: String

  /// Makes the indices of a name.
  public init(_ name: String) { self.name = name }

  /// The pairs with a neighbour of an element: their places among all pairs and the row of their
  /// centre.
  func pairs(_ element: Int) -> (pair: Symbol, row: Symbol) {
    let axis = "\(name).pairs.\(element)"
    return (index(axis, "pair"), index(axis, "row"))
  }

  /// The unordered pairs of neighbours of two elements: the places of both, the row of the centre.
  func triplets(_ first: Int, _ second: Int) -> (first: Symbol, second: Symbol, row: Symbol) {
    let axis = "\(name).triplets.\(first).\(second)"
    return (index(axis, "first"), index(axis, "second"), index(axis, "row"))
  }

  private func index(_ axis: String, _ role: String) -> Symbol {
    .placeholder("\(axis).\(role)", [.named(axis)], .index)
  }

  /// Fills the placeholders that functions of `set` need.
  ///
  /// `starts`, `elements` and `centers` are what `SymmetryFunctions` gets.
  public func fill<Scalar>(
    _ feed: Feed<Scalar>, for set: SymmetryFunctionSet, starts: [Int], elements: [Int],
    centers: [Int]
  ) {
    for element in set.neighborElements {
      var (pairs, rows): ([Int], [Int]) = ([], [])
      for (row, atom) in centers.enumerated() {
        for pair in starts[atom]..<starts[atom + 1] where elements[pair] == element {
          pairs.append(pair)
          rows.append(row)
        }
      }
      let symbols = self.pairs(element)
      feed[axis: symbols.pair.shape[0]] = pairs.count
      feed.set(symbols.pair, indices: pairs)
      feed.set(symbols.row, indices: rows)
    }
    for (first, second) in set.groups.elementPairs {
      var (firsts, seconds, rows): ([Int], [Int], [Int]) = ([], [], [])
      for (row, atom) in centers.enumerated() {
        let range = starts[atom]..<starts[atom + 1]
        for j in range where elements[j] == first {
          for k in range where elements[k] == second && (first != second || k > j) {
            firsts.append(j)
            seconds.append(k)
            rows.append(row)
          }
        }
      }
      let symbols = triplets(first, second)
      feed[axis: symbols.row.shape[0]] = rows.count
      feed.set(symbols.first, indices: firsts)
      feed.set(symbols.second, indices: seconds)
      feed.set(symbols.row, indices: rows)
    }
  }
}

extension SymmetryFunctionGroups {
  /// The atomic numbers of the pairs of neighbours that angular functions depend on.
  var elementPairs: [(Int, Int)] {
    var result: [(Int, Int)] = []
    for group in angular {
      let pair = (elements[group.first], elements[group.second])
      if !result.contains(where: { $0 == pair }) { result.append(pair) }
    }
    return result
  }
}
