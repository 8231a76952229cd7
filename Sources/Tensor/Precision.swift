/// The precision of floating-point numbers, as files and command lines name it.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
  /// `Float`, 24 binary digits.
  case float32
  /// `Double`, 53 binary digits.
  case float64
}
