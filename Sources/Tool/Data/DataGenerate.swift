import Atomistic
import Tensors
import Train

/// `atomflow data generate`: structures sampled and labelled with a model.
struct DataGenerate: Command {
  /// The ensembles that frames are sampled in.
  enum SamplingEnsemble: String, CaseIterable, ArgumentValue { case nvt, nve }

  static let name = "data generate"
  static let summary = "Sample structures with a model and label them"
  static let discussion =
    "Runs molecular dynamics with the model and writes frames with its energies, forces and "
    + "stresses: from each structure of --start at all temperatures, or without it from boxes of water "
    + "at all densities and temperatures. The same seed gives the same file, whatever the number of "
    + "threads."
  static let example =
    "atomflow data generate --frames 300 --molecules 64 --densities 0.9,1.0,1.1 \\\n"
    + "  --temperatures 300,400 --seed 1 -o water.extxyz\n"
    + "atomflow data generate --model water-ekf --start ice.extxyz --temperatures 250 -o more.extxyz"

  static let model = Option<String>(
    "model", "MODEL", default: BuiltInPotential.flexibleWater.name,
    help: "A model directory, or \(ModelSource.standardNames); spcfw is the "
      + "flexible water of Wu, Tepper and Voth (2006).")
  static let start = Option<String>(
    "start", "FILE", help: "Structures to start from, each with velocities drawn anew.")
  static let frames = Option<Int>(
    "frames", letter: "n", "N", default: 300, help: "The number of frames.")
  static let molecules = Option<Int>(
    "molecules", "M", default: 64, help: "The molecules in a box of water.")
  static let densities = Option<NumberList>(
    "densities", "LIST", default: NumberList([0.9, 1, 1.1]),
    help: "Densities of boxes of water in g/mL.")
  static let temperatures = Option<NumberList>(
    "temperatures", "LIST", default: NumberList([300, 400]), help: "Temperatures in K.")
  static let ensemble = Option<SamplingEnsemble>(
    "ensemble", "NAME", default: .nvt, help: "nvt with a Langevin thermostat, or nve.")
  static let timestep = Option<Double>(
    "timestep", "FS", default: DynamicsDataset.Sampling().timestep, help: "The time step.")
  static let equilibration = Option<Int>(
    "equilibration", "N", default: DynamicsDataset.Sampling().equilibrationSteps,
    help: "Steps of a trajectory before its first frame.")
  static let interval = Option<Int>(
    "frame-every", "N", default: DynamicsDataset.Sampling().interval,
    help: "Steps from one frame to the next.")
  static let seed = Option<Int>("seed", "S", default: 1, help: "The seed of all random numbers.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "How many threads compute.")
  static let output = Option<String>(
    "output", letter: "o", "FILE", .required, help: "The file to write, see 'data convert'.")
  static let parameters: [any Parameter] =
    [
      model, start, frames, molecules, densities, temperatures, ensemble, timestep, equilibration,
      interval, seed, threads, output,
    ] + StructureOptions.parameters

  let model, output: String
  let start: String?
  let frames, molecules, seed, threads: Int
  let densities, temperatures: [Double]
  let options: StructureOptions
  private(set) var sampling = DynamicsDataset.Sampling()

  init(_ arguments: Arguments) throws(UsageError) {
    model = arguments.value(Self.model)
    start = arguments[Self.start]
    frames = arguments.value(Self.frames)
    molecules = arguments.value(Self.molecules)
    seed = arguments.value(Self.seed)
    threads = try arguments.threads(Self.threads)
    densities = arguments.value(Self.densities).values
    temperatures = arguments.value(Self.temperatures).values
    output = arguments.value(Self.output)
    options = try StructureOptions(arguments)
    sampling.conservesEnergy = arguments.value(Self.ensemble) == .nve
    sampling.timestep = arguments.value(Self.timestep)
    sampling.equilibrationSteps = arguments.value(Self.equilibration)
    sampling.interval = arguments.value(Self.interval)
    let boxes: [any Parameter] = [Self.molecules, Self.densities]
    let strangers = arguments.given(among: start == nil ? StructureOptions.parameters : boxes)
    if let stranger = strangers.first {
      throw .rule(
        "\(stranger) has no meaning \(start == nil ? "without" : "beside") --\(Self.start.name).")
    }
    guard frames > 0 else { throw .rule("--frames should be at least 1.") }
    guard molecules >= 8 else {
      throw .rule("--molecules should be at least 8: in a smaller cell they would meet themselves.")
    }
    guard densities.allSatisfy({ (0.001...2).contains($0) }) else {
      throw .rule("--densities should lie between 0.001 and 2 g/mL.")
    }
    // Metals and ceramics are sampled up to their melts.
    guard temperatures.allSatisfy({ (0...10_000).contains($0) }) else {
      throw .rule("--temperatures should lie between 0 and 10000 K.")
    }
    guard sampling.timestep > 0 else { throw .rule("--timestep should be above 0.") }
    guard sampling.equilibrationSteps >= 0 else {
      throw .rule("--equilibration should not be negative.")
    }
    guard sampling.interval > 0 else { throw .rule("--frame-every should be at least 1.") }
    guard seed >= 0 else { throw .rule("--seed should not be negative.") }
  }

  func run(in tool: Tool) throws {
    OpenBLAS.useOneThread()
    let model = try ModelSource(model, in: tool.catalog)
    try OutputPlace.check(output, inputs: [start].compactMap(\.self) + model.files)
    let trajectories = try trajectories(for: model, in: tool)
    let progress = SharedProgress("generating", unit: "frames", total: frames)
    let structures = try DynamicsDataset.generate(
      frames: frames, from: trajectories, potential: model.potential,
      state: { model.state(Double.self) }, seed: UInt64(seed), sampling: sampling,
      workers: Workers(count: threads), progress: progress.update)
    progress.finish(structures.count)
    try StructureFile.write(structures, to: output)
    try StandardStreams.output("\(output): \(counted(structures.count, "structure"))\n")
  }

  private func trajectories(for model: ModelSource, in tool: Tool) throws -> [DynamicsDataset
    .Trajectory]
  {
    if let start {
      let structures = try options.read(start, for: model, labels: [], in: tool).structures
      return DynamicsDataset.trajectories(from: structures, temperatures: temperatures)
    }
    let elements = model.potential.elements
    guard elements.contains(.oxygen), elements.contains(.hydrogen) else {
      let known = elements.map(\.symbol).joined(separator: ", ")
      throw ToolError(
        "boxes of water are made of H and O, but \(self.model) knows \(known); name structures to "
          + "start from by --\(Self.start.name) FILE")
    }
    return WaterDataset.trajectories(
      molecules: molecules, densities: densities, temperatures: temperatures)
  }
}
