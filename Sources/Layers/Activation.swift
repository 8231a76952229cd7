/// The function that a layer applies to each of its outputs.
///
/// The raw value is the spelling in configuration files; `letter` is n2p2's and RuNNer's.
public enum Activation: String, CaseIterable, Hashable, Sendable, Codable {
  /// `f(x) = x`
  case identity
  /// `f(x) = tanh x`
  case tanh
  /// `f(x) = 1 / (1 + e^-x)`
  case logistic
  /// `f(x) = ln(1 + e^x)`
  case softplus
  /// `f(x) = max(0, x)`, the rectified linear unit
  case rectifier
  /// `f(x) = e^(-x²/2)`
  case gaussian
  /// `f(x) = cos x`
  case cosine
  /// `f(x) = 1 - 1 / (1 + e^-x)`
  case reverseLogistic
  /// `f(x) = e^-x`
  case exponential
  /// `f(x) = x²`
  case harmonic

  /// The letter of n2p2's `global_activation_short`; capitals matter.
  public var letter: Character {
    switch self {
    case .identity: "l"
    case .tanh: "t"
    case .logistic: "s"
    case .softplus: "p"
    case .rectifier: "r"
    case .gaussian: "g"
    case .cosine: "c"
    case .reverseLogistic: "S"
    case .exponential: "e"
    case .harmonic: "h"
    }
  }

  /// The activation with the given letter, or `nil` where no activation has it.
  public init?(letter: Character) {
    guard let match = Activation.allCases.first(where: { $0.letter == letter }) else { return nil }
    self = match
  }
}
