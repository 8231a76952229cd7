/// The driver's side of the i-PI protocol, without a socket: bytes in, bytes out.
///
/// It understands the exchange with a status before each message as well as positions and the request
/// for forces in one piece, with or without an initialisation. The protocol sends no elements, so these
/// and the periodic axes are those of a template; the server's cell counts if the template has
/// one. Numbers come and go in bohr and hartree; the virial is `-V` times the stress.
///
/// https://docs.ipi-code.org/distributed.html
public struct IPIDriver {
  /// How far the driver is.
  public enum State: String, Sendable, CaseIterable {
    /// Waits for an initialisation, but takes positions, too.
    case needsInitialization = "NEEDINIT"
    /// Waits for positions.
    case ready = "READY"
    /// Has forces to send.
    case hasData = "HAVEDATA"
  }

  /// The answer to a structure, in eV and angstrom.
  public struct Result: Sendable {
    /// The energy in eV.
    public var energy: Double
    /// The forces in eV/angstrom.
    public var forces: [SIMD3<Double>]
    /// The virial `-V stress` in eV.
    public var virial: Matrix3

    /// Takes all as it is.
    public init(energy: Double, forces: [SIMD3<Double>], virial: Matrix3) {
      (self.energy, self.forces, self.virial) = (energy, forces, virial)
    }
  }

  /// How far the driver is.
  public private(set) var state = State.needsInitialization
  /// Whether the server has ended the conversation.
  public private(set) var isFinished = false
  /// The number of structures that have been computed.
  public private(set) var evaluations = 0
  /// Whether no message is under way, so that a closed connection is no accident.
  public var isAtBoundary: Bool { decoder.isAtBoundary }

  /// Whether the server has sent a cell that is not used, as the template has none.
  public private(set) var ignoresCell = false

  private var structure: Structure
  private var answer: [UInt8] = []
  private var decoder: IPIDecoder
  private let evaluate: (Structure) throws(PotentialError) -> Result
  private let note: (String) -> Void

  /// More atoms than this in a cubic angstrom are no matter that any potential knows.
  private static let highestDensity = 2.0
  /// Faces closer than this, in angstrom, belong to no cell of atoms, but have images without end.
  private static let smallestHeight = 0.5

  /// Prepares for structures with the elements of a template.
  ///
  /// - Parameters:
  ///   - template: The elements in the server's order, and a cell if structures are periodic.
  ///   - note: Receives a sentence if the server sends a cell that is not used.
  ///   - evaluate: Computes a structure in eV and angstrom.
  public init(
    template: Structure, note: @escaping (String) -> Void = { _ in },
    evaluate: @escaping (Structure) throws(PotentialError) -> Result
  ) {
    structure = Structure(
      elements: template.elements, positions: template.positions, cell: template.cell)
    self.note = note
    self.evaluate = evaluate
    decoder = IPIDecoder(atoms: template.count)
  }

  /// Takes bytes from the server and returns the bytes to send back.
  ///
  /// - Throws: An `IPIError` after which the conversation cannot go on.
  public mutating func receive(_ bytes: some Collection<UInt8>) throws(IPIError) -> [UInt8] {
    var reply: [UInt8] = []
    decoder.append(bytes)
    while !isFinished, let message = try decoder.next() { reply += try respond(to: message) }
    return reply
  }

  private mutating func respond(to message: IPIMessage) throws(IPIError) -> [UInt8] {
    switch message {
    case .status: return IPIAnswer.status(state)
    case .exit: isFinished = true
    case .initialize(_, let parameters):
      let text = String(decoding: parameters, as: UTF8.self)
      guard Self.batchSize(text) <= 1 else {
        throw .message(
          expected: "one structure at a time", found: "batches of \(Self.batchSize(text))")
      }
      if state == .needsInitialization { state = .ready }
    case .positions(let cell, let positions):
      try compute(cell, positions)
      state = .hasData
    case .getForce:
      guard state == .hasData else {
        throw .message(expected: "POSDATA before GETFORCE", found: "none")
      }
      state = .ready
      return answer
    }
    return []
  }

  /// The number N in `batch_size:N`, or one.
  private static func batchSize(_ parameters: String) -> Int {
    let fields = parameters.split { $0 == "," || $0.isWhitespace }
    let entry = fields.first { $0.hasPrefix("batch_size:") }
    return entry.flatMap { Int($0.dropFirst("batch_size:".count)) } ?? 1
  }

  private mutating func compute(
    _ cell: Matrix3, _ positions: [SIMD3<Double>]
  ) throws(IPIError) {
    structure.positions = positions.map { $0 * Units.bohr }
    if let own = structure.cell {
      structure.cell = try self.cell(cell * Units.bohr, like: own)
    } else if !ignoresCell, cell != .zero {
      ignoresCell = true
      note(
        "the server sends a cell, \((cell * Units.bohr).rowMajor) angstrom, which is not used: the "
          + "template has no cell, so the atoms are in open space; give it a Lattice if they are "
          + "periodic, or a Lattice and pbc=\"F F F\" if they are not")
    }
    let result: Result
    do throws(PotentialError) { result = try evaluate(structure) } catch { throw .potential(error) }
    answer = IPIAnswer.forces(
      energy: result.energy / Units.hartree,
      forces: result.forces.map { $0 * (Units.bohr / Units.hartree) },
      virial: result.virial / Units.hartree)
    evaluations += 1
  }

  private func cell(_ vectors: Matrix3, like template: Cell) throws(IPIError) -> Cell {
    guard let completed = Cell.completing(vectors), Cell.isValid(completed),
      (0..<3).allSatisfy({ !template.periodicity[$0] || vectors[$0] != .zero })
    else {
      throw .structure(
        expected: "a cell that spans a volume, as the template is periodic",
        found: "\(vectors.rowMajor) angstrom")
    }
    let cell = Cell(completed, periodicity: template.periodicity)
    guard (0..<3).allSatisfy({ !cell.periodicity[$0] || cell.heights[$0] >= Self.smallestHeight })
    else {
      throw .structure(
        expected: "faces of the cell at least \(Self.smallestHeight) angstrom apart",
        found: "\(cell.heights) for \(vectors.rowMajor); its lengths should be in bohr")
    }
    guard
      template.periodicity != .all || Double(structure.count) < Self.highestDensity * cell.volume
    else {
      throw .structure(
        expected: "at most \(Self.highestDensity) atoms in a cubic angstrom",
        found: "\(structure.count) in \(cell.volume); its lengths should be in bohr")
    }
    return cell
  }
}
