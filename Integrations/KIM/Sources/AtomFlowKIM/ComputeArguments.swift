internal import Atomistic
internal import CKIM

/// What a simulator hands over for one computation, and asks for.
struct ComputeArguments {
  private let handle: OpaquePointer

  /// Takes a `KIM_ModelComputeArguments`.
  init(_ handle: OpaquePointer) { self.handle = handle }

  /// Reads the atoms; the positions are divided by the size of one angstrom.
  func read(
    into domain: inout Domain, elements: [Element], angstrom: Double
  ) throws(KIMError) {
    guard let count = integers(KIM_COMPUTE_ARGUMENT_NAME_numberOfParticles)?.pointee, count >= 0,
      let codes = integers(KIM_COMPUTE_ARGUMENT_NAME_particleSpeciesCodes),
      let contributing = integers(KIM_COMPUTE_ARGUMENT_NAME_particleContributing),
      let coordinates = reals(KIM_COMPUTE_ARGUMENT_NAME_coordinates)
    else { throw KIMError("the simulator gives no atoms") }
    guard let element = elements.first else { throw KIMError("the model knows no element") }
    let atoms = Int(count)
    domain.resize(to: atoms, of: element)
    for atom in 0..<atoms {
      guard elements.indices.contains(Int(codes[atom])) else {
        throw KIMError(
          "expected species codes from 0 to \(elements.count - 1), found \(codes[atom]) of atom \(atom) "
            + "(counted from 0)")
      }
      domain.elements[atom] = elements[Int(codes[atom])]
      domain.contributes[atom] = contributing[atom] != 0
      domain.positions[atom] =
        SIMD3(coordinates[3 * atom], coordinates[3 * atom + 1], coordinates[3 * atom + 2])
        / angstrom
    }
  }

  /// The neighbours of an atom, valid until the next call; nil where the simulator has none.
  func neighbors(of atom: Int) -> UnsafeBufferPointer<Int32>? {
    var (count, neighbors): (Int32, UnsafePointer<Int32>?) = (0, nil)
    let code = KIM_ModelComputeArguments_GetNeighborList(
      handle, 0, Int32(atom), &count, &neighbors)
    guard code == 0 else { return nil }
    return UnsafeBufferPointer(start: neighbors, count: Int(count))
  }

  /// Writes the energy and those of the atoms, where they are asked for.
  func writeEnergies(_ result: any Evaluation, electronVolt: Double) {
    reals(KIM_COMPUTE_ARGUMENT_NAME_partialEnergy)?.pointee = result.energy * electronVolt
    guard let energies = reals(KIM_COMPUTE_ARGUMENT_NAME_partialParticleEnergy) else { return }
    for (atom, energy) in result.atomicEnergies.enumerated() {
      energies[atom] = energy * electronVolt
    }
  }

  /// Writes the forces, where they are asked for.
  func writeForces(_ result: any Evaluation, unit: Double) {
    guard let forces = reals(KIM_COMPUTE_ARGUMENT_NAME_partialForces) else { return }
    for (atom, force) in result.forces.enumerated() {
      for axis in 0..<3 { forces[3 * atom + axis] = force[axis] * unit }
    }
  }

  /// Writes the derivative by the strain, xx, yy, zz, yz, xz, xy, where it is asked for.
  func writeVirial(_ result: any Evaluation, electronVolt: Double) {
    guard let virial = reals(KIM_COMPUTE_ARGUMENT_NAME_partialVirial) else { return }
    Self.write(result.strainGradient * electronVolt, to: virial)
  }

  /// Writes each atom's part of the virial, where it is asked for.
  func writeParticleVirials(_ result: any Evaluation, electronVolt: Double) throws {
    guard let virials = reals(KIM_COMPUTE_ARGUMENT_NAME_partialParticleVirial) else { return }
    for (atom, part) in try result.atomicStrainGradients().enumerated() {
      Self.write(part * electronVolt, to: virials + 6 * atom)
    }
  }

  private static func write(_ matrix: Matrix3, to virial: UnsafeMutablePointer<Double>) {
    for (place, (row, column)) in Property.voigt.enumerated() {
      virial[place] = (matrix[row, column] + matrix[column, row]) / 2
    }
  }

  private func integers(_ name: KIM_ComputeArgumentName) -> UnsafeMutablePointer<Int32>? {
    var pointer: UnsafeMutablePointer<Int32>?
    _ = KIM_ModelComputeArguments_GetArgumentPointerInteger(handle, name, &pointer)
    return pointer
  }

  private func reals(_ name: KIM_ComputeArgumentName) -> UnsafeMutablePointer<Double>? {
    var pointer: UnsafeMutablePointer<Double>?
    _ = KIM_ModelComputeArguments_GetArgumentPointerDouble(handle, name, &pointer)
    return pointer
  }
}
