import Atomistic
import Foundation
import Train

/// All that determines a study: a teacher, datasets that it labels, trainings, simulations.
///
/// A study trains each arm on each regime with several seeds, runs the same simulations with the teacher
/// and with every model, and compares what comes out.
struct StudyConfiguration: Codable, Equatable {
  /// The question, the title of the report.
  var title = "Does the training algorithm decide what a potential is worth?"
  /// The first seed: that of datasets, and the first of the trainings of each arm.
  var seed = 1
  /// The potential that labels the data: one of the program by its name, or a model directory.
  var teacher = "spcfw"
  /// The number of simulations of each kind with the teacher, which give its own error.
  var teacherSeeds = 2
  /// The datasets.
  var regimes: [StudyRegime] = []
  /// The configuration that all trainings have in common.
  var training = TrainingConfiguration()
  /// The trainings, by what is different in each.
  var arms: [StudyArm] = []
  /// The number of models of each arm in each regime; each has a split and first weights of its own.
  var seeds = 3
  /// The simulations with the teacher and with each model.
  var simulations: [StudySimulation] = []
  /// The Fisher information that is measured; nil for none.
  var fisher: StudyFisher? = StudyFisher()

  private enum CodingKeys: String, CodingKey {
    case title, seed, teacher, teacherSeeds, regimes, training, arms, seeds, simulations, fisher
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    title = try container.decode(.title, default: title)
    seed = try container.decode(.seed, default: seed)
    teacher = try container.decode(.teacher, default: teacher)
    teacherSeeds = try container.decode(.teacherSeeds, default: teacherSeeds)
    regimes = try container.decode([StudyRegime].self, forKey: .regimes)
    training = try container.decode(.training, default: training)
    arms = try container.decode([StudyArm].self, forKey: .arms)
    seeds = try container.decode(.seeds, default: seeds)
    simulations = try container.decode(.simulations, default: simulations)
    if container.contains(.fisher) {
      fisher = try container.decodeIfPresent(StudyFisher.self, forKey: .fisher)
    }
    try container.requireNotNegative(seed, .seed)
    try container.requirePositive(teacherSeeds, .teacherSeeds)
    try container.requirePositive(seeds, .seeds)
    try container.requireFolders(regimes.map(\.name), .regimes)
    try container.requireFolders(arms.map(\.name), .arms)
    try container.requireFolders(simulations.map(\.name), .simulations)
    try container.require(
      !regimes.isEmpty, .regimes, "there should be at least one regime to train in.")
    try container.require(!arms.isEmpty, .arms, "there should be at least one arm.")
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(title, forKey: .title)
    try container.encode(seed, forKey: .seed)
    try container.encode(teacher, forKey: .teacher)
    try container.encode(teacherSeeds, forKey: .teacherSeeds)
    try container.encode(regimes, forKey: .regimes)
    try container.encode(training, forKey: .training)
    try container.encode(arms, forKey: .arms)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(simulations, forKey: .simulations)
    try container.encode(fisher, forKey: .fisher)
  }

  /// The training of an arm: the common configuration with what the arm sets.
  ///
  /// Throws `ConfigurationError` with the arm's name for what is wrong in it.
  func training(of arm: StudyArm, catalog: Catalog) throws -> TrainingConfiguration {
    let source = "the arm '\(arm.name)'"
    var document = try StrictJSON(Data(StrictJSON.text(of: training).utf8), source: source)
    for (key, value) in arm.set.sorted(by: { $0.key < $1.key }) {
      let text = try StrictJSON.text(of: value)
      try document.set("\(key)=\(text)", from: "\(source), key '\(key)'")
    }
    var result = try document.decode(TrainingConfiguration.self, userInfo: catalog.userInfo)
    // Runs side by side with one thread each finish sooner than one after the other with two.
    result.threads = 1
    return result
  }

  /// Reads a file and changes it as the command line asks.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - assignments: Keys and values that replace those of the file.
  ///   - arms: The names of the arms that are kept; empty for all.
  ///   - catalog: The models, optimizers and schedules that are known.
  /// - Returns: The configuration.
  /// - Throws: `ConfigurationError` for what is wrong in it or in one of its arms, `ToolError` for an arm
  ///   that is not there.
  static func read(
    _ file: String, assignments: [ConfigurationAssignment] = [], arms: [String] = [],
    catalog: Catalog
  ) throws -> StudyConfiguration {
    var document = try StrictJSON(contentsOf: URL(fileURLWithPath: file))
    for assignment in assignments { try document.set(assignment.text, from: assignment.option) }
    var configuration = try document.decode(
      StudyConfiguration.self, userInfo: catalog.userInfo)
    let known = configuration.arms.map(\.name)
    if let stranger = arms.first(where: { !known.contains($0) }) {
      let guess = nearestName(to: stranger, among: known)
      throw ToolError(
        "\(file) has no arm '\(stranger)'" + (guess.map { "; did you mean '\($0)'?" } ?? ""))
    }
    if !arms.isEmpty { configuration.arms.removeAll { !arms.contains($0.name) } }
    for arm in configuration.arms where arm.model == nil {
      _ = try configuration.training(of: arm, catalog: catalog)
    }
    return configuration
  }
}

