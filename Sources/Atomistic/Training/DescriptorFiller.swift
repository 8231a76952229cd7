import Layers
import Tensors

/// Computes the block of one structure after the other; one thread uses it.
final class DescriptorFiller<Scalar: RealScalar> {
  private let evaluators: [SymmetryFunctionEvaluator<Scalar>]
  private let lengthFactor: Double
  private var displacements: [Scalar] = []
  private var elements: [Int32] = []
  private var derivatives: [Scalar] = []

  init(_ sets: [SymmetryFunctionSet], lengthUnit: LengthUnit) {
    evaluators = sets.map { SymmetryFunctionEvaluator($0) }
    lengthFactor = 1 / lengthUnit.inAngstrom
  }

  /// Writes descriptors and derivatives; `place[i]` is the place of atom i's element.
  func fill(
    _ block: UnsafeMutablePointer<Scalar>, _ layout: DescriptorLayout, _ neighbors: NeighborList,
    _ structure: Structure, _ place: [Int]
  ) {
    var cursor = layout.starts
    var nextRow = [Int](repeating: 0, count: evaluators.count)
    for atom in 0..<structure.count {
      let element = place[atom]
      let width = evaluators[element].set.count
      let pairs = neighbors.pairs(of: atom)
      gather(pairs, neighbors, structure)
      let values = block + layout.values[element] + nextRow[element] * width
      nextRow[element] += 1
      displacements.withUnsafeBufferPointer { displacements in
        elements.withUnsafeBufferPointer { elements in
          derivatives.withUnsafeMutableBufferPointer { derivatives in
            guard let first = displacements.baseAddress, let kinds = elements.baseAddress,
              let target = derivatives.baseAddress
            else { return }
            evaluators[element].valuesAndDerivatives(
              of: AtomEnvironment(displacements: first, elements: kinds, count: pairs.count),
              values: values, derivatives: target)
          }
        }
      }
      DescriptorLayout.forEachMovedAtom(of: atom, in: neighbors) { moved, images in
        let index = moved * evaluators.count + element
        let entries = layout.entries(moved: moved, element)
        let position = Int(cursor[index]) - entries.lowerBound
        cursor[index] += 1
        let slab = block + layout.slab(moved: moved, element)
        let (first, last) = (
          images.lowerBound - pairs.lowerBound, images.upperBound - pairs.lowerBound
        )
        // Where the centre itself moves, all its neighbours but its own images move the other way.
        let terms = moved == atom ? [0..<first, last..<pairs.count] : [first..<last]
        let factor = Scalar(moved == atom ? -lengthFactor : lengthFactor)
        for axis in 0..<3 {
          sumDerivatives(
            derivatives, terms, axis: axis, width: width, factor: factor,
            into: slab + (axis * entries.count + position) * width)
        }
      }
    }
  }

  /// Puts an atom's neighbours side by side, in the functions' length unit.
  private func gather(_ pairs: Range<Int>, _ neighbors: NeighborList, _ structure: Structure) {
    displacements.removeAll(keepingCapacity: true)
    elements.removeAll(keepingCapacity: true)
    for pair in pairs {
      let vector = neighbors.displacement[pair] * lengthFactor
      for axis in 0..<3 { displacements.append(Scalar(vector[axis])) }
      elements.append(Int32(structure.elements[Int(neighbors.second[pair])].number))
    }
    let needed = pairs.count * 3 * (evaluators.map(\.set.count).max() ?? 0)
    if derivatives.count < needed {
      derivatives.append(contentsOf: repeatElement(0, count: needed - derivatives.count))
    }
  }
}

/// `target[f] = factor Σ derivatives[term, axis, f]` over some neighbours.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func sumDerivatives<Scalar: RealScalar>(
  _ derivatives: [Scalar], _ terms: [Range<Int>], axis: Int, width: Int, factor: Scalar,
  into target: UnsafeMutablePointer<Scalar>
) {
  derivatives.withUnsafeBufferPointer { derivatives in
    for function in 0..<width { target[function] = 0 }
    for term in terms.joined() {
      let start = (term * 3 + axis) * width
      for function in 0..<width { target[function] += derivatives[start + function] }
    }
    for function in 0..<width { target[function] *= factor }
  }
}
