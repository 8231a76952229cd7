import Atomistic
import Graph
import Tensors

/// The values of labels as graphs over whole structures: coordinates and neighbours.
///
/// A label of a property of more than one value is a combination along a direction, so a batch of
/// labels is one value of each structure, and the rows of different labels stay apart as structures:
///
///     energy   E            force   -∂E/∂x · v            stress   (1/V) ∂E/∂ε · v
enum WholeStructureGraphs {
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
      let expected = direction(of: property).type
      ensure(
        values.type == expected,
        "\(type(of: potential)): the values of '\(property.name)' should be \(expected), not "
          + "\(values.type)")
      return values
    }
  }

  /// One value of each structure, along the property's direction.
  static func labels(_ property: Property, of potential: any Potential) -> Symbol {
    let values = values(property, of: potential)
    if case .energy = property.definition { return values.flattened() }
    let parts = (values * direction(of: property)).sum(along: 1)
    guard property.carrier == .atom else { return parts }
    return parts.segmentSum(
      by: AtomisticInputs(.unstrained).structureOfAtom, count: AtomisticInputs.structures)
  }

  /// The placeholder of the combination of values that a label is.
  static func direction(of property: Property) -> Symbol {
    let carriers = property.carrier == .atom ? AtomisticInputs.atoms : AtomisticInputs.structures
    return .placeholder("\(property.name).direction", [carriers, .fixed(property.components)])
  }

  /// One over the volume of each structure.
  private static var inverseVolumes: Symbol {
    .placeholder("structure.inverseVolume", [AtomisticInputs.structures])
  }

  /// Sets coordinates and neighbours of structures, which fitted the potential before.
  static func set<Scalar: RealScalar>(
    _ inputs: StructureFeed<Scalar>, _ structures: [Structure], _ lists: [NeighborList],
    of potential: any Potential
  ) {
    do {
      try inputs.set(structures, neighbors: lists, for: potential)
    } catch { trap("a structure that fitted the potential before does not now: \(error)") }
    inputs.setStrains(structures.count)
    let volumes = inputs.feed.values(of: inverseVolumes)
    volumes.resize(to: structures.count)
    for (number, structure) in structures.enumerated() {
      volumes.base[number] = Scalar(1 / (structure.cell?.volume ?? 1))
    }
  }
}
