import Atomistic
import Foundation
import Tensors
import Train

/// What a simulation of a study has measured.
struct SimulationResult: Codable, Sendable {
  /// Whether it went on to its end within its limits.
  var isStable: Bool
  /// Why it ended early; nil for a stable one.
  var reason: String?
  /// The steps done.
  var steps: Int
  /// The density in g/mL, the temperature in K and the pressure in bar over the part that counts, with
  /// errors by block averages; nil where it ended early.
  var density, temperature, pressure: Estimate?
  /// The density in g/mL against the time in ps, up to some hundred points.
  var time, densities: [Double]
  /// The radial distribution functions by their pairs; empty where it ended early.
  var distributions: [String: RadialDistribution.Curve]
}

/// Runs one simulation with the teacher or a model, and measures it.
struct SimulateTask: StudyTask {
  typealias Result = SimulationResult

  /// The source of forces.
  enum Model: Sendable {
    /// A potential of the program or a model directory, by the word for it.
    case word(String)
    /// The model of a training of the study.
    case trained(String)
  }

  let name: String
  let simulation: StudySimulation
  let model: Model
  let seed: Int
  let start: StartTask
  /// The task whose result the model is; nil for the teacher.
  let origin: String?

  var dependencies: [String] { [start.name] + [origin].compactMap(\.self) }
  var cost: StudyCost {
    // A network takes about ten times as long as a classical teacher.
    StudyCost(
      kind: "simulate \(origin == nil ? "the teacher" : "a model") in \(simulation.name)",
      steps: Double(simulation.steps),
      guess: (origin == nil ? 1e-5 : 2e-4) * Double(simulation.molecules))
  }

  private func word(in study: StudyDirectory) -> String {
    switch model {
    case .word(let word): word
    case .trained(let task): study.folder(of: task).path
    }
  }

  private func files(in study: StudyDirectory) -> DynamicsFiles {
    DynamicsFiles(
      trajectory: study.folder(of: name).appendingPathComponent("trajectory.extxyz").path)
  }

  func perform(in study: StudyDirectory, tool: Tool) throws -> SimulationResult {
    let files = files(in: study)
    var words = [word(in: study)]
    if FileManager.default.fileExists(atPath: files.restart.path) {
      words += ["--resume", "--threads", "1", "-o", files.trajectory]
    } else {
      words += [start.file(in: study)] + simulation.words
      words += [
        "--seed", "\(seed)", "--new-velocities", "--threads", "1", "-o", files.trajectory,
        "--force",
      ]
    }
    var reason: String?
    do {
      try MolecularDynamics(Arguments(words, for: MolecularDynamics.parameters)).run(in: tool)
    } catch let error as DynamicsError {
      // A model that does not hold the liquid together is a result, no failure.
      reason = "\(error)"
    }
    return try measure(files, reason: reason)
  }

  private func measure(_ files: DynamicsFiles, reason: String?) throws -> SimulationResult {
    let table = try MetricsTable(contentsOf: files.log, allowingUnfinishedRow: true)
    func column(_ name: String) -> [Double] {
      guard let place = table.columns.firstIndex(of: name) else { return [] }
      return table.rows.map { $0.values[place] ?? .nan }
    }
    func mean(_ name: String) -> Estimate? {
      guard reason == nil else { return nil }
      let values = column(name).dropFirst(Int(simulation.leaveOut * Double(table.rows.count)))
      return values.isEmpty ? nil : Estimate(correlated: Array(values))
    }
    let (times, densities) = (column("time [fs]"), column("density [g/mL]"))
    let stride = max(1, (times.count + Self.mostPoints - 1) / Self.mostPoints)
    let shown = Swift.stride(from: 0, to: times.count, by: stride)
    return SimulationResult(
      isStable: reason == nil, reason: reason, steps: table.rows.last?.step ?? 0,
      density: mean("density [g/mL]"), temperature: mean("temperature [K]"),
      pressure: mean("pressure [bar]"), time: shown.map { times[$0] / 1000 },
      densities: shown.map { densities[$0] },
      distributions: reason == nil ? try distributions(files.trajectory) : [:])
  }

  private static let mostPoints = 400
  private static let binWidth = 0.05

  private func distributions(_ file: String) throws -> [String: RadialDistribution.Curve] {
    let pairs = simulation.pairs.compactMap { ElementPair($0) }
    guard !pairs.isEmpty else { return [:] }
    let trajectory = try Trajectory(file)
    let frames = trajectory.frames(from: simulation.leaveOut)
    var distribution = RadialDistribution(
      pairs: pairs, frames: frames.count, range: simulation.range,
      bins: max(3, Int((simulation.range / Self.binWidth).rounded())))
    try trajectory.forEach(in: frames) { frame throws(FrameFault) in
      try distribution.add(frame)
    }
    return Dictionary(
      uniqueKeysWithValues: zip(pairs.map { $0.description }, distribution.curves()))
  }

  func progress(in study: StudyDirectory) -> (done: Int, total: Int)? {
    let table = try? MetricsTable(
      contentsOf: files(in: study).log, allowingUnfinishedRow: true)
    return table?.rows.last.map { ($0.step, simulation.steps) }
  }
}

/// Measures the spectrum of the Fisher information of a model over the labels of its regime.
struct FisherTask: StudyTask {
  typealias Result = FisherSpectrum

  let regime: String
  let arm: String
  let seed: Int
  /// The task that has trained the model.
  let origin: String
  let terms: [LossTerm]
  let data: DataTask
  let settings: StudyFisher

  var name: String { "fisher/\(regime)/\(arm)/\(seed)" }
  var dependencies: [String] { [origin] }
  var cost: StudyCost {
    StudyCost(kind: "fisher", steps: Double(settings.labels), guess: 1e-2)
  }

  func perform(in study: StudyDirectory, tool: Tool) throws -> FisherSpectrum {
    OpenBLAS.useOneThread()
    let model = try TrainedModel.load(study.folder(of: origin), kinds: tool.catalog.models)
    let structures = try StructureFile.read(data.file(in: study), options: data.options)
      .structures
    return try FisherSpectrum(
      of: LabelJacobian(
        of: model, on: structures, terms: terms, labels: settings.labels, seed: 1,
        workers: Workers(count: 1)))
  }
}
