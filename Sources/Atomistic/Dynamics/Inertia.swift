import Tensors

/// The masses of atoms in eV fs²/angstrom², and what velocities in angstrom/fs amount to with them.
package struct Inertia: Sendable {
  package let masses: [Double]
  package let inverseMasses: [Double]

  package init(_ elements: [Element]) {
    let unit = Units.atomicMassAngstromSquaredPerFemtosecondSquared
    masses = elements.map { $0.mass * unit }
    inverseMasses = masses.map { 1 / $0 }
  }

  /// `½ Σ m v²` in eV.
  package func kineticEnergy(_ velocities: [SIMD3<Double>]) -> Double {
    var sum = 0.0
    for atom in masses.indices { sum += masses[atom] * velocities[atom].dot(velocities[atom]) }
    return sum / 2
  }

  /// `Σ m v` in eV fs/angstrom.
  func momentum(_ velocities: [SIMD3<Double>]) -> SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    for atom in masses.indices { sum += masses[atom] * velocities[atom] }
    return sum
  }

  /// Takes the velocity of the centre of mass off all atoms.
  func removeDrift(_ velocities: inout [SIMD3<Double>]) {
    let drift = momentum(velocities) / masses.reduce(0, +)
    for atom in velocities.indices { velocities[atom] -= drift }
  }

  /// The standard deviation of a velocity component at a temperature, `√(k T / m)`.
  @inline(__always)
  func thermalSpeed(_ atom: Int, temperature: Double) -> Double {
    (Units.boltzmann * temperature * inverseMasses[atom]).squareRoot()
  }

  /// Velocities drawn from the distribution of Maxwell and Boltzmann.
  func thermalVelocities(
    temperature: Double, random: inout RandomStream
  ) -> [SIMD3<Double>] {
    masses.indices.map { thermalSpeed($0, temperature: temperature) * random.normalVector() }
  }

  /// Adds the impulses of forces that act for a time.
  func kick(_ velocities: inout [SIMD3<Double>], by forces: [SIMD3<Double>], during time: Double) {
    for atom in velocities.indices {
      velocities[atom] += time * inverseMasses[atom] * forces[atom]
    }
  }
}
