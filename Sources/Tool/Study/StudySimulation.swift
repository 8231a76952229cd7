import Atomistic
import Tensors

/// A simulation that the teacher and all models run, as `atomflow md` takes it.
struct StudySimulation: Codable, Equatable {
  /// The name, such as `npt`; that of a folder, too.
  var name: String
  /// The ensemble.
  var ensemble = EnsembleName.npt
  /// The temperature in K.
  var temperature = 300.0
  /// The pressure of npt in bar.
  var pressure = 1.0
  /// The structure that it starts from, the last of a file; nil for a box of water from the teacher.
  var start: String?
  /// The molecules and the density in g/mL of a box of water, and the steps that the teacher takes with
  /// it before.
  var molecules = 32
  var density = 1.0
  var equilibration = 2000
  /// The number of steps, and the time step in fs.
  var steps = 20_000
  var timestep = 0.5
  /// The thermostat and its time constant in fs.
  var thermostat = Thermostat.Method.rescaling
  var thermostatTime = 100.0
  /// The barostat and its time constant in fs; nil for the method's usual one.
  var barostat = Barostat.Method.rescaling
  var barostatTime: Double?
  /// The precision of forces.
  var precision = Precision.float64
  /// The steps from one frame to the next, and from one row of the log to the next.
  var frameEvery = 100
  var logEvery = 20
  /// The first part that is left out of all averages.
  var leaveOut = 0.5
  /// The densities in g/mL outside of which a model counts as unstable.
  var densityRange = [0.5, 1.6]
  /// The pairs whose radial distribution is measured, up to a distance in angstrom.
  var pairs = ["O-O"]
  var range = 6.0

  private enum CodingKeys: String, CodingKey {
    case name, ensemble, temperature, pressure, start, molecules, density, equilibration, steps,
      timestep, thermostat, thermostatTime, barostat, barostatTime, precision, frameEvery, logEvery,
      leaveOut, densityRange, pairs, range
  }

  init(name: String) { self.name = name }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    ensemble = try container.decode(.ensemble, default: ensemble)
    temperature = try container.decode(.temperature, default: temperature)
    pressure = try container.decode(.pressure, default: pressure)
    start = try container.decodeIfPresent(String.self, forKey: .start)
    molecules = try container.decode(.molecules, default: molecules)
    density = try container.decode(.density, default: density)
    equilibration = try container.decode(.equilibration, default: equilibration)
    steps = try container.decode(.steps, default: steps)
    timestep = try container.decode(.timestep, default: timestep)
    thermostat = try container.decode(.thermostat, default: thermostat)
    thermostatTime = try container.decode(.thermostatTime, default: thermostatTime)
    barostat = try container.decode(.barostat, default: barostat)
    barostatTime = try container.decodeIfPresent(Double.self, forKey: .barostatTime)
    precision = try container.decode(.precision, default: precision)
    frameEvery = try container.decode(.frameEvery, default: frameEvery)
    logEvery = try container.decode(.logEvery, default: logEvery)
    leaveOut = try container.decode(.leaveOut, default: leaveOut)
    densityRange = try container.decode(.densityRange, default: densityRange)
    pairs = try container.decode(.pairs, default: pairs)
    range = try container.decode(.range, default: range)
    try container.requirePositive(temperature, .temperature)
    try container.requirePositive(density, .density)
    try container.requirePositive(steps, .steps)
    try container.requirePositive(timestep, .timestep)
    try container.requirePositive(frameEvery, .frameEvery)
    try container.requirePositive(logEvery, .logEvery)
    try container.requirePositive(range, .range)
    try container.requireFraction(leaveOut, .leaveOut)
    try container.require(
      densityRange.count == 2 && 0 < densityRange[0] && densityRange[0] < densityRange[1],
      .densityRange, "it should be two densities, the lower one first.")
    for pair in pairs {
      try container.require(
        ElementPair(pair) != nil, .pairs, "'\(pair)' should be two elements, such as O-H.")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(ensemble.rawValue, forKey: .ensemble)
    try container.encode(temperature, forKey: .temperature)
    try container.encode(pressure, forKey: .pressure)
    try container.encode(start, forKey: .start)
    try container.encode(molecules, forKey: .molecules)
    try container.encode(density, forKey: .density)
    try container.encode(equilibration, forKey: .equilibration)
    try container.encode(steps, forKey: .steps)
    try container.encode(timestep, forKey: .timestep)
    try container.encode(thermostat, forKey: .thermostat)
    try container.encode(thermostatTime, forKey: .thermostatTime)
    try container.encode(barostat, forKey: .barostat)
    try container.encode(barostatTime, forKey: .barostatTime)
    try container.encode(precision.rawValue, forKey: .precision)
    try container.encode(frameEvery, forKey: .frameEvery)
    try container.encode(logEvery, forKey: .logEvery)
    try container.encode(leaveOut, forKey: .leaveOut)
    try container.encode(densityRange, forKey: .densityRange)
    try container.encode(pairs, forKey: .pairs)
    try container.encode(range, forKey: .range)
  }

  /// The words of `md` after the name of the model and the start.
  var words: [String] {
    var words = [
      "--ensemble", ensemble.rawValue, "--temperature", "\(temperature)", "--steps", "\(steps)",
      "--timestep", "\(timestep)", "--frame-every", "\(frameEvery)", "--log-every", "\(logEvery)",
      "--restart-every", "\(max(logEvery, min(1000, steps / 10)))", "--extrapolation", "ignore",
      "--density-range", "\(densityRange[0]):\(densityRange[1])", "--precision",
      precision.rawValue,
    ]
    if ensemble != .nve {
      words += ["--thermostat", thermostat.rawValue, "--thermostat-time", "\(thermostatTime)"]
    }
    if ensemble == .npt {
      words += ["--pressure", "\(pressure)", "--barostat", barostat.rawValue]
      if let barostatTime { words += ["--barostat-time", "\(barostatTime)"] }
    }
    return words
  }
}

extension EnsembleName: Decodable {}
