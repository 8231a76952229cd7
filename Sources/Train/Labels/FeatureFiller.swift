import Atomistic
import Graph
import Tensors

/// Computes the features of one structure after the other and their derivatives by positions and
/// strains; one thread uses it.
final class FeatureFiller<Scalar: RealScalar> {
  private let potential: any Potential
  private let plan: RowPlan
  private let keepsStrains: Bool
  private let workers: Workers
  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>
  private let outputs: [GroupOutputs]
  private var owners: [RowOwners] = []
  private var neighbors: [NeighborList] = []
  private var volume = 1.0

  /// The numbers of the program's outputs for one group.
  private struct GroupOutputs {
    var values: [Int]
    var derivatives: [Int?]
    var rowOfPair: Int?
  }

  /// Compiles the plan's features, which the workers compute and write.
  init(
    _ potential: any Potential, _ plan: RowPlan, keepsStrains: Bool,
    workers: Workers
  ) {
    self.potential = potential
    self.plan = plan
    self.keepsStrains = keepsStrains
    self.workers = workers
    var symbols: [Symbol] = []
    func output(_ symbol: Symbol) -> Int {
      symbols.append(symbol)
      return symbols.count - 1
    }
    outputs = plan.groups.map { group in
      GroupOutputs(
        values: group.features.map { output($0.value) },
        derivatives: group.features.map { $0.derivatives.map(output) },
        rowOfPair: group.rowOfPair.map(output))
    }
    let program = Program(symbols)
    session = Session(program, state: State(program.variables, seed: 0), workers: workers)
    inputs = StructureFeed(elements: potential.elements)
  }

  /// Computes features and derivatives of a structure, and lays them out.
  func prepare(_ structure: Structure) throws(PotentialError) -> FeatureLayout {
    do {
      neighbors = [try NeighborList(structure, cutoff: potential.cutoff, workers: workers)]
    } catch { throw .neighbors(error) }
    volume = structure.cell?.volume ?? 1
    try inputs.set([structure], neighbors: neighbors, for: potential)
    inputs.setDisplacements(neighbors)
    let feed = inputs.feed
    for group in plan.groups {
      feed.set(group.numbers, indices: 1..<feed[axis: group.sum.rows] + 1)
    }
    do { try session.run(feed) } catch { throw .feed(error) }
    owners = zip(plan.groups, outputs).map { group, outputs in
      let rows = feed[axis: group.sum.rows]
      guard let output = outputs.rowOfPair else { return RowOwners(rowCount: rows) }
      return RowOwners(
        rowCount: rows, rowOfPair: session.outputIndices(output), neighbors[0])
    }
    let indices = plan.groups.map { group in
      group.indices.map { Array(feed.indices(of: $0).elements) }
    }
    return FeatureLayout(
      atoms: structure.count, owners: owners, indices: indices, plan: plan,
      keepsStrains: keepsStrains)
  }

  /// Writes the block of the structure that was prepared last.
  func write(_ block: FeatureBlock<Scalar>) {
    let (layout, base) = (block.layout, block.base)
    writeRows(block)
    for (group, outputs) in outputs.enumerated() {
      for feature in outputs.values.indices {
        let values = session.output(outputs.values[feature])
        if let first = values.baseAddress {
          (base + layout.values[group][feature]).update(from: first, count: values.count)
        }
        if let output = outputs.derivatives[feature] {
          let slices = session.output(output)
          guard let first = slices.baseAddress else { continue }
          RowWriter(
            slices: first, neighbors: neighbors[0], owners: owners[group], layout: layout,
            group: group, feature: feature, width: plan.groups[group].features[feature].width,
            volume: keepsStrains ? volume : nil, block: base
          ).write(workers)
        } else {
          clear(group, feature, in: base, layout)
        }
      }
    }
  }

  /// Writes the row of each entry.
  private func writeRows(_ block: FeatureBlock<Scalar>) {
    for (group, owners) in owners.enumerated() {
      let starts = (0..<block.layout.atoms).map {
        block.layout.entries(moved: $0, group).lowerBound
      }
      for row in 0..<owners.rowCount {
        for place in owners.moved(by: row) {
          block.rows[starts[Int(owners.movedAtoms[place])] + owners.entry(at: place)] = Int32(row)
        }
      }
    }
  }

  /// Writes zeros for a feature that depends on no position.
  private func clear(
    _ group: Int, _ feature: Int, in block: UnsafeMutablePointer<Scalar>, _ layout: FeatureLayout
  ) {
    let width = plan.groups[group].features[feature].width
    for atom in 0..<layout.atoms {
      let count = 3 * layout.entries(moved: atom, group).count * width
      (block + layout.slab(moved: atom, group, feature)).update(repeating: 0, count: count)
    }
    guard keepsStrains else { return }
    (block + layout.strains[group][feature])
      .update(repeating: 0, count: 6 * layout.rowCounts[group] * width)
  }
}
