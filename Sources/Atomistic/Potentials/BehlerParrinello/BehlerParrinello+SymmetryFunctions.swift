public import Graph
import Layers
public import Tensors

extension BehlerParrinello {
  /// The symmetry functions of one element's atoms with lengths in angstrom.
  func symmetryFunctions(of network: Network) -> SymmetryFunctions {
    let functions = network.symmetryFunctions.map { $0.scaled(byLength: lengthUnit.inAngstrom) }
    return SymmetryFunctions(
      SymmetryFunctionSet(functions: functions, species: elements.map(\.number)),
      indices: SymmetryFunctionIndices(network.element.symbol))
  }

  /// Tells a feed what second derivatives by positions or strain run over: pairs and triplets of
  /// neighbours.
  ///
  /// Only Hessians and the like need them; energies, forces, stress and the derivatives of all of
  /// these by the weights do not. Structures and lists are those that `StructureFeed.set` got.
  public func fillSecondDerivatives<Scalar: RealScalar>(
    _ feed: Feed<Scalar>, structures: [Structure], neighbors: [NeighborList]
  ) {
    var starts = [0]
    var elements: [Int] = []
    for (structure, list) in zip(structures, neighbors) {
      let start = elements.count
      starts += list.offsets.dropFirst().map { start + $0 }
      elements += list.second.map { structure.elements[Int($0)].number }
    }
    let atoms = structures.flatMap(\.elements)
    for network in networks {
      let functions = symmetryFunctions(of: network)
      functions.indices.fill(
        feed, for: functions.set, starts: starts, elements: elements,
        centers: atoms.indices.filter { atoms[$0] == network.element })
    }
  }
}
