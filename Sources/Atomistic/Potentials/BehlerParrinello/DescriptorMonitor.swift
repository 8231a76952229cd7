import Graph
public import Tensors

/// The descriptors of structures, and which of them lie outside of what a model was trained on.
public final class DescriptorMonitor<Scalar: RealScalar> {
  /// The model.
  public let model: BehlerParrinello

  /// The unscaled descriptors of the last structure: for each network, its atoms' rows.
  public private(set) var descriptors: [[[Double]]] = []

  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>

  /// Compiles the model's descriptors.
  public init(_ model: BehlerParrinello, workers: Workers = Workers(count: 1)) {
    self.model = model
    let symbols = AtomisticInputs()
    let program = Program(model.networks.map { model.descriptors(of: $0, symbols) })
    session = Session(program, state: State([], seed: 0), workers: workers)
    inputs = StructureFeed(elements: model.elements)
  }

  /// Computes the descriptors of a structure's atoms.
  public func evaluate(_ structure: Structure) throws(PotentialError) {
    let list: NeighborList
    do { list = try NeighborList(structure, cutoff: model.cutoff) } catch {
      throw .neighbors(error)
    }
    try inputs.set([structure], neighbors: [list])
    do { try session.run(inputs.feed) } catch { throw .feed(error) }
    descriptors = model.networks.indices.map { number in
      let values = session.output(number)
      let width = model.networks[number].symmetryFunctions.count
      return stride(from: 0, to: values.count, by: width).map { start in
        values[start..<start + width].map { Double($0) }
      }
    }
  }

  /// Finds the descriptors of a structure that lie outside of the model's ranges.
  ///
  /// - Parameters:
  ///   - structure: The structure.
  ///   - tolerance: The part of a range's width, and of the size of its ends, by which a value may
  ///     pass an end.
  /// - Returns: The values outside, element by element.
  /// - Throws: A `PotentialError` where the model does not fit the structure.
  public func extrapolations(
    of structure: Structure, tolerance: Double = 1e-6
  ) throws(PotentialError) -> [Extrapolation] {
    try evaluate(structure)
    return zip(model.networks, descriptors).flatMap { network, rows in
      let atoms = structure.elements.indices.filter { structure.elements[$0] == network.element }
      return network.extrapolations(in: Array(rows.joined()), atoms: atoms, tolerance: tolerance)
    }
  }
}
