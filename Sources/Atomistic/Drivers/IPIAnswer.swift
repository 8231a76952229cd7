/// The messages of a driver to an i-PI server, as bytes.
enum IPIAnswer {
  /// The text behind the virial: an empty JSON object, since some servers cannot read an empty text.
  static let extra = Array("{}".utf8)

  /// How far the driver is.
  static func status(_ state: IPIDriver.State) -> [UInt8] { IPIMessage.header(state.rawValue) }

  /// Energy in hartree, forces in hartree/bohr and the virial in hartree.
  ///
  ///     FORCEREADY, energy, number of atoms, forces, virial, bytes of text, text
  static func forces(energy: Double, forces: [SIMD3<Double>], virial: Matrix3) -> [UInt8] {
    var bytes = IPIMessage.header("FORCEREADY")
    bytes.reserveCapacity(bytes.count + 8 + 4 + 24 * forces.count + 72 + 4 + extra.count)
    append(energy, to: &bytes)
    append(Int32(forces.count), to: &bytes)
    for force in forces {
      for axis in 0..<3 { append(force[axis], to: &bytes) }
    }
    for value in virial.transposed.rowMajor { append(value, to: &bytes) }
    append(Int32(extra.count), to: &bytes)
    return bytes + extra
  }

  private static func append(_ value: Double, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func append(_ value: Int32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
