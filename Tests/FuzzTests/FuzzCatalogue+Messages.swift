import Atomistic
import Foundation
import TestSupport

/// Messages of a server on the other end of a socket.
extension FuzzCatalogue {
  static let messages = [
    FuzzedReader(name: "i-pi", layout: .binary, inputs: 1500) { _ in
      [classic, classic + pipelined, pipelined + pipelined]
    } read: { input in
      var driver = IPIDriver(template: ModelFixtures.waterBox) { structure in
        IPIDriver.Result(energy: 1, forces: structure.positions, virial: .zero)
      }
      // Portions as a network might make them.
      let portion = 1 + input.bytes.count % 97
      for start in stride(from: 0, to: input.bytes.count, by: portion) {
        _ = try driver.receive(input.bytes[start..<min(start + portion, input.bytes.count)])
      }
    }
  ]

  private static func header(_ name: String) -> [UInt8] {
    Array(name.padding(toLength: 12, withPad: " ", startingAt: 0).utf8)
  }

  private static func bytes(_ value: Int32) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private static func bytes(_ values: [Double]) -> [UInt8] {
    values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
  }

  /// The lengths are those of a sound structure in bohr.
  private static let positions: [UInt8] = {
    let structure = ModelFixtures.waterBox
    let cell = structure.cell!.vectors.transposed.rowMajor.map { $0 / 0.529177210903 }
    let places = structure.positions.flatMap(\.components).map { $0 / 0.529177210903 }
    return header("POSDATA") + bytes(cell) + bytes(cell) + bytes(Int32(structure.count))
      + bytes(places)
  }()

  private static let classic =
    header("STATUS") + header("INIT") + bytes(Int32(0)) + bytes(Int32(12))
    + Array("batch_size:1".utf8) + header("STATUS") + positions + header("STATUS")
    + header("GETFORCE") + header("EXIT")

  private static let pipelined = positions + header("GETFORCE")
}
