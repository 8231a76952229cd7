public import Foundation
public import Graph
public import Tensors

/// Everything a trajectory needs to go on bit for bit.
///
/// One safetensors file, written beside the old one and renamed: a run that is cut off leaves the old
/// file or the new one. Beside positions and velocities it has the positions from which the neighbour
/// list in use was made, since the order of pairs decides the last bits of forces.
public struct DynamicsRestart: Sendable {
  /// The settings of the trajectory.
  public var settings: DynamicsSettings
  /// The length of the trajectory, and the intervals of its files.
  public var plan: DynamicsPlan
  /// The precision of the forces.
  public var precision: Precision
  /// The number of steps done.
  public var step: Int
  /// The end of the frames.
  public var trajectory: TrajectoryMark

  let elements: [Element]
  let positions, velocities, listedPositions: [SIMD3<Double>]
  let cell, listedCell: Cell?
  let random: RandomStream
  let extrapolations: ExtrapolationCount?
  let potentialEnergy, kineticEnergyInside, exchangedEnergy: Double

  /// Takes down where a trajectory is.
  public init<Scalar: RealScalar>(
    _ dynamics: Dynamics<Scalar>, plan: DynamicsPlan, trajectory: TrajectoryMark
  ) {
    let listed = dynamics.calculator.listed
    (settings, self.plan, precision) = (dynamics.settings, plan, Scalar.precision)
    (step, self.trajectory) = (dynamics.step, trajectory)
    elements = dynamics.structure.elements
    (positions, velocities) = (dynamics.structure.positions, dynamics.velocities)
    listedPositions = listed?.positions ?? positions
    (cell, listedCell) = (dynamics.structure.cell, listed?.cell)
    (random, extrapolations) = (dynamics.random, dynamics.extrapolations)
    potentialEnergy = dynamics.calculator.energy
    kineticEnergyInside = dynamics.kineticEnergyInside
    exchangedEnergy = dynamics.exchangedEnergy
  }

  // MARK: - The file

  /// The entries that are text.
  private struct Head: Codable {
    var settings: DynamicsSettings
    var plan: DynamicsPlan
    var precision: String
    var step, trajectoryByteCount: Int
    var trajectoryDigest: UInt64?
    var periodicity: UInt8?
    var random: RandomStream
    var extrapolations: ExtrapolationCount?
  }

  private static let format = "AtomFlow dynamics 2"

  /// The format before, whose files have no checksum.
  private static let formerFormat = "AtomFlow dynamics 1"

