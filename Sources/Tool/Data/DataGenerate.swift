import Atomistic
import Tensors

/// `atomflow data generate`: structures labelled with a model that is part of the program.
struct DataGenerate: Command {
  static let name = "data generate"
  static let summary = "Make a dataset with a classical model of water"
  static let discussion =
    "Runs molecular dynamics at all combinations of densities and temperatures with SPC/Fw, a "
    + "flexible model of water, and writes frames with energies, forces and stresses. The same seed "
    + "gives the same file, whatever the number of threads."
  static let example =
    "atomflow data generate --frames 300 --molecules 64 --densities 0.9,1.0,1.1 \\\n"
    + "  --temperatures 300,400 --seed 1 -o water.extxyz"

  static let model = Option<BuiltInModel>(
    "model", "NAME", default: .spcfw,
    help: "The model of water: spcfw is Wu, Tepper and Voth's (2006).")
  static let frames = Option<Int>(
    "frames", letter: "n", "N", default: 300, help: "The number of frames.")
  static let molecules = Option<Int>(
    "molecules", "M", default: 64, help: "The molecules in a frame.")
  static let densities = Option<NumberList>(
    "densities", "LIST", default: NumberList([0.9, 1, 1.1]), help: "Densities in g/mL.")
  static let temperatures = Option<NumberList>(
    "temperatures", "LIST", default: NumberList([300, 400]), help: "Temperatures in K.")
  static let seed = Option<Int>("seed", "S", default: 1, help: "The seed of all random numbers.")
  static let threads = Option<Int>("threads", "T", default: 2, help: "How many threads compute.")
  static let output = Option<String>(
    "output", letter: "o", "FILE", .required, help: "The file to write, see 'data convert'.")
  static let parameters: [any Parameter] = [
    model, frames, molecules, densities, temperatures, seed, threads, output,
  ]

  let frames, molecules, seed, threads: Int
  let densities, temperatures: [Double]
  let output: String

  init(_ arguments: Arguments) throws(UsageError) {
    frames = arguments.value(Self.frames)
    molecules = arguments.value(Self.molecules)
    seed = arguments.value(Self.seed)
    threads = arguments.value(Self.threads)
    densities = arguments.value(Self.densities).values
    temperatures = arguments.value(Self.temperatures).values
    output = arguments.value(Self.output)
    guard arguments.value(Self.model) == .spcfw else {
      throw .rule("--model should be spcfw, which is a model of water.")
    }
    guard frames > 0 else { throw .rule("--frames should be at least 1.") }
    guard molecules >= 8 else {
      throw .rule("--molecules should be at least 8: in a smaller cell they would meet themselves.")
    }
    guard densities.allSatisfy({ (0.001...2).contains($0) }) else {
      throw .rule("--densities should lie between 0.001 and 2 g/mL.")
    }
    guard temperatures.allSatisfy({ (0...2000).contains($0) }) else {
      throw .rule("--temperatures should lie between 0 and 2000 K.")
    }
    guard threads > 0 else { throw .rule("--threads should be at least 1.") }
    guard seed >= 0 else { throw .rule("--seed should not be negative.") }
  }

  func run(in tool: Tool) throws {
    try OutputPlace.check(output)
    let progress = SharedProgress("generating", unit: "frames", total: frames)
    let structures = try WaterDataset.generate(
      frames: frames, molecules: molecules, densities: densities, temperatures: temperatures,
      seed: UInt64(seed), workers: Workers(count: threads), progress: progress.update)
    progress.finish(structures.count)
    try StructureFile.write(structures, to: output)
    StandardStreams.output("\(output): \(counted(structures.count, "structure"))\n")
  }
}
