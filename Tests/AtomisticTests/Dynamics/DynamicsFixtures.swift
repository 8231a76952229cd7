import Atomistic
import Graph
import Tensors

/// Atoms that do not interact.
struct IdealGas: Potential {
  let elements: [Element] = [.helium, .argon]
  let cutoff = 0.2

  func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let zero = Symbol.fill(0, [AtomisticInputs.atoms])
    return zero + inputs.displacements.sum(along: 1).segmentSum(
      by: inputs.first, count: AtomisticInputs.atoms) * 0
  }
}

/// Structures and trajectories that dynamics is tested with.
enum DynamicsFixtures {
  /// The model of argon.
  static let argon = LennardJones(
    [.init(.argon, .argon): .init(epsilon: 0.0103, sigma: 3.405)], cutoff: 6.5)

  /// A crystal of 32 atoms of argon, a little askew.
  static let crystal: Structure = {
    let edge = 5.3
    let sites: [SIMD3<Double>] = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]]
    let unit = Structure(
      elements: sites.map { _ in .argon }, positions: sites.map { $0 * edge },
      cell: Cell(cubic: edge))
    let shear = Matrix3([1, 0.02, 0], [0, 1, 0.03], [0.01, 0, 1])
    var crystal = unit.repeated(SIMD3(2, 2, 2))
    crystal.positions = crystal.positions.map { $0 * shear }
    crystal.cell = crystal.cell?.deformed(by: shear)
    return crystal
  }()

  /// Eight molecules of water, which have left their lattice.
  static let water: Structure = {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (300, 10)
    let frames = try? WaterDataset.generate(
      frames: 1, molecules: 8, densities: [0.9], temperatures: [300], seed: 5, sampling: sampling)
    return Structure(
      elements: frames![0].elements, positions: frames![0].positions, cell: frames![0].cell)
  }()

  /// A gas in a cubic cell, on random places.
  static func gas(_ count: Int, volume: Double) -> Structure {
    var random = RandomStream(seed: 9)
    let edge = Double.power(.init(repeating: volume), .init(repeating: 1.0 / 3))[0]
    return Structure(
      elements: (0..<count).map { $0 % 2 == 0 ? .helium : .argon },
      positions: (0..<count).map { _ in
        edge * [random.uniformDouble(), random.uniformDouble(), random.uniformDouble()]
      }, cell: Cell(cubic: edge))
  }

  static func dynamics(
    _ start: Structure, _ potential: any Potential, _ ensemble: Ensemble, timestep: Double = 0.5,
    temperature: Double = 300, limits: DynamicsLimits = .init(),
    extrapolation: ExtrapolationPolicy = .warn, seed: UInt64 = 1
  ) throws -> Dynamics<Double> {
    try Dynamics(
      start, potential,
      settings: DynamicsSettings(
        ensemble, timestep: timestep, limits: limits, extrapolation: extrapolation),
      temperature: temperature, random: RandomStream(seed: seed))
  }

  /// All ensembles by all means.
  static let ensembles: [Ensemble] = {
    let thermostats = Thermostat.Method.allCases.map { Thermostat($0, temperature: 310, time: 40) }
    let barostats = Barostat.Method.allCases.map {
      Barostat($0, pressure: 500, time: 100)
    }
    return [.nve] + thermostats.map(Ensemble.nvt)
      + thermostats.flatMap { thermostat in barostats.map { .npt(thermostat, $0) } }
  }()
}

extension Dynamics {
  /// Goes on by some steps.
  func advance(_ steps: Int) throws {
    for _ in 0..<steps { try advance() }
  }
}

/// Mean and variance of numbers.
func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, squares / Double(values.count - 1))
}

/// The standard error of the mean of a series, from the means of 20 blocks.
func standardError(_ values: [Double]) -> Double {
  let size = values.count / 20
  let blocks = (0..<20).map { block in
    values[block * size..<(block + 1) * size].reduce(0, +) / Double(size)
  }
  return (moments(blocks).variance / 20).squareRoot()
}