  /// Writes the file.
  ///
  /// - Throws: A `SafeTensorsError` where it cannot be written; what was there is then intact.
  public func write(to file: URL) throws {
    let head = Head(
      settings: settings, plan: plan, precision: precision.rawValue, step: step,
      trajectoryByteCount: trajectory.byteCount, trajectoryDigest: trajectory.digest,
      periodicity: cell?.periodicity.rawValue,
      random: random, extrapolations: extrapolations)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(head), as: UTF8.self)
    var tensors = [
      "elements": Tensor(.int32(elements.map { Int32($0.number) }), shape: [elements.count]),
      "positions": Self.tensor(positions), "velocities": Self.tensor(velocities),
      "list.positions": Self.tensor(listedPositions),
      "energies": Tensor([potentialEnergy, kineticEnergyInside, exchangedEnergy], shape: [3]),
    ]
    if let cell { tensors["cell"] = Tensor(cell.vectors.rowMajor, shape: [3, 3]) }
    if let listedCell { tensors["list.cell"] = Tensor(listedCell.vectors.rowMajor, shape: [3, 3]) }
    try SafeTensors(tensors: tensors, metadata: ["format": Self.format, "head": text])
      .write(to: file)
  }

  /// Reads a file and checks all of it.
  ///
  /// - Throws: A `SafeTensorsError` or `ModelFileError` that says what is wrong with it; no value of a
  ///   file that is read ends the program later.
  public init(contentsOf file: URL) throws {
    let content = try SafeTensors(contentsOf: file)
    func fault(_ key: String?, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(file: file.path, key: key, expected: expected, found: found)
    }
    let format = content.metadata["format"]
    guard format == Self.format || format == Self.formerFormat else {
      throw fault("format", Self.format, format ?? "nothing")
    }
    guard format == Self.formerFormat || content.checksum != nil else {
      throw fault("checksum", "the digest of the content", "none")
    }
    let reader = ModelFileReader(file.path, content)
    let head: Head = try reader.json("head", "settings, plan and random stream")
    guard let precision = Precision(rawValue: head.precision) else {
      throw fault("head", "a precision", "'\(head.precision)'")
    }
    let counts = 0...Int.max >> 10
    guard counts.contains(head.step), counts.contains(head.trajectoryByteCount) else {
      throw fault(
        "head", "numbers of steps and bytes", "\(head.step) and \(head.trajectoryByteCount)")
    }
    func numbers(_ key: String, _ shape: [Int]) throws -> [Double] {
      guard let tensor = content.tensors[key], tensor.shape == shape,
        tensor.doubles.allSatisfy(\.isFinite)
      else { throw fault(key, "finite numbers of shape \(shape)", "something else") }
      return tensor.doubles
    }
    func vectors(_ key: String, _ count: Int) throws -> [SIMD3<Double>] {
      let values = try numbers(key, [count, 3])
      // Beyond this no arithmetic of cells and neighbours makes sense.
      guard values.allSatisfy({ abs($0) <= 1e9 }) else {
        throw fault(key, "numbers of a size up to 1e9", "larger ones")
      }
      return (0..<count).map { [values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]] }
    }
    func cell(_ key: String) throws -> Cell? {
      guard let periodicity = head.periodicity else { return nil }
      let vectors = Matrix3(rowMajor: try numbers(key, [3, 3]))
      guard Cell.isValid(vectors) else { throw fault(key, "a cell", "vectors without a volume") }
      return Cell(vectors, periodicity: Periodicity(rawValue: periodicity))
    }
    guard case .int32(let atomicNumbers) = content.tensors["elements"]?.values else {
      throw fault("elements", "atomic numbers", "something else")
    }
    elements = try atomicNumbers.map {
      guard let element = Element(number: Int($0)) else {
        throw fault("elements", "atomic numbers", "\($0)")
      }
      return element
    }
    guard !elements.isEmpty else { throw fault("elements", "atomic numbers", "none") }
    positions = try vectors("positions", elements.count)
    velocities = try vectors("velocities", elements.count)
    listedPositions = try vectors("list.positions", elements.count)
    (self.cell, listedCell) = (try cell("cell"), try cell("list.cell"))
    if let vectors = self.cell?.vectors, let listed = listedCell?.vectors {
      // A list is made anew long before; that of a cell which is almost flat would take all memory.
      for axis in 0..<3 where (listed[axis] - vectors[axis]).length > 0.5 * vectors[axis].length {
        throw fault("list.cell", "a cell near the present one", "another")
      }
    }
    let energies = try numbers("energies", [3])
    (potentialEnergy, kineticEnergyInside, exchangedEnergy) = (
      energies[0], energies[1], energies[2]
    )
    (settings, plan, self.precision) = (head.settings, head.plan, precision)
    step = head.step
    trajectory = TrajectoryMark(
      byteCount: head.trajectoryByteCount, digest: head.trajectoryDigest)
    (random, extrapolations) = (head.random, head.extrapolations)
  }

  private static func tensor(_ vectors: [SIMD3<Double>]) -> Tensor {
    Tensor(vectors.flatMap { [$0.x, $0.y, $0.z] }, shape: [vectors.count, 3])
  }
}

extension Dynamics {
  /// Goes on with a trajectory.
  ///
  /// - Parameters:
  ///   - restart: Where it was.
  ///   - potential: The same source of forces.
  ///   - state: The weights of the potential.
  ///   - workers: As many threads as before, for the same bits.
  /// - Throws: A `DynamicsError` where the potential does not fit the structure.
  public convenience init(
    resuming restart: DynamicsRestart, _ potential: any Potential, state: State<Scalar>? = nil,
    workers: Workers = Workers(count: 1)
  ) throws(DynamicsError) {
    let listed = Structure(
      elements: restart.elements, positions: restart.listedPositions, cell: restart.listedCell)
    self.init(
      atoms: listed, velocities: restart.velocities, potential, state: state,
      settings: restart.settings, random: restart.random, workers: workers)
    step = restart.step
    kineticEnergyInside = restart.kineticEnergyInside
    exchangedEnergy = restart.exchangedEnergy
    do throws(PotentialError) {
      try calculator.evaluate(listed)
      structure.positions = restart.positions
      structure.cell = restart.cell
      try calculator.evaluate(structure)
    } catch { throw .potential(error, step: step) }
    if let counted = restart.extrapolations, extrapolations != nil { extrapolations = counted }
  }

  /// The difference of the potential energy from the restart's, in eV; zero if the run goes on bit for
  /// bit.
  public func energyError(since restart: DynamicsRestart) -> Double {
    abs(calculator.energy - restart.potentialEnergy)
  }
}
