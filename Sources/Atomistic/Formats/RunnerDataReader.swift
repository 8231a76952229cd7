/// Reads `input.data` line by line.
struct RunnerDataReader {
  /// The lines read so far of the structure at hand.
  private struct Draft {
    var line: Int
    var elements: [Element] = []
    var positions: [SIMD3<Double>] = []
    var forces: [SIMD3<Double>] = []
    var lattice: [SIMD3<Double>] = []
    var stress: [SIMD3<Double>] = []
    var energy: Double?
    var hasEnergy = false
    var lacksForces = false
    var lacksStress = false
    var hasWeights = false
    var comments: [String] = []
    var info: [String: String] = [:]
  }

  private var lines: TextLines
  private let units: UnitSystem
  private let labels: LabelKinds

  init(lines: TextLines, units: UnitSystem, labels: LabelKinds) {
    self.lines = lines
    self.units = units
    self.labels = labels
  }

  /// Reads from `begin` to `end`, or returns nil at the end of the text.
  mutating func next() throws(FormatError) -> (Structure, LabelInventory)? {
    guard let line = lines.nextFilled() else { return nil }
    let fields = lines.fields(of: line)
    guard lines.text(fields[0]) == "begin" else {
      throw lines.fault(expected: "begin", found: lines.quoted(fields[0]))
    }
    var draft = Draft(line: lines.number)
    for field in fields.dropFirst() {
      let parts = lines.text(field).split(separator: "=", maxSplits: 1)
      if parts.count == 2 { draft.info[String(parts[0])] = String(parts[1]) }
    }
    while let line = lines.nextFilled() {
      let fields = lines.fields(of: line)
      let keyword = lines.text(fields[0])
      if keyword == "end" { return (try structure(draft), inventory(draft)) }
      try read(keyword, fields, line, into: &draft)
    }
    throw lines.fault(
      expected: "end, since begin is on line \(draft.line)", found: "the end of the file",
      advice: "the file seems to be cut off; get it again or remove its last structure")
  }

  private func read(
    _ keyword: String, _ fields: [Range<Int>], _ line: Range<Int>, into draft: inout Draft
  ) throws(FormatError) {
    switch keyword {
    case "comment":
      draft.comments.append(fields.dropFirst().map(lines.text).joined(separator: " "))
    case "lattice":
      try requireCount(fields, [4], keyword)
      guard draft.lattice.count < 3 else {
        throw lines.fault(key: keyword, expected: "three lattice lines", found: "a fourth")
      }
      let row = try vector(fields, 1, keyword, limit: LabelLimits.position / units.lengthFactor)
      draft.lattice.append(row * units.lengthFactor)
    case "atom": try readAtom(fields, into: &draft)
    case "energy": try readEnergy(fields, into: &draft)
    case "charge", "energy_weight":
      try requireCount(fields, [2], keyword)
      _ = try number(fields[1], keyword, limit: 1e9)
      if keyword == "charge" {
        draft.info[keyword] = lines.text(fields[1])
      } else {
        draft.hasWeights = true
      }
    case "stress":
      guard labels.contains(.stress) else { return }
      try requireCount(fields, [4], keyword)
      guard draft.stress.count < 3 else {
        throw lines.fault(key: keyword, expected: "three stress lines", found: "a fourth")
      }
      guard !fields.dropFirst().contains(where: lines.saysNone) else {
        draft.lacksStress = true
        draft.stress.append(.zero)
        return
      }
      let row = try vector(fields, 1, keyword, limit: LabelLimits.stress / units.stressFactor)
      draft.stress.append(row * units.stressFactor)
    case "begin":
      throw lines.fault(
        expected: "end, since begin is on line \(draft.line)", found: "begin")
    default:
      throw lines.fault(
        expected: "comment, lattice, atom, energy, charge, stress or end",
        found: TextLines.quoted(keyword))
    }
  }

  private func readEnergy(
    _ fields: [Range<Int>], into draft: inout Draft
  ) throws(FormatError) {
    guard labels.contains(.energy) else { return }
    let hadEnergy = draft.hasEnergy
    draft.hasEnergy = true
    if fields.count == 1 || fields.count == 2 && lines.saysNone(fields[1]) { return }
    try requireCount(fields, [2], "energy")
    let energy = try number(fields[1], "energy", limit: LabelLimits.energy / units.energyFactor)
    guard !hadEnergy || draft.energy == energy * units.energyFactor else {
      throw lines.fault(key: "energy", expected: "one energy", found: "a second that differs")
    }
    draft.energy = energy * units.energyFactor
  }

