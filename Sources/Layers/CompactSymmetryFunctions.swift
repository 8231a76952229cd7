import Tensors

/// The parameters of a radial symmetry function with compact support.
public struct CompactRadialSymmetryFunction: Hashable, Sendable, Codable {
  /// The atomic number of the neighbours that count; without one all do, each by its atomic number.
  public let neighbor: Int?
  /// The window of distances.
  public let window: CompactWindow

  /// Makes a radial function; the window must end beyond 0.
  public init(neighbor: Int?, window: CompactWindow) {
    ensure(
      window.upper > 0,
      "CompactRadialSymmetryFunction: the window must end beyond 0, not at \(window.upper)")
    self.neighbor = neighbor
    self.window = window
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a neighbour that is no element and a window that ends at 0 or before.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let window = try container.decode(CompactWindow.self, forKey: .window)
    try container.check(window.upper > 0, .window, "the window ends at \(window.upper)")
    self.init(neighbor: try container.elementIfPresent(.neighbor), window: window)
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> CompactRadialSymmetryFunction {
    CompactRadialSymmetryFunction(neighbor: neighbor, window: window.scaled(by: factor))
  }
}

/// The parameters of an angular symmetry function with compact support.
public struct CompactAngularSymmetryFunction: Hashable, Sendable, Codable {
  /// The elements of a pair of neighbours by atomic number, in increasing order.
  public struct Neighbors: Hashable, Sendable, Codable {
    /// The smaller atomic number.
    public let first: Int
    /// The larger atomic number.
    public let second: Int

    /// Makes a pair; the order is free.
    public init(_ first: Int, _ second: Int) {
      self.first = min(first, second)
      self.second = max(first, second)
    }

    /// Decodes a pair.
    ///
    /// Throws `DecodingError` for a neighbour that is no element.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(try container.element(.first), try container.element(.second))
    }
  }

  /// The pairs that count; without them all do, each by the product of its atomic numbers.
  public let neighbors: Neighbors?
  /// The window of distances.
  public let window: CompactWindow
  /// The lower end of the window of angles in degrees.
  public let lowerAngle: Double
  /// The upper end of the window of angles in degrees.
  public let upperAngle: Double

  /// Makes an angular function.
  ///
  /// A window of angles that goes beyond 0 or 180 degrees must have its middle there, so that the
  /// function stays smooth.
  public init(
    neighbors: Neighbors?, window: CompactWindow, angles lowerAngle: Double, _ upperAngle: Double
  ) {
    ensure(
      window.upper > 0,
      "CompactAngularSymmetryFunction: the window must end beyond 0, not at \(window.upper)")
    ensure(
      Self.isSmooth(lowerAngle, upperAngle),
      "CompactAngularSymmetryFunction: no window of angles from \(lowerAngle) to \(upperAngle)")
    self.neighbors = neighbors
    self.window = window
    self.lowerAngle = lowerAngle
    self.upperAngle = upperAngle
  }

  /// Decodes a function.
  ///
  /// Throws `DecodingError` for a window that ends at 0 or before and angles that are none.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let window = try container.decode(CompactWindow.self, forKey: .window)
    let lower = try container.decode(Double.self, forKey: .lowerAngle)
    let upper = try container.decode(Double.self, forKey: .upperAngle)
    try container.check(window.upper > 0, .window, "the window ends at \(window.upper)")
    try container.check(
      Self.isSmooth(lower, upper), .lowerAngle, "no window of angles from \(lower) to \(upper)")
    self.init(
      neighbors: try container.decodeIfPresent(Neighbors.self, forKey: .neighbors),
      window: window, angles: lower, upper)
  }

  /// Whether there is a window between these angles in degrees.
  public static func isSmooth(_ lower: Double, _ upper: Double) -> Bool {
    let middle = (lower + upper) / 2
    return lower < upper && upper - lower <= 360 && (lower >= 0 || middle == 0)
      && (upper <= 180 || middle == 180)
  }

  /// The window of angles in radians, symmetric whatever the window of distances is.
  public var angle: CompactWindow {
    CompactWindow(window.shape, from: lowerAngle * .pi / 180, to: upperAngle * .pi / 180)
  }

  /// Returns the same function with its parameters in another length unit.
  public func scaled(byLength factor: Double) -> CompactAngularSymmetryFunction {
    CompactAngularSymmetryFunction(
      neighbors: neighbors, window: window.scaled(by: factor), angles: lowerAngle, upperAngle)
  }
}
