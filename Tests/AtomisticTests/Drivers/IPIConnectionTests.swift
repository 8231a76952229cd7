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

    init() throws {
      var pair: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      let end = pair[1]
      descriptor = pair[0]
      queue.async { [self] in
        let connection = IPIConnection(adopting: end)
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

  @Test("a server that is not there is waited for, but not for ever")
  func absence() throws {
    let path = "/tmp/ipi_atomflow-test-\(UUID().uuidString)"
    for address in [IPIAddress.unix(path: path), .tcp(host: "127.0.0.1", port: 1)] {
      let start = ContinuousClock.now
      let error = #expect(throws: IPIError.self) {
        _ = try IPIConnection(to: address, patience: 0.3)
      }
      #expect(error?.description.contains("\(address)") == true)
      #expect(ContinuousClock.now - start > .milliseconds(250))
    }
    #expect(throws: IPIError.self) {
      _ = try IPIConnection(to: .tcp(host: "no.such.host.invalid", port: 1), patience: 60)
    }
  }
}
