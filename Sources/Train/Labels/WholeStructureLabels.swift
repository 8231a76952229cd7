import Atomistic
import Graph
import Tensors

/// Fills in labels that bring their whole structure, see `WholeStructureGraphs`.
final class WholeStructureLabels<Scalar: RealScalar>: LabelPlan {
  private let context: LabelContext
  private let potential: any Potential
  private let neighbors: NeighborLists
  /// The structures' inputs for each feed that has been filled.
  private var feeds: [StructureFeed<Scalar>] = []

  /// Lays out labels of structures whose neighbours are listed.
  init(_ context: LabelContext, _ potential: any Potential, _ neighbors: NeighborLists) {
    self.context = context
    self.potential = potential
    self.neighbors = neighbors
  }

  func predictions(_ state: State<Scalar>, workers: Workers) -> any PropertyPredictions {
    WholeStructurePredictions(
      context.tables.map(\.property), context.structures, potential, neighbors, state,
      workers: workers)
  }

  // MARK: - Filling

  private func inputs(of feed: Feed<Scalar>) -> StructureFeed<Scalar> {
    if let known = feeds.first(where: { $0.feed === feed }) { return known }
    let new = StructureFeed(elements: potential.elements, feed: feed)
    feeds.append(new)
    return new
  }

  func fill(_ feed: Feed<Scalar>, term: Int, labels: [Int]) {
    context.fill(context.buffers(of: feed), term: term, labels: labels)
    let table = context.tables[term]
    let places = labels.map(table.place)
    let structures = places.map { context.structures[$0.structure] }
    WholeStructureGraphs.set(
      inputs(of: feed), structures, places.map { neighbors.list(of: $0.structure) }, of: potential)
    if case .energy = table.property.definition { return }
    let direction = feed.values(of: WholeStructureGraphs.direction(of: table.property))
    direction.resize(to: structures.reduce(0) { $0 + table.property.count(of: $1) })
    direction.base.update(repeating: 0, count: direction.count)
    var start = 0
    for (place, structure) in zip(places, structures) {
      direction.base[start + place.value] = 1
      start += table.property.count(of: structure)
    }
  }

  func fill(_ feed: Feed<Scalar>, structures: [Int]) {
    for term in context.tables.indices {
      context.fillWhole(feed, structures: structures, term: term)
    }
    WholeStructureGraphs.set(
      inputs(of: feed), structures.map { context.structures[$0] },
      structures.map(neighbors.list), of: potential)
  }
}
