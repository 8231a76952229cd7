import Glibc
import Tensors

/// A socket that is connected to an i-PI server, and closed in the end.
///
/// It never waits without a limit, whatever the server does.
public struct IPIConnection: ~Copyable {
  /// The limits of waiting.
  public struct Patience: Sendable, Hashable {
    /// The longest silence between messages, in seconds.
    public var silence: Double
    /// The longest time from the first byte of a message or of an answer to its last, in seconds.
    public var message: Double

    /// Chooses limits: by default a day, since a server may wait for slower programs between two
    /// structures, and two minutes, in which a slow network carries a million atoms.
    public init(silence: Double = 86_400, message: Double = 120) {
      (self.silence, self.message) = (silence, message)
    }
  }

  private let descriptor: Int32
  private let patience: Patience

  private static let portion = 1 << 16
  private static let pause: useconds_t = 100_000

  /// Takes a connected socket over.
  public init(adopting descriptor: Int32, patience: Patience = Patience()) {
    Self.makeNonBlocking(descriptor)
    (self.descriptor, self.patience) = (descriptor, patience)
  }

  deinit { close(descriptor) }

  /// Connects to a server, which may have to be started yet.
  ///
  /// - Parameters:
  ///   - address: Where the server listens.
  ///   - wait: How many seconds to try.
  ///   - patience: How long to wait for the connected server.
  /// - Throws: An `IPIError` when the time is over, or at once for a host that is not known.
  public init(
    to address: IPIAddress, wait: Double = 0, patience: Patience = Patience()
  ) throws(IPIError) {
    let end = ContinuousClock.now + .seconds(wait)
    while true {
      let (descriptor, reason) =
        switch address {
        case .unix(let path): Self.connected(toPath: path, before: end)
        case .tcp(let host, let port):
          try Self.connected(toHost: host, port: port, address, before: end)
        }
      if let descriptor {
        (self.descriptor, self.patience) = (descriptor, patience)
        return
      }
      guard ContinuousClock.now < end else { throw .connection(address, reason: reason) }
      usleep(Self.pause)
    }
  }

  // MARK: - Connecting

  private typealias Attempt = (descriptor: Int32?, reason: String)

  private static var reason: String { String(cString: strerror(errno)) }

  private static func makeNonBlocking(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  private static func connected(
    toPath path: String, before end: ContinuousClock.Instant
  ) -> Attempt {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return (nil, reason) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    ensure(
      path.utf8.count < MemoryLayout.size(ofValue: address.sun_path),
      "IPIConnection: \(path) is too long for a Unix socket")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        finish(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size), before: end)
      }
    }
  }

  private static func connected(
    toHost host: String, port: UInt16, _ address: IPIAddress, before end: ContinuousClock.Instant
  ) throws(IPIError) -> Attempt {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, "\(port)", &hints, &list)
    guard status == 0 else {
      throw .connection(address, reason: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(list) }
    var (place, why) = (list, "no address")
    while let info = place?.pointee {
      place = info.ai_next
      let descriptor = socket(info.ai_family, info.ai_socktype, info.ai_protocol)
      guard descriptor >= 0 else {
        why = reason
        continue
      }
      let attempt = finish(descriptor, info.ai_addr, info.ai_addrlen, before: end)
      guard attempt.descriptor != nil else {
        why = attempt.reason
        continue
      }
      // Answers are short and waited for: they must not be held back to be sent together.
      var yes: Int32 = 1
      let size = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
      setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, size)
      return attempt
    }
    return (nil, why)
  }

  /// Connects a new socket, or closes it. A server that accepts no connection does not hold it up.
  private static func finish(
    _ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t,
    before end: ContinuousClock.Instant
  ) -> Attempt {
    makeNonBlocking(descriptor)
    if connect(descriptor, address, length) == 0 { return (descriptor, "") }
    if errno == EINPROGRESS {
      // A listening server answers within a second, also where the caller does not want to wait.
      let isOver = !isReady(descriptor, POLLOUT, before: max(end, .now + .seconds(1)))
      var status: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size)
      if !isOver && status == 0 { return (descriptor, "") }
      errno = isOver ? ETIMEDOUT : status
    }
    defer { close(descriptor) }
    return (nil, reason)
  }

  /// Waits for a socket; false when the time is over.
  private static func isReady(
    _ descriptor: Int32, _ event: Int32, before end: ContinuousClock.Instant
  ) -> Bool {
    while true {
      let rest = end - .now
      // Rounded up to milliseconds; longer waits than the system knows are made of several.
      let time = max(0, min(1e9, (rest / .milliseconds(1)).rounded(.up)))
      var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
      if poll(&request, 1, Int32(time)) > 0 { return true }
      if ContinuousClock.now >= end { return false }
    }
  }

  // MARK: - Talking

  /// Answers the server until it ends the conversation or closes the connection between messages.
  ///
  /// - Throws: What the driver throws, `IPIError.lost` when the connection breaks off, and
  ///   `IPIError.silence` when the server leaves it waiting.
  public func serve(_ driver: inout IPIDriver) throws(IPIError) {
    var bytes = [UInt8](repeating: 0, count: Self.portion)
    /// The end of waiting for the message that is under way.
    var end: ContinuousClock.Instant?
    while !driver.isFinished {
      let limit = end ?? .now + .seconds(patience.silence)
      guard Self.isReady(descriptor, POLLIN, before: limit) else {
        throw end == nil
          ? .silence(.betweenMessages, seconds: patience.silence)
          : .silence(.withinMessage, seconds: patience.message)
      }
      let count = recv(descriptor, &bytes, bytes.count, 0)
      if count > 0 {
        let begun = end ?? .now + .seconds(patience.message)
        let evaluations = driver.evaluations
        let answer = try driver.receive(bytes.prefix(count))
        try send(answer)
        // The time of the evaluation is not the server's.
        let isNew = !answer.isEmpty || driver.evaluations > evaluations
        end =
          driver.isAtBoundary ? nil : isNew ? .now + .seconds(patience.message) : begun
      } else if count == 0 {
        guard driver.isAtBoundary else { throw .lost(reason: "closed within a message") }
        return
      } else if errno != EINTR && errno != EAGAIN {
        throw .lost(reason: Self.reason)
      }
    }
  }

  private func send(_ bytes: [UInt8]) throws(IPIError) {
    let end = ContinuousClock.now + .seconds(patience.message)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno == EAGAIN {
        guard Self.isReady(descriptor, POLLOUT, before: end) else {
          throw .silence(.unreadAnswer, seconds: patience.message)
        }
      } else if errno != EINTR {
        throw .lost(reason: Self.reason)
      }
    }
  }
}
