import Tensors

extension Structure {
  /// A number that tells a structure with its labels from another one, bit for bit.
  ///
  /// Elements, positions, cell and labels count; name, velocities and entries of the header do not.
  package var digest: UInt64 {
    var digest = Digest()
    digest.add(elements.count)
    for element in elements { digest.add(element.number) }
    digest.add(positions)
    digest.add(cell != nil)
    if let cell {
      digest.add(Int(cell.periodicity.rawValue))
      for number in cell.vectors.rowMajor { digest.add(number) }
    }
    digest.add(labels.energy != nil)
    if let energy = labels.energy { digest.add(energy) }
    digest.add(labels.forces != nil)
    if let forces = labels.forces { digest.add(forces) }
    digest.add(labels.stress != nil)
    for number in labels.stress?.rowMajor ?? [] { digest.add(number) }
    for (name, label) in labels.others.sorted(by: { $0.key < $1.key }) {
      digest.add(name)
      digest.add(label.values.count)
      for value in label.values { digest.add(value) }
    }
    return digest.value
  }
}

extension Digest {
  fileprivate mutating func add(_ isThere: Bool) { add(isThere ? 1 : 0) }

  fileprivate mutating func add(_ vectors: [SIMD3<Double>]) {
    for vector in vectors {
      add(vector.x)
      add(vector.y)
      add(vector.z)
    }
  }
}
