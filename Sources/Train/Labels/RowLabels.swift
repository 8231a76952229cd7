import Atomistic
import Graph
import Tensors

/// Labels that are made of rows of cached features.
final class RowLabels<Scalar: RealScalar>: LabelPlan {
  private let context: LabelContext
  private let plan: RowPlan
  private let cache: FeatureCache<Scalar>
  private let reader: FeatureCache<Scalar>.Reader
  /// The buffers of the feeds that have been filled.
  private var buffers: [Buffers] = []

  /// Lays out labels of structures whose features are cached.
  init(_ context: LabelContext, _ plan: RowPlan, _ cache: FeatureCache<Scalar>) {
    self.context = context
    self.plan = plan
    self.cache = cache
    reader = cache.reader()
  }

  func predictions(_ state: State<Scalar>, workers: Workers) -> any PropertyPredictions {
    RowPredictions(
      context.tables.map(\.property), context.structures, plan, cache.reader(), state,
      workers: workers)
  }

  // MARK: - Filling

  /// The buffers of one feed, group by group.
  private struct Buffers {
    let feed: Feed<Scalar>
    let labels: (references: Buffer<Scalar>, weights: Buffer<Scalar>?)
    let groups: [Group]

    struct Group {
      let label: Buffer<Int32>
      let features: [(value: Buffer<Scalar>, tangent: Buffer<Scalar>, width: Int)]
      let indices: [Buffer<Int32>]
    }
  }

  private func buffers(of feed: Feed<Scalar>) -> Buffers {
    if let known = buffers.first(where: { $0.feed === feed }) { return known }
    let new = Buffers(
      feed: feed, labels: context.buffers(of: feed),
      groups: plan.groups.map { group in
        Buffers.Group(
          label: feed.indices(of: group.label),
          features: group.features.map {
            (feed.values(of: $0.placeholder), feed.values(of: $0.tangent), $0.width)
          }, indices: group.indices.map { feed.indices(of: $0) })
      })
    buffers.append(new)
    return new
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func fill(_ feed: Feed<Scalar>, term: Int, labels: [Int]) {
    feed[axis: "labels"] = labels.count
    let table = context.tables[term]
    let buffers = buffers(of: feed)
    context.fill(buffers.labels, term: term, labels: labels)
    begin(buffers)
    for (position, label) in labels.enumerated() {
      let (structure, value) = table.place(of: label)
      let block = reader.block(of: structure)
      for (group, target) in buffers.groups.enumerated() {
        switch table.property.definition {
        case .energy: appendAll(block, group, Int32(position), to: target)
        case .force:
          appendMoved(block, group, Int32(position), atom: value / 3, axis: value % 3, to: target)
        case .stress:
          appendAll(block, group, Int32(position), to: target)
          appendStrain(block, group, component: value, to: target)
        case .own: break
        }
      }
    }
    finish(feed, buffers)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func begin(_ buffers: Buffers) {
    for group in buffers.groups {
      group.label.resize(to: 0)
      for feature in group.features {
        feature.value.resize(to: 0)
        feature.tangent.resize(to: 0)
      }
      for index in group.indices { index.resize(to: 0) }
    }
  }

  private func finish(_ feed: Feed<Scalar>, _ buffers: Buffers) {
    for (group, target) in zip(plan.groups, buffers.groups) {
      feed[axis: group.sum.rows] = target.label.count
    }
  }

  /// Appends all rows of a structure.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func appendAll(
    _ block: FeatureBlock<Scalar>, _ group: Int, _ label: Int32, to target: Buffers.Group
  ) {
    let (layout, rows) = (block.layout, block.layout.rowCounts[group])
    for (number, feature) in target.features.enumerated() {
      let width = feature.width
      feature.value.append(
        contentsOf: UnsafeBufferPointer(
          start: block.base + layout.values[group][number], count: rows * width))
    }
    for (number, index) in target.indices.enumerated() {
      layout.indices[group][number].withUnsafeBufferPointer { index.append(contentsOf: $0) }
    }
    append(label, times: rows, to: target.label)
  }

  /// Appends the rows that depend on a coordinate, with their derivatives by it.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func appendMoved(
    _ block: FeatureBlock<Scalar>, _ group: Int, _ label: Int32, atom: Int, axis: Int,
    to target: Buffers.Group
  ) {
    let layout = block.layout
    let entries = layout.entries(moved: atom, group)
    for (number, feature) in target.features.enumerated() {
      let width = feature.width
      let slab = layout.slab(moved: atom, group, number) + axis * entries.count * width
      feature.tangent.append(
        contentsOf: UnsafeBufferPointer(start: block.base + slab, count: entries.count * width))
      let start = feature.value.count
      feature.value.resize(to: start + entries.count * width)
      copyRows(
        block.base + layout.values[group][number], block.rows, entries, width: width,
        into: feature.value.base + start)
    }
    for (number, index) in target.indices.enumerated() {
      for entry in entries { index.append(layout.indices[group][number][Int(block.rows[entry])]) }
    }
    append(label, times: entries.count, to: target.label)
  }

