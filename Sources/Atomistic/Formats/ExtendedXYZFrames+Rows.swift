/// The values on the line of one atom.
extension ExtendedXYZFrames {
  /// The fault of a row with another number of fields than columns.
  func misfit(
    _ fields: [Range<Int>], _ columns: ExtendedXYZColumns, _ atom: Int, of count: Int
  ) -> FormatError {
    let found = fields.count == 1 ? "1 column" : "\(fields.count) columns"
    guard !columns.areNamed else {
      return lines.fault(
        expected: "\(columns.count) columns as in Properties (atom \(atom + 1) of \(count))",
        found: found)
    }
    return lines.fault(
      expected: "\(columns.count) columns, element x y z, as the comment line has no Properties "
        + "(atom \(atom + 1) of \(count))",
      found: found,
      advice: fields.count > columns.count ? ExtendedXYZColumns.proposal(fields, lines) : nil)
  }

  /// The element of an atom, on which all columns have to agree.
  func element(
    _ fields: [Range<Int>], _ columns: ExtendedXYZColumns, _ atom: Int
  ) throws(FormatError) -> Element {
    var found: (element: Element, field: Range<Int>)?
    for (position, isSymbol) in columns.elements {
      let field = fields[position]
      let known =
        isSymbol ? lines.element(field) : lines.integer(field).flatMap(Element.init(number:))
      guard let known else {
        throw lines.fault(
          key: "species", expected: "an element such as H or Na", found: lines.quoted(field))
      }
      if let found, found.element != known {
        throw contradiction("species", found.field, field, atom)
      }
      if found == nil { found = (known, field) }
    }
    guard let found else {
      throw lines.fault(key: "species", expected: "a column of elements", found: "none")
    }
    return found.element
  }

  /// Throws unless two columns of one quantity hold the same values.
  func compare(
    _ twin: ExtendedXYZColumns.Twin, _ fields: [Range<Int>], _ atom: Int
  ) throws(FormatError) {
    for offset in 0..<twin.width {
      let (one, other) = (fields[twin.field + offset], fields[twin.other + offset])
      let agrees =
        lines.double(one).map { $0 == lines.double(other) }
        ?? (lines.saysNone(one) && lines.saysNone(other))
      if !agrees { throw contradiction(twin.names, one, other, atom) }
    }
  }

  private func contradiction(
    _ name: String, _ one: Range<Int>, _ other: Range<Int>, _ atom: Int
  ) -> FormatError {
    lines.fault(
      key: "\(name) of atom \(atom + 1), frame \(number) (counted from 0)",
      expected: "columns that agree", found: "\(lines.quoted(one)) and \(lines.quoted(other))",
      advice: "remove the column that does not hold")
  }

  /// The velocity of an atom in angstrom/fs.
  func velocity(
    _ fields: [Range<Int>], _ motion: ExtendedXYZColumns.Motion, of element: Element
  ) throws(FormatError) -> SIMD3<Double> {
    switch motion {
    case .velocities(let field, let factor):
      return try vector(
        fields, field, "velocity", factor: factor, limit: LabelLimits.position, unit: "angstrom/fs")
    case .momenta(let field, let masses):
      let mass = try masses.map { field throws(FormatError) in try value(fields[field], "masses") }
      guard mass ?? 1 > 0 else {
        throw lines.fault(key: "masses", expected: "a mass above 0", found: "\(mass ?? 0)")
      }
      let unit = Units.atomicMassAngstromSquaredPerFemtosecondSquared.squareRoot()
      return try vector(
        fields, field, "momenta", factor: 1 / ((mass ?? element.mass) * unit),
        limit: LabelLimits.position, unit: "angstrom/fs")
    }
  }

  /// A finite number of a further property.
  func value(_ field: Range<Int>, _ column: String) throws(FormatError) -> Double {
    guard let value = lines.double(field) else {
      throw lines.fault(key: column, expected: "a finite number", found: lines.quoted(field))
    }
    return value
  }

  @inline(__always)
  func vector(
    _ fields: [Range<Int>], _ start: Int, _ name: String, factor: Double, limit: Double,
    unit: String
  ) throws(FormatError) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for axis in 0..<3 {
      guard let value = lines.double(fields[start + axis]), abs(value * factor) <= limit else {
        throw lines.fault(
          key: name, expected: LabelLimits.expected(limit, unit),
          found: lines.quoted(fields[start + axis]))
      }
      result[axis] = value * factor
    }
    return result
  }
}
