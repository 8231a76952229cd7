/// A pattern for names of variables, such as `H.*` or `*.bias`, to select those that are frozen.
///
/// `*` stands for any number of characters, dots included, `?` for one, all others for themselves.
/// A configuration holds the text.
public struct VariablePattern: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The text of the pattern.
  public let text: String

  /// Makes a pattern of its text.
  public init(_ text: String) { self.text = text }

  /// Makes a pattern of its text.
  public init(stringLiteral text: String) { self.text = text }

  /// Whether the pattern fits the whole name.
  public func matches(_ name: String) -> Bool {
    let (pattern, name) = (Array(text), Array(name))
    var (p, n) = (0, 0)
    // Where the last star stands, and where in the name what follows it is tried.
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
        (p, n) = (p + 1, n + 1)
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (p, n) = (last.pattern + 1, last.name + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}

extension VariablePattern: Codable {
  /// Decodes the text.
  public init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  /// Encodes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// A pattern that fits no variable, which is likely a misspelt one.
public struct VariablePatternError: Error, Hashable, CustomStringConvertible {
  /// The patterns that fit nothing.
  public let patterns: [VariablePattern]
  /// The names they were compared with.
  public let names: [String]

  /// The error in a sentence.
  public var description: String {
    let patterns = patterns.map { "'\($0.text)'" }.joined(separator: ", ")
    return "no variable fits \(patterns); the variables are \(names.joined(separator: ", "))"
  }
}

extension Sequence<Variable> {
  /// The variables that one of the patterns fits, and the others, each in their order.
  ///
  /// Frozen variables are kept by leaving them out of an objective's parameters:
  /// `Objective(errors: errors, parameters: try variables.divided(by: ["H.*"]).others)`.
  ///
  /// Throws if a pattern fits none of the variables.
  public func divided(
    by patterns: [VariablePattern]
  ) throws(VariablePatternError) -> (matching: [Variable], others: [Variable]) {
    let idle = patterns.filter { pattern in !contains { pattern.matches($0.name) } }
    guard idle.isEmpty else {
      throw VariablePatternError(patterns: idle, names: map(\.name))
    }
    func fits(_ variable: Variable) -> Bool { patterns.contains { $0.matches(variable.name) } }
    return (filter(fits), filter { !fits($0) })
  }
}