  private func readAtom(_ fields: [Range<Int>], into draft: inout Draft) throws(FormatError) {
    try requireCount(fields, [10, 13], "atom")
    guard let element = lines.element(fields[4]) else {
      throw lines.fault(
        key: "atom", expected: "an element such as H or Na after three coordinates",
        found: lines.quoted(fields[4]))
    }
    for field in fields[5..<7] + fields[10...] { _ = try number(field, "atom", limit: 1e9) }
    if fields.count > 10 { draft.hasWeights = true }
    let position = try vector(
      fields, 1, "position", limit: LabelLimits.position / units.lengthFactor)
    draft.elements.append(element)
    draft.positions.append(position * units.lengthFactor)
    guard labels.contains(.forces), !draft.lacksForces else { return }
    draft.lacksForces = fields[7..<10].contains(where: lines.saysNone)
    guard !draft.lacksForces else { return }
    let force = try vector(fields, 7, "force", limit: LabelLimits.force / units.forceFactor)
    draft.forces.append(force * units.forceFactor)
  }

  private func structure(_ draft: Draft) throws(FormatError) -> Structure {
    guard !draft.elements.isEmpty else {
      throw lines.fault(
        expected: "atom lines since begin on line \(draft.line)", found: "none")
    }
    var cell: Cell?
    if !draft.lattice.isEmpty {
      try requireThree(draft.lattice.count, "lattice", draft)
      let vectors = Matrix3(draft.lattice[0], draft.lattice[1], draft.lattice[2])
      guard Cell.isValid(vectors) else {
        throw lines.fault(
          key: "lattice", expected: "three vectors that span a volume since line \(draft.line)",
          found: "flat or impossible ones")
      }
      cell = Cell(vectors)
    }
    var stress: Matrix3?
    if !draft.stress.isEmpty {
      try requireThree(draft.stress.count, "stress", draft)
      stress =
        draft.lacksStress ? nil : Matrix3(draft.stress[0], draft.stress[1], draft.stress[2])
    }
    return Structure(
      elements: draft.elements, positions: draft.positions, cell: cell,
      labels: Labels(
        energy: draft.energy,
        forces: draft.lacksForces || !labels.contains(.forces) ? nil : draft.forces, stress: stress),
      name: draft.comments.isEmpty ? nil : draft.comments.joined(separator: "; "),
      info: draft.info)
  }

  /// The labels of a structure, and those that are said to be missing.
  private func inventory(_ draft: Draft) -> LabelInventory {
    var inventory = LabelInventory()
    inventory.structures = 1
    if draft.hasEnergy { inventory.energy.count(draft.energy != nil, under: "energy") }
    if labels.contains(.forces) { inventory.forces.count(!draft.lacksForces, under: "atom") }
    if !draft.stress.isEmpty { inventory.stress.count(!draft.lacksStress, under: "stress") }
    if draft.hasWeights { inventory.ignored["weights"] = 1 }
    return inventory
  }

  private func requireThree(_ count: Int, _ key: String, _ draft: Draft) throws(FormatError) {
    guard count != 3 else { return }
    throw lines.fault(
      key: key, expected: "three \(key) lines or none since line \(draft.line)",
      found: "\(count)")
  }

  private func requireCount(
    _ fields: [Range<Int>], _ counts: [Int], _ key: String
  ) throws(FormatError) {
    guard !counts.contains(fields.count) else { return }
    let expected = counts.map { String($0 - 1) }.joined(separator: " or ")
    throw lines.fault(
      key: key, expected: "\(expected) field\(expected == "1" ? "" : "s") after \(key)",
      found: "\(fields.count - 1)")
  }

  private func number(
    _ field: Range<Int>, _ key: String, limit: Double
  ) throws(FormatError) -> Double {
    guard let value = lines.double(field), abs(value) <= limit else {
      throw lines.fault(
        key: key, expected: "a number of at most \(limit)", found: lines.quoted(field))
    }
    return value
  }

  private func vector(
    _ fields: [Range<Int>], _ start: Int, _ key: String, limit: Double
  ) throws(FormatError) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for axis in 0..<3 { result[axis] = try number(fields[start + axis], key, limit: limit) }
    return result
  }
}
