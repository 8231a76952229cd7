import Graph
import Layers
import Tensors

extension BehlerParrinello {
  /// The ranges of the symmetry functions of each network over structures, nil where no structure has
  /// an atom of its element.
  ///
  /// Structures are shared out among the workers, and their values are added up in the order of the
  /// structures, so that the ranges do not depend on the number of threads.
  func descriptorRanges(over data: TrainingStructures) throws -> [[DescriptorRange]?] {
    let inputs = AtomisticInputs(.unstrained)
    let program = Program(networks.map { descriptors(of: $0, inputs) })
    var statistics = networks.map { DescriptorStatistics(width: $0.symmetryFunctions.count) }
    // Values of a few structures at a time are kept until they are added.
    let chunk = 32
    for start in stride(from: 0, to: data.structures.count, by: chunk) {
      let structures = Array(data.structures[start..<min(start + chunk, data.structures.count)])
      let values = data.workers.map(structures.count) {
        (
          Session<Double>(program, state: State([], seed: 0), workers: Workers(count: 1)),
          StructureFeed<Double>(elements: elements)
        )
      } _: { context, number in
        Result { try rows(of: structures[number], context.0, context.1) }
      }
      for (number, result) in values.enumerated() {
        do {
          for (network, rows) in try result.get().enumerated() { statistics[network].add(rows) }
        } catch {
          throw SettingsError(
            "structure \(data.places[start + number]) (counted from 0): \(error)")
        }
      }
    }
    return statistics.map { $0.count > 0 ? $0.ranges : nil }
  }

  private func rows(
    of structure: Structure, _ session: Session<Double>, _ inputs: StructureFeed<Double>
  ) throws -> [[Double]] {
    let list = try NeighborList(structure, cutoff: cutoff)
    try inputs.set([structure], neighbors: [list])
    try session.run(inputs.feed)
    return networks.indices.map { Array(session.output($0)) }
  }
}
