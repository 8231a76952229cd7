import Atomistic

/// The labels of one property: which structures have references, and their values.
struct LabelTable {
  /// The property.
  let property: Property
  /// The structures with references, in the order of their labels.
  let structures: [Int]
  /// The reference values of each structure, less the energies of lone atoms.
  let references: [[Double]?]
  /// The number of the first label of each structure in `structures`, and the number of labels.
  private let starts: [Int]

  /// Collects the references of some of the structures.
  init(
    _ property: Property, _ structures: [Structure], members: [Int], _ potential: any Potential
  ) {
    self.property = property
    var references = [[Double]?](repeating: nil, count: structures.count)
    var found: [Int] = []
    var starts = [0]
    for number in members {
      guard var values = property.reference(structures[number]) else { continue }
      if case .energy = property.definition {
        values[0] -= potential.energyOffset(of: structures[number])
      }
      references[number] = values
      found.append(number)
      starts.append(starts[starts.count - 1] + values.count)
    }
    self.structures = found
    self.references = references
    self.starts = starts
  }

  /// The number of labels.
  var count: Int { starts[starts.count - 1] }

  /// The structure of a label and the number of its value there.
  func place(of label: Int) -> (structure: Int, value: Int) {
    // The last structure that starts at or before the label.
    var (low, high) = (0, structures.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= label { low = middle } else { high = middle }
    }
    return (structures[low], label - starts[low])
  }
}
