import Foundation
import Tensors
import TestSupport
import Testing

@testable import Atomistic

@Suite("The i-PI protocol, seen from the server")
struct IPIDriverTests {
  static let structure = ModelFixtures.waterBox

  static func driver() -> IPIDriver { IPIDriver(ModelFixtures.network, template: structure) }

  /// What the calculator says without a protocol.
  static func expected(_ structure: Structure = structure) throws -> Labels {
    try Calculator<Double>(ModelFixtures.network)(structure)
  }

  static func check(_ bytes: [UInt8], _ structure: Structure = structure) throws {
    let found = try #require(ServerReading(bytes, atoms: structure.count))
    let labels = try expected(structure)
    #expect(abs(found.energy - (labels.energy ?? .nan)) < 1e-9)
    for (a, b) in zip(found.forces, labels.forces ?? []) { #expect((a - b).length < 1e-9) }
    if let stress = labels.stress, let cell = structure.cell {
      #expect(found.virial.difference(stress * -cell.volume) < 1e-9)
    }
    #expect(String(decoding: found.rest, as: UTF8.self) == "{}")
  }

  @Test("the classic exchange goes from status to status")
  func classic() throws {
    var driver = Self.driver()
    func status() throws -> String {
      let answer = try driver.receive(ServerBytes.header("STATUS"))
      #expect(answer.count == 12)
      return String(decoding: answer, as: UTF8.self)
    }
    #expect(try status() == "NEEDINIT    ")
    #expect(try driver.receive(ServerBytes.initialization("{}")).isEmpty)
    for step in 0..<3 {
      #expect(try status() == "READY       ")
      var moved = Self.structure
      moved.positions[0].x += 0.01 * Double(step)
      moved.cell = moved.cell?.scaled(by: 1 + 0.01 * Double(step))
      #expect(try driver.receive(ServerBytes.positions(moved)).isEmpty)
      #expect(try status() == "HAVEDATA    ")
      try Self.check(try driver.receive(ServerBytes.header("GETFORCE")), moved)
    }
    #expect(try driver.receive(ServerBytes.header("EXIT")).isEmpty)
    #expect(driver.isFinished && driver.evaluations == 3)
  }

  @Test("a cell that the server sends and the template lacks is named once")
  func unusedCell() throws {
    var open = Self.structure
    open.cell = nil
    var notes: [String] = []
    var driver = IPIDriver(template: open, note: { notes.append($0) }) { structure in
      IPIDriver.Result(
        energy: 0, forces: structure.positions.map { _ in .zero }, virial: .zero)
    }
    for _ in 0..<2 { _ = try driver.receive(ServerBytes.positions(Self.structure)) }
    #expect(driver.ignoresCell && notes.count == 1)
    #expect(notes.first?.contains("the template has no cell") == true)
  }

  @Test("positions and the request in one piece are answered without an initialisation")
  func pipelined() throws {
    var driver = Self.driver()
    let piece = ServerBytes.positions(Self.structure) + ServerBytes.header("GETFORCE")
    try Self.check(try driver.receive(piece))
    let more = try driver.receive(ServerBytes.header("STATUS") + piece)
    #expect(Array(more.prefix(12)) == ServerBytes.header("READY"))
    try Self.check(Array(more.dropFirst(12)))
  }

  @Test("bytes may come in any portions", arguments: [1, 3, 7, 100])
  func portions(size: Int) throws {
    var driver = Self.driver()
    let bytes =
      ServerBytes.initialization("some text") + ServerBytes.header("STATUS")
      + ServerBytes.positions(Self.structure) + ServerBytes.header("getforce")
      + ServerBytes.header("EXIT")
    var answer: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      answer += try driver.receive(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(Array(answer.prefix(12)) == ServerBytes.header("READY"))
    try Self.check(Array(answer.dropFirst(12)))
    #expect(driver.isFinished && driver.isAtBoundary)
  }

  @Test("an open structure takes no notice of the server's cell")
  func openStructure() throws {
    let molecule = ModelFixtures.waterMolecule
    var driver = IPIDriver(ModelFixtures.network, template: molecule)
    var boxed = molecule
    for cell in [nil, Cell(cubic: 3)] {
      boxed.cell = cell
      let piece = ServerBytes.positions(boxed) + ServerBytes.header("GETFORCE")
      try Self.check(try driver.receive(piece), molecule)
    }
  }

  static let broken: [(bytes: [UInt8], words: String)] = [
    (ServerBytes.header("HELLO"), "HELLO"),
    (Array("GET / HTTP/1.1\r\n\r\n".utf8), "GET / HTTP/1"),
    (ServerBytes.header("GETFORCE"), "POSDATA before GETFORCE"),
    (ServerBytes.positions(structure, count: 7), "6 atoms as in the template"),
    (ServerBytes.positions(structure, count: -1), "found -1"),
    (ServerBytes.positions(structure, count: Int(Int32.max)), "found 2147483647"),
    (ServerBytes.initialization("", length: -1), "bytes of parameters"),
    (ServerBytes.initialization("", length: .max), "bytes of parameters"),
    (ServerBytes.initialization("a, batch_size:4"), "batches of 4"),
    (
      ServerBytes.header("POSDATA") + ServerBytes.doubles(Array(repeating: .nan, count: 18))
        + ServerBytes.integer(6) + ServerBytes.doubles(Array(repeating: 0, count: 18)), "finite"
    ),
    (
      ServerBytes.header("POSDATA") + ServerBytes.doubles(Array(repeating: 0, count: 18))
        + ServerBytes.integer(6) + ServerBytes.doubles(Array(repeating: 0, count: 18)), "a cell"
    ),
    (
      ServerBytes.positions(
        Structure(
          elements: structure.elements, positions: structure.positions,
          cell: Cell(cubic: 0.7))), "cubic angstrom"
    ),
    (
      ServerBytes.positions(
        Structure(
          elements: structure.elements, positions: structure.positions,
          cell: Cell(Matrix3([1e4, 0, 0], [1e4, 0.1, 0], [0, 0, 1e3])))), "angstrom apart"
    ),
    (
      ServerBytes.positions(
        Structure(
          elements: structure.elements, positions: Array(repeating: .zero, count: 6),
          cell: structure.cell)), "atoms"
    ),
  ]

  @Test("what is broken is refused in a sentence", arguments: broken.indices)
  func faults(number: Int) {
    let (bytes, words) = Self.broken[number]
    var driver = Self.driver()
    let error = #expect(throws: IPIError.self) { try driver.receive(bytes) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test("noise neither crashes the driver nor makes it keep more than a message", arguments: 0..<40)
  func noise(seed: Int) {
    var random = RandomStream(seed: UInt64(seed))
    let pieces =
      [
        ServerBytes.header("STATUS"), ServerBytes.initialization("text"),
        ServerBytes.positions(Self.structure), ServerBytes.header("GETFORCE"),
      ] + Self.broken.map(\.bytes)
    var driver = IPIDriver(template: Self.structure) { structure in
      IPIDriver.Result(energy: 0, forces: structure.positions, virial: .zero)
    }
    for _ in 0..<400 {
      var bytes = pieces[random.integer(below: random.integer(below: 10) < 9 ? 4 : pieces.count)]
      if random.integer(below: 20) == 0 {
        bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
      }
      if random.integer(below: 30) == 0 { bytes.removeLast(random.integer(below: bytes.count)) }
      do {
        let answer = try driver.receive(bytes)
        #expect(answer.count <= 2 * (12 + 8 + 4 + 24 * 6 + 72 + 4 + 2))
      } catch {
        driver = IPIDriver(template: Self.structure) { structure in
          IPIDriver.Result(energy: 0, forces: structure.positions, virial: .zero)
        }
      }
    }
  }

  @Test(
    "addresses are sockets of i-PI's names, or hosts and ports",
    arguments: [
      ("unix:water", .unix(path: "/tmp/ipi_water")), ("unix:/run/a", .unix(path: "/run/a")),
      ("localhost:31415", .tcp(host: "localhost", port: 31415)),
      ("10.0.0.1", .tcp(host: "10.0.0.1", port: 31415)), ("[::1]:80", .tcp(host: "::1", port: 80)),
      ("", nil), ("unix:", nil), ("a:0", nil), ("a:70000", nil), ("a:b", nil), (":80", nil),
      ("a b:80", nil), ("unix:" + String(repeating: "a", count: 200), nil),
    ] as [(String, IPIAddress?)])
  func addresses(text: String, address: IPIAddress?) {
    #expect(IPIAddress(text) == address)
    if let address { #expect(IPIAddress(address.description) == address) }
  }
}
