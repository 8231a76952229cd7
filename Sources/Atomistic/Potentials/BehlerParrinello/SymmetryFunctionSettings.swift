public import Layers

/// The window of symmetry functions: `{ function: "tanhCubed", radius: 12 }`.
public struct CutoffSettings: Codable, Equatable, Sendable {
  /// The shape.
  public var function = Shape.tanhCubed
  /// The radius, in the unit of the list.
  public var radius: Double
  /// The fraction of the radius below which the window is 1.
  public var innerFraction = 0.0

  /// The shapes by name, see `CutoffFunction`.
  public enum Shape: String, Codable, CaseIterable, Sendable {
    case hard, cosine, tanhCubed, normalizedTanhCubed, exponential
    case polynomial1, polynomial2, polynomial3, polynomial4
  }

  /// Decodes the choices; a key that is left out has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    function = try container.decode(.function, default: function)
    radius = try container.decode(Double.self, forKey: .radius)
    innerFraction = try container.decode(.innerFraction, default: innerFraction)
    try container.requirePositive(radius, .radius)
    try container.require(
      (0..<1).contains(innerFraction), .innerFraction,
      "it must be at least 0 and less than 1, but is \(innerFraction).")
  }

  /// The window.
  public var value: Cutoff {
    let function: CutoffFunction =
      switch function {
      case .hard: .hard
      case .cosine: .cosine
      case .tanhCubed: .tanhCubed
      case .normalizedTanhCubed: .normalizedTanhCubed
      case .exponential: .exponential
      case .polynomial1: .polynomial1
      case .polynomial2: .polynomial2
      case .polynomial3: .polynomial3
      case .polynomial4: .polynomial4
      }
    return Cutoff(function, radius: radius, innerFraction: innerFraction)
  }
}

/// One symmetry function: `{ type: "radial", neighbors: ["O"], eta: 0.01 }` or
/// `{ type: "narrowAngular", neighbors: ["H", "O"], eta: 0.03, lambda: -1, zeta: 1 }`.
public struct SymmetryFunctionSettings: Codable, Equatable, Sendable {
  /// The kind.
  public var type: Kind
  /// One neighbour for a radial function, two for an angular one.
  public var neighbors: [Element]
  /// The width of the Gaussian.
  public var eta: Double
  /// The centre of the Gaussian.
  public var shift = 0.0
  /// The sign of the cosine.
  public var lambda = 1.0
  /// The exponent of the angular part.
  public var zeta = 1.0

  /// The kinds, see `SymmetryFunction`.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case radial, narrowAngular, wideAngular
  }

  private enum CodingKeys: String, CodingKey { case type, neighbors, eta, shift, lambda, zeta }

  /// Decodes the choices; a key that is left out has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(.type, default: .radial)
    neighbors = try container.decode([Element].self, forKey: .neighbors)
    eta = try container.decode(Double.self, forKey: .eta)
    shift = try container.decode(.shift, default: shift)
    if type != .radial {
      lambda = try container.decode(.lambda, default: lambda)
      zeta = try container.decode(.zeta, default: zeta)
      try container.require(
        abs(lambda) == 1, .lambda, "it must be 1 or -1, but is \(lambda).")
      try container.requirePositive(zeta, .zeta)
      try container.require(
        zeta <= AngularSymmetryFunction.largestZeta, .zeta,
        "it must be at most \(AngularSymmetryFunction.largestZeta), but is \(zeta).")
    }
    let count = type == .radial ? 1 : 2
    try container.require(
      neighbors.count == count, .neighbors,
      "a \(type.rawValue) function has \(count) of them, but here are \(neighbors.count).")
    try container.requireNotNegative(eta, .eta)
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try container.encode(neighbors, forKey: .neighbors)
    try container.encode(eta, forKey: .eta)
    try container.encode(shift, forKey: .shift)
    guard type != .radial else { return }
    try container.encode(lambda, forKey: .lambda)
    try container.encode(zeta, forKey: .zeta)
  }

  /// The function with its window.
  public func function(_ cutoff: Cutoff) -> SymmetryFunction {
    let numbers = neighbors.map(\.number)
    switch type {
    case .radial:
      return .radial(
        RadialSymmetryFunction(neighbor: numbers[0], eta: eta, shift: shift, cutoff: cutoff))
    case .narrowAngular, .wideAngular:
      let function = AngularSymmetryFunction(
        neighbors: numbers[0], numbers[1], eta: eta, lambda: lambda, zeta: zeta, shift: shift,
        cutoff: cutoff)
      return type == .narrowAngular ? .narrowAngular(function) : .wideAngular(function)
    }
  }
}
