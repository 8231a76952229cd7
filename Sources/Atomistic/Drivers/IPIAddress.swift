/// Where an i-PI server listens.
public enum IPIAddress: Hashable, Sendable, CustomStringConvertible {
  /// A Unix socket, by the path of its file.
  case unix(path: String)
  /// A TCP port of a computer.
  case tcp(host: String, port: UInt16)

  /// The port that i-PI and ASE use unless told otherwise.
  public static let customaryPort: UInt16 = 31415
  /// What i-PI and ASE put before the name of a Unix socket.
  public static let unixPrefix = "/tmp/ipi_"
  /// The bytes that the path of a Unix socket may have.
  static let longestPath = 107

  /// Reads `unix:NAME`, `HOST:PORT` or `HOST`; nil for anything else.
  ///
  /// A NAME stands for the file `/tmp/ipi_NAME`, unless it is a path that begins with `/`. A host that
  /// is an IPv6 address stands in brackets, as in `[::1]:31415`.
  public init?(_ text: String) {
    if text.hasPrefix("unix:") {
      let name = text.dropFirst(5)
      guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
      let path = name.hasPrefix("/") ? String(name) : Self.unixPrefix + name
      guard path.utf8.count <= Self.longestPath else { return nil }
      self = .unix(path: path)
      return
    }
    var (host, rest) = (text[...], Substring())
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
    } else if let colon = text.firstIndex(of: ":") {
      (host, rest) = (text[..<colon], text[colon...])
    }
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
    if rest.isEmpty {
      self = .tcp(host: String(host), port: Self.customaryPort)
    } else {
      guard rest.first == ":", let port = UInt16(rest.dropFirst()), port > 0 else { return nil }
      self = .tcp(host: String(host), port: port)
    }
  }

  /// The address as it can be read again.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }
}
