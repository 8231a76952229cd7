import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Atomistic

@Suite("A driver on a socket")
struct IPIConnectionTests {
  /// The server's end of a pair of sockets whose other end a driver serves on another thread.
  final class Server: Sendable {
    let descriptor: Int32
    private let queue = DispatchQueue(label: "driver")
    private let failure = Mutex<IPIError?>(nil)

    init(patience: IPIConnection.Patience = .init()) throws {
      var pair: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      let end = pair[1]
      descriptor = pair[0]
      queue.async { [self] in
        let connection = IPIConnection(adopting: end, patience: patience)
        var driver = IPIDriverTests.driver()
        do throws(IPIError) { try connection.serve(&driver) } catch {
          failure.withLock { $0 = error }
        }
      }
    }

    func send(_ bytes: [UInt8]) {
      var rest = bytes[...]
      while !rest.isEmpty {
        // Small portions, as a slow network would bring them.
        let count = rest.prefix(50).withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        rest.removeFirst(count)
      }
    }

    func receive(_ count: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      let received = recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
      return Array(bytes.prefix(max(0, received)))
    }

    /// Sends slowly until the driver has closed its end.
    func trickle(_ bytes: [UInt8], pause: useconds_t) {
      for portion in stride(from: 0, to: bytes.count, by: 12) {
        let count = bytes[portion..<min(portion + 12, bytes.count)].withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        usleep(pause)
      }
    }

    /// Waits for the driver with the server's end open; how it ended.
    func end() -> IPIError? {
      defer { close(descriptor) }
      return queue.sync { failure.withLock { $0 } }
    }

    /// Closes the server's end and waits for the driver; how it ended.
    func finish() -> IPIError? {
      close(descriptor)
      return queue.sync { failure.withLock { $0 } }
    }
  }

  static let answerLength = 12 + 8 + 4 + 24 * 6 + 72 + 4 + 2

  @Test("a server that asks for the status each time is answered, and may simply go")
  func classic() throws {
    let server = try Server()
    for _ in 0..<3 {
      server.send(ServerBytes.header("STATUS"))
      if server.receive(12) == ServerBytes.header("NEEDINIT") {
        server.send(ServerBytes.initialization("\0"))
      }
      server.send(ServerBytes.positions(IPIDriverTests.structure))
      server.send(ServerBytes.header("STATUS"))
      #expect(server.receive(12) == ServerBytes.header("HAVEDATA"))
      server.send(ServerBytes.header("GETFORCE"))
      try IPIDriverTests.check(server.receive(Self.answerLength))
    }
    #expect(server.finish() == nil)
  }

  @Test("a server that sends all at once is answered")
  func pipelined() throws {
    let server = try Server()
    for _ in 0..<3 {
      server.send(
        ServerBytes.positions(IPIDriverTests.structure) + ServerBytes.header("GETFORCE"))
      try IPIDriverTests.check(server.receive(Self.answerLength))
    }
    server.send(ServerBytes.header("EXIT"))
    #expect(server.receive(1).isEmpty)
    #expect(server.finish() == nil)
  }

  @Test("a connection that breaks off within a message is an error, and so is noise")
  func lost() throws {
    let first = try Server()
    first.send(Array(ServerBytes.positions(IPIDriverTests.structure).dropLast(5)))
    #expect(first.finish()?.description.contains("lost: closed within a message") == true)
    let second = try Server()
    second.send(Array("what is this supposed to be?".utf8))
    #expect(second.receive(1).isEmpty)
    #expect(second.finish()?.description.contains("what is this") == true)
  }

  @Test("a server that falls silent is waited for, but not for ever")
  func silence() throws {
    let between = try Server(patience: .init(silence: 0.2, message: 60))
    #expect(between.end() == .silence(.betweenMessages, seconds: 0.2))
    // A message that begins has a time of its own, however its bytes trickle in.
    let within = try Server(patience: .init(silence: 60, message: 0.3))
    let bytes = ServerBytes.positions(IPIDriverTests.structure)
    within.trickle(bytes, pause: 50_000)
    #expect(within.end() == .silence(.withinMessage, seconds: 0.3))
  }

  @Test("a server that never reads is not answered for ever")
  func deafness() throws {
    let server = try Server(patience: .init(silence: 60, message: 0.3))
    // Requests until the answers fill the buffers of the socket.
    let request = ServerBytes.header("STATUS")
    server.trickle(Array((0..<100_000).map { _ in request }.joined()), pause: 0)
    #expect(server.end() == .silence(.unreadAnswer, seconds: 0.3))
  }

  @Test("a server that accepts no connection is not waited for beyond the time")
  func fullQueue() throws {
    try withTemporaryDirectory { folder in
      let path = folder.appendingPathComponent("s").path
      let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(listener) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let size = socklen_t(MemoryLayout<sockaddr_un>.size)
      let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
      }
      try #require(status == 0 && listen(listener, 0) == 0)
      // The first connection fills the queue of a server that never accepts.
      let first = try IPIConnection(to: .unix(path: path))
      let error = #expect(throws: IPIError.self) {
        _ = try IPIConnection(to: .unix(path: path), wait: 0.3)
      }
      #expect(error?.description.contains("no connection") == true)
      _ = consume first
    }
  }

  @Test("a server that is not there is waited for, but not for ever")
  func absence() throws {
    let path = "/tmp/ipi_atomflow-test-\(UUID().uuidString)"
    for address in [IPIAddress.unix(path: path), .tcp(host: "127.0.0.1", port: 1)] {
      let start = ContinuousClock.now
      let error = #expect(throws: IPIError.self) {
        _ = try IPIConnection(to: address, wait: 0.3)
      }
      #expect(error?.description.contains("\(address)") == true)
      #expect(ContinuousClock.now - start > .milliseconds(250))
    }
    #expect(throws: IPIError.self) {
      _ = try IPIConnection(to: .tcp(host: "no.such.host.invalid", port: 1), wait: 60)
    }
  }
}
