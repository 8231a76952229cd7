/// What the columns of an extended XYZ frame are, from its `Properties` entry.
struct ExtendedXYZColumns {
  /// The number of fields on each line.
  private(set) var count = 0
  /// The first field of each kind that is read.
  private(set) var species: Int?
  private(set) var atomicNumber: Int?
  private(set) var position: Int?
  private(set) var forces: (name: String, field: Int)?
  private(set) var velocities: Int?
  /// The columns of further properties: the property, the column, its first field and its width.
  private(set) var others: [(property: String, name: String, field: Int, width: Int)] = []
  /// Columns that are not read.
  private(set) var ignored: [String] = []

  static let names = [
    "species": "species", "element": "species", "symbol": "species", "z": "number",
    "numbers": "number", "atomic_numbers": "number", "pos": "position", "positions": "position",
    "velocities": "velocity", "velocity": "velocity", "velo": "velocity", "vel": "velocity",
  ]

  /// Reads `name:type:count` triples; without any, `species:S:1:pos:R:3`.
  init(_ properties: String?, keys: LabelKeys, lines: TextLines) throws(FormatError) {
    let parts = (properties ?? "species:S:1:pos:R:3")
      .split(separator: ":", omittingEmptySubsequences: false)
    func fault(_ expected: String, _ found: String) -> FormatError {
      lines.fault(
        key: "Properties", expected: expected, found: found,
        advice: "write it as in Properties=species:S:1:pos:R:3:forces:R:3")
    }
    guard parts.count % 3 == 0 else {
      throw fault("triples name:type:count", "\(parts.count) fields")
    }
    var columns: [(name: String, type: String, width: Int, field: Int)] = []
    for start in stride(from: 0, to: parts.count, by: 3) {
      let (name, type) = (String(parts[start]), parts[start + 1].uppercased())
      guard ["S", "R", "I", "L"].contains(type) else {
        throw fault("a type S, R, I or L for \(TextLines.quoted(name))", TextLines.quoted(type))
      }
      guard let width = DecimalNumber.integer(parts[start + 2]), (1...10_000).contains(width) else {
        throw fault(
          "a column count from 1 to 10000 for \(TextLines.quoted(name))",
          TextLines.quoted(String(parts[start + 2])))
      }
      columns.append((name, type, width, count))
      count += width
    }
    for (property, key) in keys.others.sorted(by: { $0.key < $1.key }) {
      let own = columns.filter { $0.name.lowercased() == key.lowercased() }
      guard let column = own.first else { continue }
      guard own.count == 1 else { throw fault("one column \(key)", "\(own.count)") }
      guard ["R", "I"].contains(column.type) else {
        throw fault(
          "\(column.name):R:\(column.width)", "\(column.name):\(column.type):\(column.width)")
      }
      others.append((property, column.name, column.field, column.width))
    }
    let otherFields = Set(others.map(\.field))
    let forceNames = keys.forceColumns.filter { name in
      columns.contains { $0.name.lowercased() == name }
    }
    for column in columns {
      let lower = column.name.lowercased()
      func require(_ types: [String], _ width: Int) throws(FormatError) {
        guard types.contains(column.type), column.width == width else {
          throw fault(
            "\(column.name):\(types[0]):\(width)", "\(column.name):\(column.type):\(column.width)")
        }
      }
      if lower == forceNames.first {
        try require(["R", "I"], 3)
        guard forces == nil else { throw fault("one column \(column.name)", "two") }
        forces = (column.name, column.field)
        continue
      }
      switch Self.names[lower] {
      case "species" where species == nil:
        try require(["S"], 1)
        species = column.field
      case "number" where atomicNumber == nil:
        try require(["I"], 1)
        atomicNumber = column.field
      case "position" where position == nil:
        try require(["R", "I"], 3)
        position = column.field
      case "velocity" where velocities == nil:
        try require(["R", "I"], 3)
        velocities = column.field
      case .some: throw fault("one column of each kind", "a second \(column.name)")
      case nil where otherFields.contains(column.field): break
      case nil: ignored.append(column.name)
      }
    }
    guard species != nil || atomicNumber != nil else {
      throw fault("a column species:S:1 or Z:I:1", "none")
    }
    guard position != nil else { throw fault("a column pos:R:3", "none") }
  }
}
