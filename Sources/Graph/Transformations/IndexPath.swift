/// An index as a chain of gathers, `i₁[i₂[… iₙ]]`, in a form in which equal chains look equal.
///
/// The empty path is 0, 1, 2, …. Where the indices state facts, the path follows them, so two ways from
/// pairs to structures, by the pairs' first and second atoms, are one path.
struct IndexPath: Sendable {
  private(set) var steps: [Symbol] = []

  private init(steps: [Symbol]) { self.steps = steps }

  /// Takes an index of shape [rows] apart.
  init(_ index: Symbol) {
    var (outer, rest) = (index, [IndexPath]())
    while let gather = outer.primitive as? Gather, gather.axis == 0, outer.operands[0].rank == 1 {
      rest.append(IndexPath(outer.operands[1]))
      outer = outer.operands[0]
    }
    if !(outer.primitive is Iota) { steps = [outer] }
    for path in rest.reversed() { self = appending(path) }
  }

  /// The path `self[next]`, shortened by the facts that the steps of `next` state.
  func appending(_ next: IndexPath) -> IndexPath {
    var result = self
    for step in next.steps {
      let fact = step.node.remarks.facts.first { result.ends(with: $0.partition) }
      if let fact {
        result.steps.removeLast(fact.partition.steps.count)
        result = result.appending(fact.result)
      } else {
        result.steps.append(step)
      }
    }
    return result
  }

  /// The paths `t` with `t[index] = self`, by which rows that are summed by `index` keep together.
  func dividing(by index: IndexPath) -> IndexPath? {
    let prefixes = (0...steps.count).reversed().map { IndexPath(steps: Array(steps[..<$0])) }
    let facts = index.steps.first?.node.remarks.facts ?? []
    let candidates =
      prefixes + prefixes.flatMap { prefix in facts.map { prefix.appending($0.partition) } }
    return candidates.first { $0.appending(index) == self }
  }

  private func ends(with other: IndexPath) -> Bool {
    steps.count >= other.steps.count
      && IndexPath(steps: steps.suffix(other.steps.count)) == other
  }

  /// The index of shape [count] that the path describes.
  func symbol(count: Extent) -> Symbol {
    guard let first = steps.first else { return .indices(below: count) }
    return steps.dropFirst().reduce(first) { $0.gathered(by: $1) }
  }
}

extension IndexPath: Equatable {
  static func == (left: IndexPath, right: IndexPath) -> Bool {
    left.steps.count == right.steps.count
      && zip(left.steps, right.steps).allSatisfy { $0.isSameExpression(as: $1) }
  }
}
