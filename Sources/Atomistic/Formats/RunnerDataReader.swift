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
    var comments: [String] = []
    var info: [String: String] = [:]
  }

  private var lines: TextLines
  private let units: UnitSystem

  init(lines: TextLines, units: UnitSystem) {
    self.lines = lines
    self.units = units
  }

  /// Reads from `begin` to `end`, or returns nil at the end of the text.
  mutating func next() throws(FormatError) -> Structure? {
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
      if keyword == "end" { return try structure(draft) }
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
    case "energy":
      try requireCount(fields, [2], keyword)
      guard draft.energy == nil else {
        throw lines.fault(key: keyword, expected: "one energy", found: "a second")
      }
      let energy = try number(fields[1], keyword, limit: LabelLimits.energy / units.energyFactor)
      draft.energy = energy * units.energyFactor
    case "charge", "energy_weight":
      try requireCount(fields, [2], keyword)
      _ = try number(fields[1], keyword, limit: 1e9)
      if keyword == "charge" { draft.info[keyword] = lines.text(fields[1]) }
    case "stress":
      try requireCount(fields, [4], keyword)
      guard draft.stress.count < 3 else {
        throw lines.fault(key: keyword, expected: "three stress lines", found: "a fourth")
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

  private func readAtom(_ fields: [Range<Int>], into draft: inout Draft) throws(FormatError) {
    try requireCount(fields, [10, 13], "atom")
    guard let element = lines.element(fields[4]) else {
      throw lines.fault(
        key: "atom", expected: "an element such as H or Na after three coordinates",
        found: lines.quoted(fields[4]))
    }
    for field in fields[5..<7] + fields[10...] { _ = try number(field, "atom", limit: 1e9) }
    let position = try vector(
      fields, 1, "position", limit: LabelLimits.position / units.lengthFactor)
    let force = try vector(fields, 7, "force", limit: LabelLimits.force / units.forceFactor)
    draft.elements.append(element)
    draft.positions.append(position * units.lengthFactor)
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
      stress = Matrix3(draft.stress[0], draft.stress[1], draft.stress[2])
    }
    return Structure(
      elements: draft.elements, positions: draft.positions, cell: cell,
      labels: Labels(energy: draft.energy, forces: draft.forces, stress: stress),
      name: draft.comments.isEmpty ? nil : draft.comments.joined(separator: "; "),
      info: draft.info)
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
