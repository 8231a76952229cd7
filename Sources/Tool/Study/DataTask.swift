import Atomistic
import Foundation
import Tensors
import Train

/// Samples and labels the structures of a regime with the teacher, or takes those of a file.
struct DataTask: StudyTask {
  /// How a dataset covers density and energy.
  struct Result: Codable, Sendable {
    /// The densities in g/mL and energies per atom in eV of the structures that have both.
    var coverage: EnergyDensityHistogram.Dataset
    /// The number of structures.
    var structures: Int
  }

  let regime: StudyRegime
  let teacher: String
  let seed: Int
  /// How to read the file.
  let options: StructureFile.Options

  var name: String { "data/\(regime.name)" }
  var dependencies: [String] { [] }
  var cost: StudyCost {
    let trajectories = regime.densities.count * regime.temperatures.count
    let steps =
      regime.file == nil
      ? trajectories * regime.equilibration + regime.frames * regime.interval : 0
    return StudyCost(
      kind: "data of \(regime.molecules) molecules", steps: Double(steps),
      guess: 1e-5 * Double(regime.molecules))
  }

  /// The file of the structures.
  func file(in study: StudyDirectory) -> String {
    regime.file ?? study.folder(of: name).appendingPathComponent("structures.extxyz").path
  }

  func perform(in study: StudyDirectory, tool: Tool) throws -> Result {
    let file = file(in: study)
    // The file appears when it is whole.
    if regime.file == nil, !FileManager.default.fileExists(atPath: file) {
      var words = [
        "--model", teacher, "--frames", "\(regime.frames)", "--temperatures",
        NumberList(regime.temperatures).argument, "--equilibration", "\(regime.equilibration)",
        "--frame-every", "\(regime.interval)", "--seed", "\(seed)", "--threads", "1", "-o", file,
      ]
      if let start = regime.start {
        words += ["--start", start]
      } else {
        words += [
          "--molecules", "\(regime.molecules)", "--densities",
          NumberList(regime.densities).argument,
        ]
      }
      try DataGenerate(Arguments(words, for: DataGenerate.parameters)).run(in: tool)
    }
    let structures = try StructureFile.read(file, options: options).structures
    var coverage = EnergyDensityHistogram.Dataset()
    for structure in structures where structure.labels.energy != nil && structure.density != nil {
      try coverage.add(structure)
    }
    return Result(coverage: coverage, structures: structures.count)
  }
}

/// The structure that a simulation starts from: a box of water that the teacher has equilibrated.
struct StartTask: StudyTask {
  /// The formula of the structure.
  struct Result: Codable, Sendable { var formula: String }

  let simulation: StudySimulation
  let teacher: String
  let seed: Int

  var name: String { "start/\(simulation.name)" }
  var dependencies: [String] { [] }
  var cost: StudyCost {
    StudyCost(
      kind: "data of \(simulation.molecules) molecules", steps: Double(simulation.equilibration),
      guess: 1e-5 * Double(simulation.molecules))
  }

  /// The file of the structure.
  func file(in study: StudyDirectory) -> String {
    simulation.start ?? study.folder(of: name).appendingPathComponent("start.extxyz").path
  }

  func perform(in study: StudyDirectory, tool: Tool) throws -> Result {
    let file = file(in: study)
    if simulation.start == nil, !FileManager.default.fileExists(atPath: file) {
      let words = [
        "--model", teacher, "--frames", "1", "--temperatures", "\(simulation.temperature)",
        "--molecules", "\(simulation.molecules)", "--densities", "\(simulation.density)",
        "--equilibration", "\(simulation.equilibration)", "--seed", "\(seed)", "--threads", "1",
        "-o", file,
      ]
      try DataGenerate(Arguments(words, for: DataGenerate.parameters)).run(in: tool)
    }
    let structures = try StructureFile.read(file).structures
    return Result(formula: structures[structures.count - 1].formula)
  }
}
