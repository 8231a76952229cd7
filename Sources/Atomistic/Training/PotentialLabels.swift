public import Graph
public import Tensors

/// The energies and force components of structures as labels, read from cached descriptors.
public final class PotentialLabels<Scalar: RealScalar> {
  /// The descriptors and their derivatives, scaled.
  public let cache: DescriptorCache<Scalar>

  /// The structures with an energy label.
  public let energies: [Int]

  /// The structures with force labels, and before how many components each one's come.
  private let forceStructures: [Int]
  private let forceStarts: [Int]

  private let energyReferences: [Double]
  private let forceReferences: [[SIMD3<Double>]?]
  private let inputs: [ElementInputs]

  /// Makes labels of some of the cached structures.
  ///
  /// `energies` are those that the networks are to give, reference energies subtracted, in eV; nil
  /// where a structure has none.
  public init(
    _ structures: [Structure], energies: [Double?], of members: [Int],
    cache: DescriptorCache<Scalar>
  ) {
    self.cache = cache
    self.energies = members.filter { energies[$0] != nil }
    energyReferences = energies.map { $0 ?? .nan }
    forceReferences = structures.map(\.labels.forces)
    forceStructures = members.filter { structures[$0].labels.forces != nil }
    var starts = [0]
    for structure in forceStructures {
      starts.append(starts[starts.count - 1] + 3 * structures[structure].count)
    }
    forceStarts = starts
    inputs = zip(cache.elements, cache.widths).map { ElementInputs(element: $0, width: $1) }
  }

  /// The number of force components.
  public var forceCount: Int { forceStarts[forceStarts.count - 1] }

  /// Sets the placeholders of `PotentialErrors.energy` for some of the energies.
  public func fillEnergies(_ feed: Feed<Scalar>, labels: [Int]) {
    let references = begin(feed, labels: labels.count)
    for (position, label) in labels.enumerated() {
      let structure = energies[label]
      references.base[position] = Scalar(energyReferences[structure])
      for element in cache.elements.indices {
        let block = cache.descriptors(of: structure, element: element)
        feed.values(of: inputs[element].descriptors).append(contentsOf: UnsafeBufferPointer(block))
        append(Int32(position), times: block.count / cache.widths[element], feed, element)
      }
    }
    finish(feed)
  }

  /// Sets the placeholders of `PotentialErrors.force` for some of the force components.
  ///
  /// Component `3 a + axis` of a structure is that of atom a along an axis.
  public func fillForces(_ feed: Feed<Scalar>, labels: [Int]) {
    let references = begin(feed, labels: labels.count)
    for input in inputs { feed.values(of: input.directions).resize(to: 0) }
    for (position, label) in labels.enumerated() {
      let (structure, atom, axis) = place(ofForce: label)
      references.base[position] = Scalar(forceReferences[structure]![atom][axis])
      let layout = cache.layouts[structure]
      let block = cache.base(structure)
      for element in cache.elements.indices {
        let width = cache.widths[element]
        let entries = layout.entries(moved: atom, element)
        let slab = block + layout.slab(moved: atom, element) + axis * entries.count * width
        feed.values(of: inputs[element].directions)
          .append(contentsOf: UnsafeBufferPointer(start: slab, count: entries.count * width))
        let descriptors = feed.values(of: inputs[element].descriptors)
        let start = descriptors.count
        descriptors.resize(to: start + entries.count * width)
        copyRows(
          block + layout.values[element], layout.rows, entries, width: width,
          into: descriptors.base + start)
        append(Int32(position), times: entries.count, feed, element)
      }
    }
    finish(feed)
  }

  /// The structure, atom and axis of a force component.
  public func place(ofForce label: Int) -> (structure: Int, atom: Int, axis: Int) {
    // The last structure that starts at or before the label.
    var (low, high) = (0, forceStructures.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if forceStarts[middle] <= label { low = middle } else { high = middle }
    }
    let component = label - forceStarts[low]
    return (forceStructures[low], component / 3, component % 3)
  }

  private func begin(_ feed: Feed<Scalar>, labels: Int) -> Buffer<Scalar> {
    feed[axis: PotentialErrors.labels] = labels
    for input in inputs {
      feed.values(of: input.descriptors).resize(to: 0)
      feed.indices(of: input.labelOfRow).resize(to: 0)
    }
    let references = feed.values(of: PotentialErrors.references)
    references.resize(to: labels)
    return references
  }

  private func append(_ label: Int32, times count: Int, _ feed: Feed<Scalar>, _ element: Int) {
    let labels = feed.indices(of: inputs[element].labelOfRow)
    let start = labels.count
    labels.resize(to: start + count)
    (labels.base + start).update(repeating: label, count: count)
  }

  private func finish(_ feed: Feed<Scalar>) {
    for input in inputs { feed[axis: input.rows] = feed.indices(of: input.labelOfRow).count }
  }
}

/// Copies the rows that entries of a list name.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func copyRows<Scalar: RealScalar>(
  _ source: UnsafePointer<Scalar>, _ rows: [Int32], _ entries: Range<Int>, width: Int,
  into target: UnsafeMutablePointer<Scalar>
) {
  var target = target
  for entry in entries {
    target.update(from: source + Int(rows[entry]) * width, count: width)
    target += width
  }
}
