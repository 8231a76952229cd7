public import Graph
import Tensors

/// The function that a layer applies to each of its outputs.
///
/// The functions listed here are known by name in configurations and model files. Any other is made
/// with a name of its own: `Activation("mish") { x in x * x.softplus().tanh() }`. Two activations are
/// equal if their names are.
public struct Activation: RawRepresentable, CaseIterable, Hashable, Sendable, Codable {
  /// The name: the spelling in configurations and model files.
  public let rawValue: String

  /// The letter of n2p2's `global_activation_short`, or `nil` for a function n2p2 does not have.
  /// Capitals matter.
  public let letter: Character?

  private let function: @Sendable (Symbol) -> Symbol

  /// Makes an activation of an elementwise function.
  ///
  /// A file that names it cannot be decoded without the code that makes it. Traps if one of
  /// `allCases` has the name.
  public init(_ name: String, _ function: @escaping @Sendable (Symbol) -> Symbol) {
    ensure(
      Self.known[name] == nil, "Activation: '\(name)' is the name of another function already")
    self.init(name, letter: nil, function)
  }

  private init(
    _ name: String, letter: Character?, _ function: @escaping @Sendable (Symbol) -> Symbol
  ) {
    rawValue = name
    self.letter = letter
    self.function = function
  }

  /// The activation of `allCases` with the given name, or `nil` where none has it.
  public init?(rawValue: String) {
    guard let match = Self.known[rawValue] else { return nil }
    self = match
  }

  /// The activation with the given letter, or `nil` where none has it.
  public init?(letter: Character) {
    guard let match = Self.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = match
  }

  /// Returns the function of each element.
  public func callAsFunction(_ x: Symbol) -> Symbol { function(x) }

  /// The activations that files may name.
  public static let allCases: [Activation] = [
    .identity, .tanh, .logistic, .softplus, .rectifier, .gaussian, .cosine, .reverseLogistic,
    .exponential, .harmonic, .silu, .gelu, .elu, .leakyRectifier, .shiftedSoftplus,
  ]

  private static let known = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}

extension Activation {
  /// `f(x) = x`
  public static let identity = Activation("identity", letter: "l") { $0 }
  /// `f(x) = tanh x`
  public static let tanh = Activation("tanh", letter: "t") { $0.tanh() }
  /// `f(x) = 1 / (1 + e^-x)`
  public static let logistic = Activation("logistic", letter: "s") { $0.sigmoid() }
  /// `f(x) = ln(1 + e^x)`
  public static let softplus = Activation("softplus", letter: "p") { $0.softplus() }
  /// `f(x) = max(0, x)`, the rectified linear unit
  public static let rectifier = Activation("rectifier", letter: "r") { $0.maximum(0) }
  /// `f(x) = e^(-x²/2)`
  public static let gaussian = Activation("gaussian", letter: "g") { ($0 * $0 * -0.5).exp() }
  /// `f(x) = cos x`
  public static let cosine = Activation("cosine", letter: "c") { $0.cos() }
  /// `f(x) = 1 - 1 / (1 + e^-x)`
  public static let reverseLogistic = Activation("reverseLogistic", letter: "S") {
    (-$0).sigmoid()
  }
  /// `f(x) = e^-x`
  public static let exponential = Activation("exponential", letter: "e") { (-$0).exp() }
  /// `f(x) = x²`
  public static let harmonic = Activation("harmonic", letter: "h") { $0 * $0 }
  /// `f(x) = x / (1 + e^-x)`, also called swish (Elfwing et al. 2018)
  public static let silu = Activation("silu", letter: nil) { $0 * $0.sigmoid() }
  /// `f(x) = x (1 + erf(x/√2)) / 2`, without the approximation by tanh (Hendrycks and Gimpel 2016)
  public static let gelu = Activation("gelu", letter: nil) {
    0.5 * $0 * (1 + ($0 * 0.5.squareRoot()).erf())
  }
  /// `f(x) = x` above zero and `e^x - 1` below (Clevert et al. 2016)
  public static let elu = Activation("elu", letter: nil) { $0.maximum(0) + $0.minimum(0).expm1() }
  /// `f(x) = x` above zero and `x / 100` below (Maas et al. 2013)
  public static let leakyRectifier = Activation("leakyRectifier", letter: nil) {
    $0.maximum(0) + 0.01 * $0.minimum(0)
  }
  /// `f(x) = ln(1/2 + e^x/2)`, SchNet's (Schütt et al. 2018)
  public static let shiftedSoftplus = Activation("shiftedSoftplus", letter: nil) {
    $0.softplus() - 0.693_147_180_559_945_3
  }
}
