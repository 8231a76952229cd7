extension StrictJSON {
  /// Splits `a.b[2].c` into its steps; a whole number between dots is a step into a list as well.
  static func steps(
    _ path: Substring, in assignment: String
  ) throws(ConfigurationError.Fault) -> [String] {
    let steps = path.replacing("[", with: ".").replacing("]", with: "")
      .split(separator: ".", omittingEmptySubsequences: false)
      .map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
    guard !steps.contains("") else {
      throw .assignment(assignment, reason: "a key in its path is empty.")
    }
    guard steps.count <= JSON5Check.depthLimit else {
      throw .assignment(
        assignment, reason: "its path has more than \(JSON5Check.depthLimit) keys.")
    }
    return steps
  }
}

extension JSONValue {
  /// Replaces the value at the end of a path.
  mutating func set(
    _ steps: ArraySlice<String>, to value: JSONValue, in assignment: String
  ) throws(ConfigurationError.Fault) {
    guard let step = steps.first else {
      self = value
      return
    }
    let name = step.shortened(to: KeyPathInDocument.longestKey)
    switch self {
    case .object(var members):
      var member = members[step] ?? .object([:])
      try member.set(steps.dropFirst(), to: value, in: assignment)
      members[step] = member
      self = .object(members)
    case .array(var elements):
      guard let index = Int(step), elements.indices.contains(index) else {
        throw .assignment(
          assignment, reason: "'\(name)' is not an index of a list of \(elements.count) values.")
      }
      try elements[index].set(steps.dropFirst(), to: value, in: assignment)
      self = .array(elements)
    case .null, .bool, .integer, .number, .string:
      throw .assignment(assignment, reason: "'\(name)' would be a key of \(inWords).")
    }
  }
}
