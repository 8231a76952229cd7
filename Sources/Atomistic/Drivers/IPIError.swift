/// Why a conversation with an i-PI server ended.
public enum IPIError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The point of the conversation at which a server falls silent.
  public enum Silence: String, Sendable {
    /// After a whole message.
    case betweenMessages = "has sent nothing"
    /// After a part of a message.
    case withinMessage = "has not finished its message"
    /// Before an answer is read.
    case unreadAnswer = "has not read its answer"
  }

  /// There is no server, or not for us.
  case connection(IPIAddress, reason: String)
  /// The connection broke off in the middle of a message or of our answer.
  case lost(reason: String)
  /// The server let so many seconds pass.
  case silence(Silence, seconds: Double)
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
    case .silence(let point, let seconds):
      "the server \(point.rawValue) for \(seconds) seconds; see whether it still runs"
    case .message(let expected, let found):
      "expected \(expected) from the server, found \(found); it may speak another protocol than i-PI's"
    case .structure(let expected, let found):
      "expected \(expected) from the server, found \(found); give the same structure to both"
    case .potential(let error): error.description
    }
  }
}
