extension StrictJSON {
  /// A value that has been set after the document was read.
  struct Assignment: Sendable, Equatable {
    /// The steps of its path, as written.
    var steps: [String]
    /// The source, for error messages.
    var source: String
  }

  /// The source of a faulty value: the file, the assignments that have set it
  /// or parts of it, or both.
  func source(of fault: ConfigurationError.Fault) -> String {
    guard let path = fault.place, !path.steps.isEmpty else { return source }
    let steps = path.steps.map(\.text)
    if let whole = assignments.last(where: { steps.starts(with: $0.steps) }) {
      return whole.source
    }
    let parts = assignments.filter { $0.steps.starts(with: steps) }.map(\.source)
    let isInFile = original[path] != nil
    return ((isInFile || parts.isEmpty ? [source] : []) + parts).joined(separator: " with ")
  }
}

extension ConfigurationError.Fault {
  /// The place of the value that has to be changed, where there is one.
  var place: KeyPathInDocument? {
    switch self {
    case .unknownKey(let path, _), .mismatch(let path, _, _), .invalid(let path, _): path
    case .missingKey(let path, _): KeyPathInDocument(steps: path.steps.dropLast())
    case .unreadable, .absent, .malformed, .unwritable, .assignment: nil
    }
  }
}
