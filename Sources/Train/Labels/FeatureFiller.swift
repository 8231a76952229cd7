import Atomistic
import Graph
import Tensors

/// Computes the features of one structure after the other and their derivatives by positions and
/// strains; one thread uses it.
final class FeatureFiller<Scalar: RealScalar> {
  private let potential: any Potential
  private let plan: RowPlan
  private let keepsStrains: Bool
  private let session: Session<Scalar>
  private let inputs: StructureFeed<Scalar>
  private let outputs: [GroupOutputs]
  private var owners: [RowOwners] = []
  private var neighbors: [NeighborList] = []
  private var volume = 1.0
  /// The derivatives of one row by the displacements of its pairs, [pairs, 3, width].
  private let derivatives = Buffer<Scalar>()
  /// The derivatives of one row by the positions of the atoms that move it, [atoms, 3, width].
  private let sums = Buffer<Scalar>()
  /// The place of each atom among those that move the present row.
  private var places: [Int32] = []

  /// The numbers of the program's outputs for one group.
  private struct GroupOutputs {
    var values: [Int]
    var derivatives: [Int?]
    var rowOfPair: Int?
  }

  /// Compiles the plan's features, which the workers compute.
  init(
    _ potential: any Potential, _ plan: RowPlan, keepsStrains: Bool,
    workers: Workers
  ) {
    self.potential = potential
    self.plan = plan
    self.keepsStrains = keepsStrains
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
    do { neighbors = [try NeighborList(structure, cutoff: potential.cutoff)] } catch {
      throw .neighbors(error)
    }
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
    places = [Int32](repeating: -1, count: layout.atoms)
    for (group, outputs) in outputs.enumerated() {
      for feature in outputs.values.indices {
        let values = session.output(outputs.values[feature])
        if let first = values.baseAddress {
          (base + layout.values[group][feature]).update(from: first, count: values.count)
        }
        if let output = outputs.derivatives[feature] {
          write(session.output(output), of: group, feature, into: base, layout)
        } else {
          clear(group, feature, in: base, layout)
        }
      }
    }
  }

  /// Writes the row of each entry.
  private func writeRows(_ block: FeatureBlock<Scalar>) {
    for (group, owners) in owners.enumerated() {
      var cursor = (0..<block.layout.atoms).map {
        block.layout.entries(moved: $0, group).lowerBound
      }
      for row in 0..<owners.rowCount {
        for place in owners.moved(by: row) {
          let atom = Int(owners.movedAtoms[place])
          block.rows[cursor[atom]] = Int32(row)
          cursor[atom] += 1
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

  /// Writes the derivatives of one feature from those by the displacements, [width, pairs, 3].
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func write(
    _ slices: UnsafeBufferPointer<Scalar>, of group: Int, _ feature: Int,
    into block: UnsafeMutablePointer<Scalar>, _ layout: FeatureLayout
  ) {
    guard let slices = slices.baseAddress else { return }
    let (list, owners) = (neighbors[0], owners[group])
    let width = plan.groups[group].features[feature].width
    let slice = 3 * list.count
    var cursor = [Int](repeating: 0, count: layout.atoms)
    for row in 0..<layout.rowCounts[group] {
      let (pairs, moved) = (owners.pairs(of: row), owners.moved(by: row))
      derivatives.resize(to: 3 * pairs.count * width)
      sums.resize(to: 3 * moved.count * width)
      transpose(slices, slice: slice, owners.pairs[pairs], width: width, into: derivatives.base)
      sums.base.update(repeating: 0, count: sums.count)
      for place in moved { places[Int(owners.movedAtoms[place])] = Int32(place - moved.lowerBound) }
      var derivative = derivatives.base
      for pair in owners.pairs[pairs] {
        let (first, second) = (list.first[Int(pair)], list.second[Int(pair)])
        // The ends of a pair between images of one atom move together.
        if first != second {
          let (start, end) = (Int(places[Int(first)]), Int(places[Int(second)]))
          addDifference(
            derivative, to: sums.base + 3 * end * width, takingFrom: sums.base + 3 * start * width,
            count: 3 * width)
        }
        derivative += 3 * width
      }
      for place in moved {
        let atom = Int(owners.movedAtoms[place])
        let slab = block + layout.slab(moved: atom, group, feature)
        let entries = layout.entries(moved: atom, group).count
        let source = sums.base + 3 * (place - moved.lowerBound) * width
        for axis in 0..<3 {
          (slab + (axis * entries + cursor[atom]) * width)
            .update(from: source + axis * width, count: width)
        }
        cursor[atom] += 1
      }
      if keepsStrains {
        writeStrains(
          owners.pairs[pairs], width: width,
          into: block + layout.strains[group][feature] + 6 * row * width)
      }
    }
  }

  /// Writes the derivatives of one row by the strains over the volume, [6, width].
  private func writeStrains(
    _ pairs: ArraySlice<Int32>, width: Int, into target: UnsafeMutablePointer<Scalar>
  ) {
    target.update(repeating: 0, count: 6 * width)
    var derivative = derivatives.base
    for pair in pairs {
      let vector = neighbors[0].displacement[Int(pair)] / volume
      for (component, place) in Property.voigt.enumerated() {
        let factor = Scalar(vector[place.column])
        let source = derivative + place.row * width
        for column in 0..<width { target[component * width + column] += factor * source[column] }
      }
      derivative += 3 * width
    }
  }
}

/// `result[p, a, c] = slices[c, pairs[p], a]`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func transpose<Scalar: RealScalar>(
  _ slices: UnsafePointer<Scalar>, slice: Int, _ pairs: ArraySlice<Int32>, width: Int,
  into result: UnsafeMutablePointer<Scalar>
) {
  for column in 0..<width {
    var target = result + column
    for pair in pairs {
      let source = slices + column * slice + 3 * Int(pair)
      target[0] = source[0]
      target[width] = source[1]
      target[2 * width] = source[2]
      target += 3 * width
    }
  }
}

/// Adds numbers in one place and takes them from another.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func addDifference<Scalar: RealScalar>(
  _ numbers: UnsafePointer<Scalar>, to end: UnsafeMutablePointer<Scalar>,
  takingFrom start: UnsafeMutablePointer<Scalar>, count: Int
) {
  for index in 0..<count {
    end[index] += numbers[index]
    start[index] -= numbers[index]
  }
}
