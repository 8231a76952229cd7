/// Why a conversation with an i-PI server ended.
public enum IPIError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no server, or not for us.
  case connection(IPIAddress, reason: String)
  /// The connection broke off in the middle of a message or of our answer.
  case lost(reason: String)
  /// The server sent a message that the protocol does not know, or does not expect at this time.
  case message(expected: String, found: String)
  /// The server's structure is not the template's.
  case structure(expected: String, found: String)
  /// The model gives no energy for the structure.
  case potential(PotentialError)

  /// A sentence that says what was expected, what was found and what to do.
  public var description: String {
    switch self {
    case .connection(let address, let reason):
      "no connection to a server at \(address): \(reason); start the server first, or wait longer"
    case .lost(let reason): "the connection to the server was lost: \(reason)"
    case .message(let expected, let found):
      "expected \(expected) from the server, found \(found); it may speak another protocol than i-PI's"
    case .structure(let expected, let found):
      "expected \(expected) from the server, found \(found); give the same structure to both"
    case .potential(let error): error.description
    }
  }
}
