import Atomistic
import Train

/// The labelled structures of a run: the file, how to read it, how to divide it.
struct DataConfiguration: Codable, Equatable {
  /// The file or folder; nil where the command line has to name it.
  var file: String?
  /// The number of structures and their digest, which a run writes down; where it is given, data that
  /// differ from it are warned of.
  var digest: String?
  /// The format; nil means to look at the file.
  var format: StructureFile.Format?
  /// The unit of length; nil means what is customary in the format.
  var lengthUnit: LengthUnit?
  /// The unit of energy; nil means what is customary in the format.
  var energyUnit: EnergyUnit?
  /// The keys of properties by their names; customary ones, or the name itself, for the others.
  var keys: [String: String] = [:]
  /// The factors of the squared errors of structures.
  var weights = StructureWeights()
  /// The treatment of structures whose labels would spoil the training.
  var outliers = OutlierTreatment.refuse
  /// The fractions of the structures for training and validation.
  var split = Split()

  /// The fractions of a dataset.
  struct Split: Codable, Equatable {
    /// The fraction to train on.
    var training = 0.8
    /// The fraction to validate with.
    var validation = 0.2

    init() {}

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      training = try container.decode(.training, default: training)
      validation = try container.decode(.validation, default: validation)
      try container.requirePositive(training, .training)
      try container.requireNotNegative(validation, .validation)
      guard abs(training + validation - 1) < 1e-9 else {
        throw decoder.fault(
          "the fractions \(training) and \(validation) must add up to 1, but their sum is "
            + "\(training + validation).")
      }
    }
  }

  private enum CodingKeys: String, CodingKey {
    case file, digest, format, lengthUnit, energyUnit, keys, weights, outliers, split
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    file = try container.decodeIfPresent(String.self, forKey: .file)
    digest = try container.decodeIfPresent(String.self, forKey: .digest)
    format = try container.decodeWord(.format)
    lengthUnit = try container.decodeWord(.lengthUnit)
    energyUnit = try container.decodeWord(.energyUnit)
    keys = try container.decode(.keys, default: keys)
    weights = try container.decode(.weights, default: weights)
    outliers = try container.decode(.outliers, default: outliers)
    split = try container.decode(.split, default: split)
    guard (lengthUnit == nil) == (energyUnit == nil) else {
      throw decoder.fault("lengthUnit and energyUnit must be given together.")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(digest, forKey: .digest)
    try container.encode(format, forKey: .format)
    try container.encode(lengthUnit, forKey: .lengthUnit)
    try container.encode(energyUnit, forKey: .energyUnit)
    try container.encode(keys, forKey: .keys)
    try container.encode(weights, forKey: .weights)
    try container.encode(outliers, forKey: .outliers)
    try container.encode(split, forKey: .split)
  }

  /// How to read the file for a model of these properties.
  func options(properties: [Property]) -> StructureFile.Options {
    var units: UnitSystem?
    if let lengthUnit, let energyUnit { units = UnitSystem(length: lengthUnit, energy: energyUnit) }
    return StructureFile.Options(
      format: format, units: units,
      keys: LabelKeys(
        energy: keys["energy"], forces: keys["force"], stress: keys["stress"],
        others: properties.others(keys: keys)))
  }
}

extension [Property] {
  /// The keys of the properties beside energy, force and stress; by default their names.
  func others(keys: [String: String] = [:]) -> [String: LabelKeys.Other] {
    let own = filter { if case .own = $0.definition { true } else { false } }
    return Dictionary(
      uniqueKeysWithValues: own.map {
        let key = keys[$0.name] ?? $0.name
        return ($0.name, .init(key, carrier: $0.carrier, components: $0.components))
      })
  }
}
