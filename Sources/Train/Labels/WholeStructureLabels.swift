import Atomistic
import Graph
import Tensors

/// Labels that bring their whole structure: coordinates and neighbours.
///
/// A label of more than one value is a combination along a direction, so a batch of labels is one
/// value of each structure, and the rows of different labels stay apart as structures:
///
///     energy   E            force   -∂E/∂x · v            stress   (1/V) ∂E/∂ε · v
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

  // MARK: - Graphs

  /// The values of all carriers of a property, [carriers, components].
  static func values(_ property: Property, of potential: any Potential) -> Symbol {
    switch property.definition {
    case .energy: return potential.energies(AtomisticInputs(.unstrained)).inserting(axis: 1)
    case .force: return potential.forces(AtomisticInputs(.unstrained))
    case .stress:
      let inputs = AtomisticInputs(.strainedByStructure)
      let slopes = gradient(of: potential.energies(inputs).sum(), by: inputs.strain)
      let count = AtomisticInputs.structures
      let components = Property.voigt.map { place in
        slopes.slice(.fixed(place.row), count: 1, axis: 1)
          .slice(.fixed(place.column), count: 1, axis: 2).reshaped([count])
      }
      let volumes = inverseVolumes.broadcast(to: [count, 6], axes: [0])
      return .stacking(components, axis: 1) * volumes
    case .own:
      let inputs = AtomisticInputs(.unstrained)
      guard let values = potential.values(of: property, inputs) else {
        trap("\(type(of: potential)) has no values of the property '\(property.name)'")
      }
      return values
    }
  }

  /// One over the volume of each structure.
  private static var inverseVolumes: Symbol {
    .placeholder("structure.inverseVolume", [AtomisticInputs.structures])
  }

  private func direction(_ term: Int, _ shape: Shape) -> Symbol {
    .placeholder("\(context.tables[term].property.name).direction", shape)
  }

  func errors(of term: Int) -> Symbol {
    let property = context.tables[term].property
    let values = Self.values(property, of: potential)
    if case .energy = property.definition { return context.errors(of: values.flattened()) }
    let parts = (values * direction(term, values.shape)).sum(along: 1)
    guard property.carrier == .atom else { return context.errors(of: parts) }
    let structureOfAtom = AtomisticInputs(.unstrained).structureOfAtom
    return context.errors(
      of: parts.segmentSum(by: structureOfAtom, count: AtomisticInputs.structures))
  }

  func wholeErrors(of term: Int) -> Symbol {
    context.wholeErrors(
      of: Self.values(context.tables[term].property, of: potential).flattened(), term)
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

  /// Sets coordinates and neighbours of structures, which fitted the potential before.
  static func set(
    _ inputs: StructureFeed<Scalar>, _ structures: [Structure], _ lists: [NeighborList],
    of potential: any Potential
  ) {
    do {
      try inputs.set(structures, neighbors: lists)
      try potential.complete(inputs.feed, structures: structures, neighbors: lists)
    } catch { trap("a structure that fitted the potential before does not now: \(error)") }
    inputs.setStrains(structures.count)
    let volumes = inputs.feed.values(of: inverseVolumes)
    volumes.resize(to: structures.count)
    for (number, structure) in structures.enumerated() {
      volumes.base[number] = Scalar(1 / (structure.cell?.volume ?? 1))
    }
  }

  func fill(_ feed: Feed<Scalar>, term: Int, labels: [Int]) {
    context.fill(feed, term: term, labels: labels)
    let table = context.tables[term]
    let places = labels.map(table.place)
    let structures = places.map { context.structures[$0.structure] }
    Self.set(
      inputs(of: feed), structures, places.map { neighbors.list(of: $0.structure) }, of: potential)
    if case .energy = table.property.definition { return }
    let components = Extent.fixed(table.property.components)
    let carriers =
      table.property.carrier == .atom ? AtomisticInputs.atoms : AtomisticInputs.structures
    let direction = feed.values(of: direction(term, [carriers, components]))
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
    Self.set(
      inputs(of: feed), structures.map { context.structures[$0] },
      structures.map(neighbors.list), of: potential)
  }
}
