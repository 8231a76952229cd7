import Atomistic
import Foundation
import Tensors

/// `atomflow md`: a trajectory of a model.
struct MolecularDynamics: Command {
  static let name = "md"
  static let summary = "Run molecular dynamics with a model"
  static let discussion =
    "MODEL is a model directory, or spcfw (flexible water) or argon, which are part of the program. "
    + "Velocity Verlet without constraints from the last structure of START, at constant energy (nve), "
    + "volume and temperature (nvt) or pressure and temperature (npt).\n"
    + "The thermostats rescaling (stochastic velocity rescaling) and langevin and the barostat "
    + "rescaling (stochastic cell rescaling) sample the ensemble. Thermostat and barostat berendsen do "
    + "not: fluctuations under them mean nothing.\n"
    + "Beside TRAJ.extxyz, whose velocities are in angstrom/fs and whose atoms are not moved back into "
    + "the cell, there are TRAJ.csv, a log, and TRAJ.restart, from which --resume goes on bit for bit. "
    + "Ctrl-C finishes the step, writes the restart file and ends; pressed again more than a second "
    + "later, it ends the run at once. A number that is not finite, a temperature or density out of "
    + "bounds, or too many features outside of their range over the training structures end the run "
    + "with status 1; the last good frame is kept."
  static let example =
    "atomflow md water-ekf start.extxyz --ensemble npt --temperature 300 --pressure 1 \\\n"
    + "  --steps 200000 -o npt.extxyz\n"
    + "atomflow md water-ekf --resume --steps 400000 -o npt.extxyz"

  static let model = ModelSource.argument
  static let start = Positional<String>(
    "START", .optional, help: "Where to start, the last structure of a file; not with --resume.")
  static let ensemble = Option<EnsembleName>(
    "ensemble", "NAME", help: "The ensemble: nve, nvt or npt; needed, except with --resume.")
  static let temperature = Option<Double>(
    "temperature", "K",
    help: "The temperature, with nve of the first velocities; needed like --ensemble.")
  static let pressure = Option<Double>("pressure", "BAR", default: 1, help: "The pressure of npt.")
  static let steps = Option<Int>(
    "steps", letter: "n", "N", help: "The number of steps in all; needed, except with --resume.")
  static let timestep = Option<Double>("timestep", "FS", default: 0.5, help: "The time step.")
  static let thermostat = Option<Thermostat.Method>(
    "thermostat", "NAME", default: .rescaling, help: "rescaling, langevin or berendsen.")
  static let thermostatTime = Option<Double>(
    "thermostat-time", "FS", default: 100, help: "The time constant of the thermostat.")
  static let barostat = Option<Barostat.Method>(
    "barostat", "NAME", default: .rescaling, help: "rescaling or berendsen.")
  static let barostatTime = Option<Double>(
    "barostat-time", "FS",
    help: "The time constant of the barostat; by default 1000, with berendsen 10000.")
  static let compressibility = Option<Double>(
    "compressibility", "1/BAR", default: 4.5e-5,
    help: "The response of the volume to pressure; by default the value of water.")
  static let output = Option<String>(
    "output", letter: "o", "TRAJ.extxyz", .required, help: "The file of frames.")
  static let frameEvery = Option<Int>(
    "frame-every", "N", default: 100, help: "Steps from one frame to the next.")
  static let logEvery = Option<Int>(
    "log-every", "N", default: 10, help: "Steps from one row of the log to the next.")
  static let restartEvery = Option<Int>(
    "restart-every", "N", default: 1000, help: "Steps from one restart file to the next.")
  static let newVelocities = Flag(
    "new-velocities", help: "Draw velocities, even if the start has some.")
  static let repetition = Option<Repetition>(
    "repeat", "A,B,C", help: "Repeat the cell of the start along its vectors.")
  static let seed = Option<Int>(
    "seed", "S", default: 1, help: "The seed of velocities and of the noise.")
  static let precision = Option<Precision>(
    "precision", "NAME", default: .float64, help: "The precision of forces, float64 or float32.")
  static let skin = Option<Double>(
    "skin", "ANGSTROM", default: 1, help: "How far beyond the cutoff neighbours are listed.")
  static let extrapolation = Option<ExtrapolationPolicy>(
    "extrapolation", "WORD", default: .warn,
    help:
      "The consequence of features outside of their range over the training structures: ignore, "
      + "warn, or stop:N, the end after more than N of them.")
  static let highestTemperature = Option<Double>(
    "highest-temperature", "K",
    help: "End the run above; by default ten times the temperature, at least 3000.")
  static let densityRange = Option<PositiveRange>(
    "density-range", "LOW:HIGH",
    help:
      "End the run outside, in g/mL; by default from a quarter to four times the density of the start."
  )
  static let threads = Option<Int>("threads", "T", default: 2, help: "The number of threads.")
  static let resume = Flag(
    "resume", help: "Go on from TRAJ.restart, with all settings but steps and threads as before.")
  static let force = Flag("force", help: "Replace files that are there.")

  /// The choices that hold for a whole trajectory.
  private static let settled: [any Parameter] =
    [
      start, ensemble, temperature, pressure, timestep, thermostat, thermostatTime, barostat,
      barostatTime, compressibility, frameEvery, logEvery, restartEvery, newVelocities, repetition,
      seed, precision, skin, extrapolation, highestTemperature, densityRange, force,
    ] + StructureOptions.parameters

  static let parameters: [any Parameter] =
    [
      model, start, ensemble, temperature, pressure, steps, timestep, output, thermostat,
      thermostatTime, barostat, barostatTime, compressibility, frameEvery, logEvery, restartEvery,
      newVelocities, repetition, seed, precision, skin, extrapolation, highestTemperature,
      densityRange, threads, resume, force,
    ] + StructureOptions.parameters

  let job: DynamicsJob

  init(_ arguments: Arguments) throws(UsageError) {
    let origin: DynamicsJob.Origin
    if arguments[Self.resume] {
      if let stranger = arguments.given(among: Self.settled).first {
        throw .rule("--resume takes all settings from the restart file; leave \(stranger) out.")
      }
      origin = .restart(steps: arguments[Self.steps])
    } else {
      origin = .start(try DynamicsStart(arguments))
    }
    if let steps = arguments[Self.steps], steps < 0 {
      throw .rule("--steps should not be negative.")
    }
    job = DynamicsJob(
      model: arguments.value(Self.model), origin: origin,
      files: DynamicsFiles(trajectory: arguments.value(Self.output)),
      replaces: arguments[Self.force], threads: try arguments.threads(Self.threads))
  }

  func run(in tool: Tool) throws { try job.run(in: tool) }
}
