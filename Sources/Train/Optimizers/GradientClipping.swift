import Atomistic
public import Graph

/// The bound of the norm of a gradient.
///
/// A configuration writes the bound, `0.01`, or `{ perVariable: 0.01 }`.
public enum GradientClipping: Sendable, Hashable {
  /// The gradient of all parameters together is scaled down to the bound (TensorFlow's
  /// `global_clipnorm`).
  case together(Double)
  /// The gradient of each variable is scaled down for itself (Keras's `clipnorm`).
  case perVariable(Double)

  /// The bound.
  public var bound: Double {
    switch self {
    case .together(let bound), .perVariable(let bound): bound
    }
  }
}

/// The gradient g scaled down to a norm of at most `bound`, `g · bound / max(|g|, bound)`, and its norm
/// |g| before.
///
/// The gradient is a vector [n], and the bound above zero; without one the gradient stays as it is.
public func clipped(
  _ gradient: Symbol, toNorm bound: Double?
) -> (gradient: Symbol, norm: Symbol) {
  let norm = (gradient * gradient).sum().squareRoot()
  guard let bound else { return (gradient, norm) }
  return (gradient * (bound / norm.maximum(bound)), norm)
}

extension ParameterVector {
  /// The gradient g [n] scaled down as told, and its norm |g| before.
  func clipped(
    _ gradient: Symbol, by clipping: GradientClipping?
  ) -> (gradient: Symbol, norm: Symbol) {
    guard case .perVariable(let bound)? = clipping else {
      return Train.clipped(gradient, toNorm: clipping?.bound)
    }
    let parts = parts(of: gradient).map { Train.clipped($0, toNorm: bound).gradient }
    return (.concatenating(parts, axis: 0), Train.clipped(gradient, toNorm: nil).norm)
  }
}

extension GradientClipping: Codable {
  private enum CodingKeys: String, CodingKey { case perVariable }

  /// Decodes a number, or an object with the bound for each variable.
  ///
  /// Throws `DecodingError` for a bound that is not above zero.
  public init(from decoder: any Decoder) throws {
    if let bound = try? decoder.singleValueContainer().decode(Double.self) {
      guard bound > 0 else { throw decoder.fault("it must be larger than 0, but is \(bound).") }
      self = .together(bound)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let bound = try container.decode(Double.self, forKey: .perVariable)
    try container.requirePositive(bound, .perVariable)
    self = .perVariable(bound)
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .together(let bound):
      var container = encoder.singleValueContainer()
      try container.encode(bound)
    case .perVariable(let bound):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(bound, forKey: .perVariable)
    }
  }
}
