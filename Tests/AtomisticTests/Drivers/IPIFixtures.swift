import Foundation
import TestSupport

@testable import Atomistic

/// What a server of the protocol sends, made byte by byte from its description.
enum ServerBytes {
  static func header(_ name: String) -> [UInt8] {
    Array(name.padding(toLength: 12, withPad: " ", startingAt: 0).utf8)
  }

  static func integer(_ value: Int32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: UInt32(bitPattern: value) >> (8 * UInt32($0))) }
  }

  static func doubles(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in
      (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }
  }

  /// Cell and positions in angstrom, sent in bohr with lattice vectors as columns.
  static func positions(_ structure: Structure, count: Int? = nil) -> [UInt8] {
    let cell = structure.cell?.vectors ?? .zero
    let columns = (0..<3).flatMap { row in (0..<3).map { cell[$0, row] / 0.529177210903 } }
    let places = structure.positions.flatMap { [$0.x, $0.y, $0.z] }.map { $0 / 0.529177210903 }
    return header("POSDATA") + doubles(columns) + doubles(Array(repeating: 0, count: 9))
      + integer(Int32(count ?? structure.count)) + doubles(places)
  }

  static func initialization(_ parameters: String, length: Int32? = nil) -> [UInt8] {
    header("INIT") + integer(3) + integer(length ?? Int32(parameters.utf8.count))
      + Array(parameters.utf8)
  }
}

/// The answer to GETFORCE as a server understands it, in eV and angstrom.
struct ServerReading: Equatable {
  var energy: Double
  var forces: [SIMD3<Double>]
  var virial: Matrix3
  var rest: [UInt8]

  init?(_ bytes: [UInt8], atoms: Int) {
    guard bytes.count >= 12 + 8 + 4 + 24 * atoms + 72 + 4,
      Array(bytes.prefix(12)) == ServerBytes.header("FORCEREADY")
    else { return nil }
    func double(_ offset: Int) -> Double {
      Double(
        bitPattern: bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    func integer(_ offset: Int) -> Int {
      bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    guard integer(20) == atoms else { return nil }
    energy = double(12) * 27.211386245988
    forces = (0..<atoms).map { atom in
      let place = 24 + 24 * atom
      return SIMD3(double(place), double(place + 8), double(place + 16))
        * (27.211386245988 / 0.529177210903)
    }
    let place = 24 + 24 * atoms
    virial =
      Matrix3(rowMajor: (0..<9).map { double(place + 8 * $0) * 27.211386245988 }).transposed
    guard bytes.count == place + 76 + integer(place + 72) else { return nil }
    rest = Array(bytes[(place + 76)...])
  }
}

extension IPIDriver {
  /// A driver with the forces of a calculator.
  init(_ potential: any Potential, template: Structure) {
    let calculator = Calculator<Double>(potential)
    self.init(template: template) { structure throws(PotentialError) in
      try calculator.evaluate(structure)
      return Result(
        energy: calculator.energy, forces: calculator.forces,
        virial: calculator.strainGradient * -1)
    }
  }
}
