import Atomistic
import Tensors

/// The start of a new trajectory: a structure, and the settings of the command line.
struct DynamicsStart {
  let file: String
  let temperature: Double
  let keepsVelocities: Bool
  let repetition: SIMD3<Int>
  let seed: Int
  let precision: Precision
  let plan: DynamicsPlan
  let options: StructureOptions
  private let settings: DynamicsSettings
  private let highestTemperature: Double?
  private let densityRange: ClosedRange<Double>?

  init(_ arguments: Arguments) throws(UsageError) {
    typealias Verb = MolecularDynamics
    func positive(
      _ option: Option<Double>, else usual: Double? = nil
    ) throws(UsageError) -> Double {
      let value = arguments[option] ?? usual ?? arguments.value(option)
      guard value > 0 else { throw .rule("--\(option.name) should be above 0, but is \(value).") }
      return value
    }
    func interval(_ option: Option<Int>) throws(UsageError) -> Int {
      let value = arguments.value(option)
      guard value > 0 else {
        throw .rule("--\(option.name) should be at least 1, but is \(value).")
      }
      return value
    }
    let needed: [any Parameter] = [Verb.start, Verb.ensemble, Verb.temperature, Verb.steps]
    guard let file = arguments[Verb.start], let name = arguments[Verb.ensemble],
      let temperature = arguments[Verb.temperature], let steps = arguments[Verb.steps]
    else {
      let given = arguments.given(among: needed)
      let names = needed.map(\.spelling).filter { !given.contains($0) }
      throw .rule("without --resume, a run also needs \(names.joined(separator: ", ")).")
    }
    (self.file, self.temperature) = (file, temperature)
    guard (0...1e8).contains(temperature) else {
      throw .rule("--temperature should lie between 0 and 1e8 K, but is \(temperature).")
    }
    guard steps >= 0 else { throw .rule("--steps should not be negative.") }
    seed = arguments.value(Verb.seed)
    guard seed >= 0 else { throw .rule("--seed should not be negative.") }
    let skin = arguments.value(Verb.skin)
    guard (0...DynamicsSettings.largestSkin).contains(skin) else {
      throw .rule(
        "--skin should lie between 0 and \(DynamicsSettings.largestSkin) angstrom, but is \(skin).")
    }
    let barostatOptions: [any Parameter] = [
      Verb.pressure, Verb.barostat, Verb.barostatTime, Verb.compressibility,
    ]
    let thermostatOptions: [any Parameter] = [Verb.thermostat, Verb.thermostatTime]
    let unused =
      switch name {
      case .nve: thermostatOptions + barostatOptions
      case .nvt: barostatOptions
      case .npt: [any Parameter]()
      }
    if let stranger = arguments.given(among: unused).first {
      throw .rule("\(stranger) has no meaning in the ensemble \(name.rawValue).")
    }
    let thermostat = Thermostat(
      arguments.value(Verb.thermostat), temperature: temperature,
      time: try positive(Verb.thermostatTime))
    let coupling = arguments.value(Verb.barostat)
    let barostat = Barostat(
      coupling, pressure: arguments.value(Verb.pressure),
      time: try positive(Verb.barostatTime, else: coupling.usualTime),
      compressibility: try positive(Verb.compressibility))
    let ensemble: Ensemble =
      switch name {
      case .nve: .nve
      case .nvt: .nvt(thermostat)
      case .npt: .npt(thermostat, barostat)
      }
    settings = DynamicsSettings(
      ensemble, timestep: try positive(Verb.timestep), skin: skin,
      extrapolation: arguments.value(Verb.extrapolation))
    plan = DynamicsPlan(
      steps: steps, frameEvery: try interval(Verb.frameEvery),
      logEvery: try interval(Verb.logEvery), restartEvery: try interval(Verb.restartEvery))
    highestTemperature = arguments[Verb.highestTemperature]
    densityRange = arguments[Verb.densityRange]?.range
    keepsVelocities = !arguments[Verb.newVelocities]
    repetition = arguments[Verb.repetition]?.counts ?? SIMD3(1, 1, 1)
    precision = arguments.value(Verb.precision)
    options = try StructureOptions(arguments)
  }

  /// The last structure of the file, repeated as asked for.
  ///
  /// Throws what is wrong with the file.
  func structure(for model: ModelSource, in tool: Tool) throws(FormatError) -> Structure {
    let set = try options.read(
      file, for: model, labels: [], velocities: keepsVelocities, in: tool)
    var start = set.structures[set.structures.count - 1]
    if !keepsVelocities { start.velocities = nil }
    guard repetition != SIMD3(1, 1, 1) else { return start }
    guard start.cell?.periodicity == .all else {
      throw FormatError(
        file: file, expected: "a cell that repeats along all axes, as --repeat needs", found: "none"
      )
    }
    let atoms = [repetition.x, repetition.y, repetition.z].reduce(Double(start.count)) {
      $0 * Double($1)
    }
    let limit = MemoryLimit.bytes
    guard atoms * Self.leastBytes < Double(limit) else {
      throw FormatError(
        file: file, expected: "atoms that fit into \(MemoryLimit.text(limit)) of memory",
        found: "\(Int(atoms)) after --repeat", advice: "repeat less often")
    }
    return start.repeated(repetition)
  }

  /// The bytes that an atom takes at least, with its vectors and a few neighbours.
  private static let leastBytes = 1000.0

  /// The settings with limits that suit the structure.
  func settings(for start: Structure) -> DynamicsSettings {
    var settings = settings
    settings.limits = DynamicsLimits(around: start, temperature: temperature)
    if let highestTemperature { settings.limits.temperature = highestTemperature }
    if let densityRange { settings.limits.density = densityRange }
    return settings
  }
}
