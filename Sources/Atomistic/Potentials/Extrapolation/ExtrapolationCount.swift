import Tensors

/// Counts of atoms outside of the ranges of the training structures.
///
/// An atom that is outside in two columns and three steps counts six times.
public struct ExtrapolationCount: Hashable, Sendable, Codable {
  /// The number of values outside, in one column.
  public struct Column: Hashable, Sendable, Codable {
    /// The element of the atom that was first outside.
    public var element: Element
    /// The noun for the column.
    public var quantity: String
    /// The column, counted from zero; nil where the quantity is one number.
    public var number: Int?
    /// The number of values outside.
    public var count: Int
  }

  /// The number in all steps.
  public private(set) var total = 0
  /// The number of steps with any.
  public private(set) var steps = 0
  /// The first one found in the last step that had any.
  public private(set) var last: Extrapolation?
  /// The one farthest outside, in units of its range.
  public private(set) var worst: Extrapolation?
  /// The columns that were left, in the order in which they were.
  public private(set) var columns: [Column] = []

  /// Starts to count.
  public init() {}

  /// Decodes counts.
  ///
  /// Throws `DecodingError` for a count that no run can have reached.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    total = try container.decode(Int.self, forKey: .total)
    steps = try container.decode(Int.self, forKey: .steps)
    last = try container.decodeIfPresent(Extrapolation.self, forKey: .last)
    worst = try container.decodeIfPresent(Extrapolation.self, forKey: .worst)
    columns = try container.decode([Column].self, forKey: .columns)
    let range = 0...Int.max >> 10
    try container.require(range.contains(total), .total, "\(total) is no count of values.")
    try container.require(range.contains(steps), .steps, "\(steps) is no count of steps.")
    try container.require(
      columns.allSatisfy { range.contains($0.count) && range.contains($0.number ?? 0) }, .columns,
      "a column has a count or a number that is none.")
  }

  /// Adds the values outside of one range in one structure.
  ///
  /// - Parameters:
  ///   - range: The range.
  ///   - values: The values, row by row.
  ///   - atoms: The atom of each row.
  ///   - elements: The elements of the structure's atoms.
  ///   - tolerance: The part of a range's width, and of the size of its ends, by which a value may
  ///     pass an end: round-off is no extrapolation.
  ///   - found: Called with each value outside.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  mutating func add<Scalar: RealScalar>(
    _ range: TrainingRange, _ values: UnsafeBufferPointer<Scalar>,
    atoms: UnsafeBufferPointer<Int32>, elements: [Element], tolerance: Double = 1e-6,
    found: (Extrapolation) -> Void = { _ in }
  ) {
    var place = 0
    for atom in atoms {
      for column in range.ranges.indices {
        let (value, bounds) = (Double(values[place]), range.ranges[column])
        place += 1
        if bounds.contains(value, tolerance: tolerance) { continue }
        let outside = Extrapolation(
          atom: Int(atom), element: elements[Int(atom)], quantity: range.quantity,
          column: range.ranges.count > 1 ? column : nil,
          value: value, range: bounds)
        add(outside)
        found(outside)
      }
    }
  }

  private mutating func add(_ found: Extrapolation) {
    if found.distance > worst?.distance ?? 0 { worst = found }
    total += 1
    let place = columns.firstIndex {
      $0.number == found.column && $0.quantity == found.quantity && $0.element == found.element
    }
    if let place {
      columns[place].count += 1
    } else {
      columns.append(
        Column(
          element: found.element, quantity: found.quantity, number: found.column, count: 1))
    }
  }

  /// Ends a step, of which `first` is the first value outside, if there was any.
  mutating func endStep(first: Extrapolation?) {
    guard let first else { return }
    last = first
    steps += 1
  }

  /// One sentence for the end of a run: how many, of which column most, and how far at worst.
  public var summary: String {
    guard let worst, let most = columns.max(by: { $0.count < $1.count }) else {
      return "no value left the range of the training set"
    }
    return """
      \(total) value\(total == 1 ? "" : "s") outside of the training range in \(steps) \
      step\(steps == 1 ? "" : "s"), most (\(most.count)) of \
      \(Extrapolation.name(most.quantity, most.number)) of \(most.element); the farthest: \(worst)
      """
  }
}
