import Tensors

/// A trajectory at constant temperature, whose frames are samples and not dynamics to be trusted.
///
/// Langevin's equation in the splitting BAOAB: half a kick, half a drift, friction and noise, half a
/// drift, half a kick. Its configurations are those of the canonical ensemble up to an error of
/// fourth order in the time step for harmonic bonds.
///
/// Source: B. Leimkuhler, C. Matthews, J. Chem. Phys. 138, 174102 (2013).
struct LangevinSampler {
  private(set) var structure: Structure
  private let calculator: Calculator<Double>
  private let labeller: Calculator<Double>
  private let timestep: Double
  private var random: RandomStream
  private let inverseMasses: [Double]
  private let thermalSpeeds: [Double]
  private var velocities: [SIMD3<Double>]

  /// Starts at a structure, with velocities drawn at the temperature.
  ///
  /// - Parameters:
  ///   - structure: Where to start.
  ///   - potential: The source of forces and labels.
  ///   - temperature: The temperature in kelvin.
  ///   - timestep: The time step in fs.
  ///   - random: The stream that velocities and noise are drawn from.
  /// - Throws: A `PotentialError` where the model does not fit the structure.
  init(
    _ structure: Structure, _ potential: any Potential, temperature: Double,
    timestep: Double, random: RandomStream
  ) throws(PotentialError) {
    self.structure = structure
    calculator = Calculator(potential, skin: 0.6, computesStress: false)
    labeller = Calculator(potential, skin: 0)
    self.timestep = timestep
    self.random = random
    let unit = Units.atomicMassAngstromSquaredPerFemtosecondSquared
    inverseMasses = structure.elements.map { 1 / ($0.mass * unit) }
    thermalSpeeds = inverseMasses.map { (Units.boltzmann * temperature * $0).squareRoot() }
    velocities = Array(repeating: .zero, count: structure.count)
    for atom in velocities.indices { velocities[atom] = thermalSpeeds[atom] * noise() }
    try calculator.evaluate(structure)
  }

  private mutating func noise() -> SIMD3<Double> {
    [random.normal(), random.normal(), random.normal()]
  }

  /// Goes on by some steps.
  ///
  /// - Parameters:
  ///   - steps: The number of steps.
  ///   - friction: The friction in 1/fs.
  /// - Throws: A `PotentialError` where the model does not fit the structure any more.
  mutating func run(_ steps: Int, friction: Double) throws(PotentialError) {
    let keep = Double.exp(SIMD8(repeating: -friction * timestep))[0]
    let renew = (1 - keep * keep).squareRoot()
    let half = timestep / 2
    for _ in 0..<steps {
      for atom in velocities.indices {
        velocities[atom] += half * inverseMasses[atom] * calculator.forces[atom]
        structure.positions[atom] += half * velocities[atom]
        velocities[atom] = keep * velocities[atom] + renew * thermalSpeeds[atom] * noise()
        structure.positions[atom] += half * velocities[atom]
      }
      try calculator.evaluate(structure)
      for atom in velocities.indices {
        velocities[atom] += half * inverseMasses[atom] * calculator.forces[atom]
      }
    }
  }

  /// The structure with energy, forces and stress, atoms moved into the cell.
  ///
  /// - Returns: The frame.
  /// - Throws: A `PotentialError` where the model does not fit the structure.
  func frame() throws(PotentialError) -> Structure {
    var frame = structure
    if let cell = frame.cell { frame.positions = frame.positions.map(cell.wrapped) }
    frame.labels = try labeller(frame)
    return frame
  }
}
