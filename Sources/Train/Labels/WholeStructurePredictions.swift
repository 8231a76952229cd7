import Atomistic
import Graph
import Tensors

/// Predicts properties of structures from their coordinates.
final class WholeStructurePredictions<Scalar: RealScalar>: PropertyPredictions {
  private let properties: [Property]
  private let structures: [Structure]
  private let potential: any Potential
  private let neighbors: NeighborLists
  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>

  /// Compiles the properties on a state that holds the weights.
  init(
    _ properties: [Property], _ structures: [Structure], _ potential: any Potential,
    _ neighbors: NeighborLists, _ state: State<Scalar>, workers: Workers
  ) {
    self.properties = properties
    self.structures = structures
    self.potential = potential
    self.neighbors = neighbors
    let values = properties.map { WholeStructureGraphs.values($0, of: potential) }
    session = Session(Program(values), state: state, workers: workers)
    inputs = StructureFeed(elements: potential.elements)
  }

  func values(of structure: Int) -> [[Double]] {
    WholeStructureGraphs.set(
      inputs, [structures[structure]], [neighbors.list(of: structure)], of: potential)
    do { try session.run(inputs.feed) } catch {
      trap("WholeStructurePredictions: \(error)")
    }
    return properties.indices.map { session.output($0).map(Double.init) }
  }
}
