import Glibc
import Tensors

/// A socket that is connected to an i-PI server, and closed in the end.
public struct IPIConnection: ~Copyable {
  private let descriptor: Int32

  private static let portion = 1 << 16
  private static let pause: useconds_t = 100_000

  /// Takes a connected socket over.
  public init(adopting descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Connects to a server, which may have to be started yet.
  ///
  /// - Parameters:
  ///   - address: Where the server listens.
  ///   - patience: How many seconds to try.
  /// - Throws: An `IPIError` when the patience is over, or at once for a host that is not known.
  public init(to address: IPIAddress, patience: Double = 0) throws(IPIError) {
    let end = ContinuousClock.now + .seconds(patience)
    while true {
      let (descriptor, reason) =
        switch address {
        case .unix(let path): Self.connected(toPath: path)
        case .tcp(let host, let port): try Self.connected(toHost: host, port: port, address)
        }
      if let descriptor {
        self.descriptor = descriptor
        return
      }
      guard ContinuousClock.now < end else { throw .connection(address, reason: reason) }
      usleep(Self.pause)
    }
  }

  private typealias Attempt = (descriptor: Int32?, reason: String)

  private static var reason: String { String(cString: strerror(errno)) }

  private static func connected(toPath path: String) -> Attempt {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return (nil, reason) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    ensure(
      path.utf8.count < MemoryLayout.size(ofValue: address.sun_path),
      "IPIConnection: \(path) is too long for a Unix socket")
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else {
      defer { close(descriptor) }
      return (nil, reason)
    }
    return (descriptor, "")
  }

  private static func connected(
    toHost host: String, port: UInt16, _ address: IPIAddress
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
      if connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 {
        // Answers are short and waited for: they must not be held back to be sent together.
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, size)
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, size)
        return (descriptor, "")
      }
      why = reason
      close(descriptor)
    }
    return (nil, why)
  }

  /// Answers the server until it ends the conversation or closes the connection between messages.
  ///
  /// - Throws: What the driver throws, and `IPIError.lost` when the connection breaks off.
  public func serve(_ driver: inout IPIDriver) throws(IPIError) {
    var bytes = [UInt8](repeating: 0, count: Self.portion)
    while !driver.isFinished {
      let count = recv(descriptor, &bytes, bytes.count, 0)
      if count > 0 {
        try send(try driver.receive(bytes.prefix(count)))
      } else if count == 0 {
        guard driver.isAtBoundary else { throw .lost(reason: "closed within a message") }
        return
      } else if errno != EINTR {
        throw .lost(reason: Self.reason)
      }
    }
  }

  private func send(_ bytes: [UInt8]) throws(IPIError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if errno != EINTR {
        throw .lost(reason: Self.reason)
      }
    }
  }
}
