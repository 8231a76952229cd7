import Atomistic

/// The labelled structures of a run: the file, how to read it, how to divide it.
struct DataConfiguration: Codable, Equatable {
  /// The file or folder; nil where the command line has to name it.
  var file: String?
  /// The format; nil means to look at the file.
  var format: StructureFile.Format?
  /// The unit of length; nil means what is customary in the format.
  var lengthUnit: LengthUnit?
  /// The unit of energy; nil means what is customary in the format.
  var energyUnit: EnergyUnit?
  /// The key of the energies, of forces and of stresses; nil means the customary ones.
  var energyKey, forceKey, stressKey: String?
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
    case file, format, lengthUnit, energyUnit, energyKey, forceKey, stressKey, split
  }

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    file = try container.decodeIfPresent(String.self, forKey: .file)
    format = try container.decodeWord(.format)
    lengthUnit = try container.decodeWord(.lengthUnit)
    energyUnit = try container.decodeWord(.energyUnit)
    energyKey = try container.decodeIfPresent(String.self, forKey: .energyKey)
    forceKey = try container.decodeIfPresent(String.self, forKey: .forceKey)
    stressKey = try container.decodeIfPresent(String.self, forKey: .stressKey)
    split = try container.decode(.split, default: split)
    guard (lengthUnit == nil) == (energyUnit == nil) else {
      throw decoder.fault("lengthUnit and energyUnit must be given together.")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(file, forKey: .file)
    try container.encode(format, forKey: .format)
    try container.encode(lengthUnit, forKey: .lengthUnit)
    try container.encode(energyUnit, forKey: .energyUnit)
    try container.encode(energyKey, forKey: .energyKey)
    try container.encode(forceKey, forKey: .forceKey)
    try container.encode(stressKey, forKey: .stressKey)
    try container.encode(split, forKey: .split)
  }

  /// How to read the file.
  var options: StructureFile.Options {
    var units: UnitSystem?
    if let lengthUnit, let energyUnit { units = UnitSystem(length: lengthUnit, energy: energyUnit) }
    return StructureFile.Options(
      format: format, units: units,
      keys: LabelKeys(energy: energyKey, forces: forceKey, stress: stressKey))
  }
}
