import Atomistic
public import Graph

/// The form of a Kalman filter's covariance P: the blocks on its diagonal, outside of which it is zero,
/// and how each of them is kept.
///
///     ExtendedKalmanFilter(covariance: .layer)
///     ExtendedKalmanFilter(covariance: .blocks(of: 5120))
///
/// A configuration writes the name, `"layer"`, or the size of blocks, `{ blocks: 5120 }`.
public struct CovarianceForm: Sendable {
  /// The name in configurations.
  public let name: String
  /// The largest number of weights in a block; nil for a form without this option.
  public let size: Int?
  private let partition: @Sendable (ParameterVector) -> [ParameterBlock]
  private let start: @Sendable (ParameterBlock, CovarianceStart) -> any BlockCovariance

  /// Makes a form.
  ///
  /// - Parameters:
  ///   - name: The name, unique among forms.
  ///   - size: The largest number of weights in a block, if that is an option.
  ///   - partition: The blocks of a vector, each element in one of them.
  ///   - start: The covariance of a block before the first step.
  public init(
    _ name: String, size: Int? = nil,
    partition: @escaping @Sendable (ParameterVector) -> [ParameterBlock],
    start: @escaping @Sendable (ParameterBlock, CovarianceStart) -> any BlockCovariance
  ) {
    (self.name, self.size, self.partition, self.start) = (name, size, partition, start)
  }

  /// The forms that a name alone chooses.
  public static let standard: [CovarianceForm] = [
    .full, .element, .layer, .node, .diagonal, .kronecker,
  ]

  /// The forms with a size, by their names.
  static let sized: [String: @Sendable (Int) -> CovarianceForm] = ["blocks": { .blocks(of: $0) }]

  /// The covariance of each block of a vector before the first step.
  func blocks(
    of parameters: ParameterVector, _ first: CovarianceStart
  ) -> [(block: ParameterBlock, covariance: any BlockCovariance)] {
    partition(parameters).map { ($0, start($0, first)) }
  }
}

/// The start of a covariance.
public struct CovarianceStart: Sendable, Hashable {
  /// The number ε of `P(0) = I/ε`.
  public var epsilon: Double
  /// Whether P is divided by a factor with each step.
  public var forgets: Bool
}

/// The covariance P of one block of weights as graph code: variables, and their new values.
public protocol BlockCovariance: Sendable {
  /// The variables that hold P.
  var variables: [Variable] { get }

  /// P as a full matrix [n, n], to look at; steps take `product`.
  var value: Symbol { get }

  /// `V P` for rows V of shape [m, n].
  func product(_ rows: Symbol) -> Symbol

  /// The new values of all variables after a step.
  func reduced(by reduction: CovarianceReduction) -> [Variable: Symbol]
}

/// The knowledge that a step adds to the covariance of a block, in both of its forms:
///
///     P ← (P - Uᵀ U) / λ + q 1        P⁻¹ ← λ (P⁻¹ + Jᵀ R⁻¹ J)
///
/// For q = 0 and a single block they are the same.
public struct CovarianceReduction: Sendable {
  /// The rows `U = L⁻¹ J P` [m, n] with `L Lᵀ = J P Jᵀ + R`; zeros where a step is rejected.
  public var rows: Symbol
  /// The rows `R^(-1/2) J` [m, n]; zeros where a step is rejected.
  public var whitenedJacobian: Symbol
  /// The factor λ, a scalar, for a covariance that forgets.
  public var forgetting: Symbol?
  /// The noise q of the process, a scalar.
  public var processNoise: Symbol

  /// `D / λ + q I` for elements D of P that the labels have reduced and those I of the unit matrix.
  func aged(_ elements: Symbol, unit: Symbol) -> Symbol {
    let noise = processNoise.broadcast(to: elements.shape, axes: []) * unit
    guard let forgetting else { return elements + noise }
    return elements / forgetting.broadcast(to: elements.shape, axes: []) + noise
  }
}

extension CovarianceForm: Hashable {
  /// Whether both have the same name and size.
  public static func == (first: Self, second: Self) -> Bool {
    first.name == second.name && first.size == second.size
  }

  /// Hashes name and size.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(size)
  }
}

extension CovarianceForm: Codable {
  /// Decodes a name, or an object with the size of blocks.
  ///
  /// Throws `DecodingError` for an unknown name and a size below 1.
  public init(from decoder: any Decoder) throws {
    if let word = decoder.word() {
      guard let form = Self.standard.first(where: { $0.name == word }) else {
        throw decoder.unknown(word, known: Self.standard.map(\.name), or: "{ blocks: 5120 }")
      }
      self = form
      return
    }
    let key = try decoder.choice(among: Self.sized.keys.sorted())
    let container = try decoder.container(keyedBy: NamedKey.self)
    let size = try container.decode(Int.self, forKey: key)
    try container.requirePositive(size, key)
    // The table has a row of this name: `choice` throws for any other.
    self = Self.sized[key.stringValue]!(size)
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    guard let size else {
      var container = encoder.singleValueContainer()
      return try container.encode(name)
    }
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(size, forKey: NamedKey(name))
  }
}