/// A dataset: sampled and labelled by the teacher, or a file that has labels.
struct StudyRegime: Codable, Equatable {
  /// The name, such as `extrapolation`; that of a folder, too.
  var name: String
  /// The file of labelled structures; nil for data of the teacher.
  var file: String?
  /// The structures that the teacher starts from; nil for boxes of water.
  var start: String?
  /// The number of frames.
  var frames = 240
  /// The molecules of a box of water.
  var molecules = 32
  /// The densities of boxes of water in g/mL.
  var densities = [1.0, 1.1, 1.2]
  /// The temperatures in K.
  var temperatures = [300.0, 400.0]
  /// The steps of 0.5 fs before the first frame of a trajectory, and from frame to frame.
  var equilibration = DynamicsDataset.Sampling().equilibrationSteps
  var interval = DynamicsDataset.Sampling().interval

  private enum CodingKeys: String, CodingKey {
    case name, file, start, frames, molecules, densities, temperatures, equilibration, interval
  }

  init(name: String) { self.name = name }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    file = try container.decodeIfPresent(String.self, forKey: .file)
    start = try container.decodeIfPresent(String.self, forKey: .start)
    frames = try container.decode(.frames, default: frames)
    molecules = try container.decode(.molecules, default: molecules)
    densities = try container.decode(.densities, default: densities)
    temperatures = try container.decode(.temperatures, default: temperatures)
    equilibration = try container.decode(.equilibration, default: equilibration)
    interval = try container.decode(.interval, default: interval)
    try container.requirePositive(frames, .frames)
    try container.require(
      !densities.isEmpty && densities.allSatisfy { $0 > 0 }, .densities,
      "there should be densities above 0.")
    try container.require(
      !temperatures.isEmpty && temperatures.allSatisfy { $0 > 0 }, .temperatures,
      "there should be temperatures above 0.")
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(file, forKey: .file)
    try container.encode(start, forKey: .start)
    try container.encode(frames, forKey: .frames)
    try container.encode(molecules, forKey: .molecules)
    try container.encode(densities, forKey: .densities)
    try container.encode(temperatures, forKey: .temperatures)
    try container.encode(equilibration, forKey: .equilibration)
    try container.encode(interval, forKey: .interval)
  }
}

/// A training by what it sets in the common configuration, or a model that is there already.
struct StudyArm: Codable, Equatable {
  /// The name, such as `adam-1e-3`; that of a folder, too.
  var name: String
  /// The arms that are compared as one, such as all learning rates of one optimizer; nil for the kind of
  /// the arm's optimizer, or for the name of an arm with a model.
  var group: String?
  /// Keys of the training configuration and their values, as `train --set` takes them.
  var set: [String: JSONValue] = [:]
  /// A model that takes part without training: one of the program by its name, or a model directory.
  var model: String?

  private enum CodingKeys: String, CodingKey { case name, group, set, model }

  init(name: String) { self.name = name }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    group = try container.decodeIfPresent(String.self, forKey: .group)
    set = try container.decode(.set, default: set)
    model = try container.decodeIfPresent(String.self, forKey: .model)
    try container.require(
      model == nil || set.isEmpty, .set, "an arm with a model is not trained and sets nothing.")
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(group, forKey: .group)
    try container.encode(set, forKey: .set)
    try container.encode(model, forKey: .model)
  }
}

/// The Fisher information that is measured of each model.
struct StudyFisher: Codable, Equatable {
  /// The labels that it is averaged over.
  var labels = 2000
  /// The number of models of each arm, the first seeds.
  var seeds = 1

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    labels = try container.decode(.labels, default: labels)
    seeds = try container.decode(.seeds, default: seeds)
    try container.requirePositive(labels, .labels)
    try container.requireNotNegative(seeds, .seeds)
  }
}

extension KeyedDecodingContainer {
  /// Refuses names that are no names of folders, or that two have.
  fileprivate func requireFolders(_ names: [String], _ key: Key) throws {
    for name in names {
      let isPlain =
        !name.isEmpty && name.count <= 60 && !name.hasPrefix(".")
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.+".contains($0)) }
      try require(
        isPlain, key,
        "'\(name)' should be a name of letters, digits, '-', '_', '+' and '.', since "
          + "folders are called so.")
      try require(
        names.count { $0 == name } == 1, key, "two have the name '\(name)'; give each its own.")
    }
  }
}