  /// Appends the derivatives of all rows by a strain.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func appendStrain(
    _ block: FeatureBlock<Scalar>, _ group: Int, component: Int, to target: Buffers.Group
  ) {
    let layout = block.layout
    for (number, feature) in target.features.enumerated() {
      let width = feature.width
      var source = block.base + layout.strains[group][number] + component * width
      for _ in 0..<layout.rowCounts[group] {
        feature.tangent.append(contentsOf: UnsafeBufferPointer(start: source, count: width))
        source += 6 * width
      }
    }
  }

  private func append(_ label: Int32, times count: Int, to buffer: Buffer<Int32>) {
    let start = buffer.count
    buffer.resize(to: start + count)
    (buffer.base + start).update(repeating: label, count: count)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func fill(_ feed: Feed<Scalar>, structures: [Int]) {
    let buffers = buffers(of: feed)
    begin(buffers)
    for term in context.tables.indices {
      context.fillWhole(feed, structures: structures, term: term)
    }
    let definitions = context.tables.map(\.property.definition)
    let takesForces = definitions.contains { if case .force = $0 { true } else { false } }
    let takesStresses = definitions.contains { if case .stress = $0 { true } else { false } }
    feed[axis: "structures"] = structures.count
    feed[axis: "atoms"] = structures.reduce(0) { $0 + context.structures[$1].count }
    for (number, group) in plan.groups.enumerated() {
      let target = buffers.groups[number]
      let (row, coordinate) = (
        feed.indices(of: group.rowOfEntry), feed.indices(of: group.coordinate)
      )
      row.resize(to: 0)
      coordinate.resize(to: 0)
      let tangents = group.entryTangents.map { feed.values(of: $0) }
      let strains = group.strainTangents.map { feed.values(of: $0) }
      for buffer in tangents + strains { buffer.resize(to: 0) }
      var atoms = 0
      for (position, structure) in structures.enumerated() {
        let block = reader.block(of: structure)
        let rows = target.label.count
        appendAll(block, number, Int32(position), to: target)
        if takesForces {
          appendEntries(block, number, rows, atoms, row, coordinate, tangents)
        }
        if takesStresses {
          for (feature, buffer) in strains.enumerated() {
            let width = group.features[feature].width
            buffer.append(
              contentsOf: UnsafeBufferPointer(
                start: block.base + block.layout.strains[number][feature],
                count: 6 * block.layout.rowCounts[number] * width))
          }
        }
        atoms += block.layout.atoms
      }
      feed[axis: group.entries] = row.count
    }
    finish(feed, buffers)
  }

  /// Appends all entries of a structure whose rows and atoms begin at the given numbers.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func appendEntries(
    _ block: FeatureBlock<Scalar>, _ group: Int, _ rows: Int, _ atoms: Int,
    _ row: Buffer<Int32>, _ coordinate: Buffer<Int32>, _ tangents: [Buffer<Scalar>]
  ) {
    let layout = block.layout
    for atom in 0..<layout.atoms {
      let entries = layout.entries(moved: atom, group)
      for axis in 0..<3 {
        for entry in entries { row.append(Int32(rows) + block.rows[entry]) }
        append(Int32(3 * (atoms + atom) + axis), times: entries.count, to: coordinate)
      }
      for (feature, buffer) in tangents.enumerated() {
        let width = plan.groups[group].features[feature].width
        buffer.append(
          contentsOf: UnsafeBufferPointer(
            start: block.base + layout.slab(moved: atom, group, feature),
            count: 3 * entries.count * width))
      }
    }
  }
}

/// Copies the rows that entries of a list name.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func copyRows<Scalar: RealScalar>(
  _ source: UnsafePointer<Scalar>, _ rows: UnsafePointer<Int32>, _ entries: Range<Int>, width: Int,
  into target: UnsafeMutablePointer<Scalar>
) {
  var target = target
  for entry in entries {
    target.update(from: source + Int(rows[entry]) * width, count: width)
    target += width
  }
}
