import Atomistic
import Graph
import Tensors

/// Predicts properties of structures from cached features: one pass for energies and slopes, and a
/// contraction of the slopes with the stored derivatives.
final class RowPredictions<Scalar: RealScalar>: PropertyPredictions {
  private let properties: [Property]
  private let structures: [Structure]
  private let plan: RowPlan
  private let reader: FeatureCache<Scalar>.Reader
  private let session: Session<Scalar>
  private let feed = Feed<Scalar>()

  /// Compiles energies and slopes on a state that holds the weights.
  init(
    _ properties: [Property], _ structures: [Structure], _ plan: RowPlan,
    _ reader: FeatureCache<Scalar>.Reader, _ state: State<Scalar>, workers: Workers
  ) {
    self.properties = properties
    self.structures = structures
    self.plan = plan
    self.reader = reader
    let energies = plan.groups.map { $0.sum.value.sum() }
    let slopes = zip(energies, plan.groups).flatMap { energy, group in
      gradient(of: energy, by: group.features.map(\.placeholder))
    }
    session = Session(Program(energies + slopes), state: state, workers: workers)
  }

  func values(of structure: Int) -> [[Double]] {
    let block = reader.block(of: structure)
    for (number, group) in plan.groups.enumerated() {
      let rows = block.layout.rowCounts[number]
      for (place, feature) in group.features.enumerated() {
        let values = feed.values(of: feature.placeholder)
        values.resize(to: 0)
        values.append(
          contentsOf: UnsafeBufferPointer(
            start: block.base + block.layout.values[number][place], count: rows * feature.width))
      }
      for (place, index) in group.indices.enumerated() {
        feed.set(index, indices: block.layout.indices[number][place].map(Int.init))
      }
      feed[axis: group.sum.rows] = rows
    }
    do { try session.run(feed) } catch { trap("RowPredictions: \(error)") }
    return properties.map { property in
      switch property.definition {
      case .energy:
        return [plan.groups.indices.reduce(0.0) { $0 + Double(session.output($1)[0]) }]
      case .force: return forces(block)
      case .stress: return stress(block)
      case .own: return []
      }
    }
  }

  /// The forces on all atoms, atom by atom.
  private func forces(_ block: FeatureBlock<Scalar>) -> [Double] {
    let layout = block.layout
    var forces = [Double](repeating: 0, count: 3 * layout.atoms)
    forEachFeature { group, feature, slopes, width in
      for atom in 0..<layout.atoms {
        let entries = layout.entries(moved: atom, group)
        let slab = block.base + layout.slab(moved: atom, group, feature)
        for axis in 0..<3 {
          forces[3 * atom + axis] -= contract(
            slab + axis * entries.count * width, slopes, block.rows, entries, width: width)
        }
      }
    }
    return forces
  }

  /// The six components of the stress.
  private func stress(_ block: FeatureBlock<Scalar>) -> [Double] {
    var stress = [Double](repeating: 0, count: 6)
    forEachFeature { group, feature, slopes, width in
      let strains = block.base + block.layout.strains[group][feature]
      for row in 0..<block.layout.rowCounts[group] {
        for component in 0..<6 {
          for column in 0..<width {
            stress[component] +=
              Double(slopes[row * width + column])
              * Double(strains[(6 * row + component) * width + column])
          }
        }
      }
    }
    return stress
  }

  private func forEachFeature(
    _ body: (_ group: Int, _ feature: Int, _ slopes: UnsafePointer<Scalar>, _ width: Int) -> Void
  ) {
    var output = plan.groups.count
    for (number, group) in plan.groups.enumerated() {
      for (place, feature) in group.features.enumerated() {
        if let slopes = session.output(output).baseAddress {
          body(number, place, slopes, feature.width)
        }
        output += 1
      }
    }
  }
}

/// `Σ_e Σ_f derivatives[e, f] slopes[rows[e], f]`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func contract<Scalar: RealScalar>(
  _ derivatives: UnsafePointer<Scalar>, _ slopes: UnsafePointer<Scalar>,
  _ rows: UnsafePointer<Int32>, _ entries: Range<Int>, width: Int
) -> Double {
  var total = Scalar.zero
  var lanes = Scalar.Vector.zero
  var derivative = derivatives
  for entry in entries {
    let slope = slopes + Int(rows[entry]) * width
    var function = 0
    while function + Scalar.lanes <= width {
      lanes.addProduct(derivative.lanes(at: function), slope.lanes(at: function))
      function += Scalar.lanes
    }
    while function < width {
      total += derivative[function] * slope[function]
      function += 1
    }
    derivative += width
  }
  return Double(total + lanes.sum())
}
