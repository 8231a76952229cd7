import Atomistic

extension StructureFile.Format: ArgumentValue {}
extension LengthUnit: ArgumentValue {}
extension EnergyUnit: ArgumentValue {}
extension VelocityUnit: ArgumentValue {}

/// The options of every command that reads structures.
struct StructureOptions {
  static let format = Option<StructureFile.Format>(
    "format", "NAME",
    help: "The format of the input, extxyz, runner or deepmd; else it is recognised.")
  static let lengthUnit = Option<LengthUnit>(
    "length-unit", "UNIT", help: "The unit of length of the input: angstrom or bohr.")
  static let energyUnit = Option<EnergyUnit>(
    "energy-unit", "UNIT",
    help: "The unit of energy of the input: eV, hartree, kcal/mol or kJ/mol.")
  static let energyKey = Option<String>(
    "energy-key", "KEY", help: "The key of energies in extended XYZ.")
  static let forceKey = Option<String>(
    "force-key", "KEY", help: "The column of forces in extended XYZ.")
  static let stressKey = Option<String>(
    "stress-key", "KEY", help: "The key of stresses or virials in extended XYZ.")
  static let velocityUnit = Option<VelocityUnit>(
    "velocity-unit", "UNIT",
    help: "The unit of velocities in extended XYZ: angstrom/fs, angstrom/ps or atomic.")

  /// All of them, to be listed among a command's parameters.
  static let parameters: [any Parameter] = [
    format, lengthUnit, energyUnit, energyKey, forceKey, stressKey, velocityUnit,
  ]

  /// The options of the reader.
  let options: StructureFile.Options

  /// Nothing chosen: format, units and keys are those customary.
  init() { options = StructureFile.Options() }

  /// Takes the values; the units must be given together.
  init(_ arguments: Arguments) throws(UsageError) {
    var units: UnitSystem?
    switch (arguments[Self.lengthUnit], arguments[Self.energyUnit]) {
    case (let length?, let energy?): units = UnitSystem(length: length, energy: energy)
    case (nil, nil): units = nil
    default: throw .rule("--length-unit and --energy-unit must be given together.")
    }
    var options = StructureFile.Options(
      format: arguments[Self.format], units: units,
      keys: LabelKeys(
        energy: arguments[Self.energyKey], forces: arguments[Self.forceKey],
        stress: arguments[Self.stressKey]))
    options.velocityUnit = arguments[Self.velocityUnit]
    self.options = options
  }

  /// The options of a reader that needs some labels, and perhaps velocities.
  func reading(_ labels: LabelKinds, velocities: Bool = false) -> StructureFile.Options {
    var options = options
    options.labels = labels
    options.needsVelocities = velocities
    return options
  }

  /// Reads a file for a model, with references of all its properties unless no labels are asked for;
  /// input.data without units is in those of the model's files, if any. Says what was passed over.
  ///
  /// Throws whatever is wrong with it, in a sentence.
  func read(
    _ file: String, for model: ModelSource, labels: LabelKinds = .all, velocities: Bool = false,
    in tool: Tool
  ) throws(FormatError) -> StructureSet {
    var options = reading(labels, velocities: velocities)
    options.keys.others = model.properties.others()
    options.unitsOfRunnerData = model.fileUnits
    let set = try StructureFile.read(file, options: options)
    tool.note(on: set.inventory, of: file)
    return set
  }

  /// Reads a file with all labels, and says what was passed over.
  ///
  /// Throws whatever is wrong with it, in a sentence.
  func read(_ file: String, in tool: Tool) throws(FormatError) -> StructureSet {
    let set = try StructureFile.read(file, options: options)
    tool.note(on: set.inventory, of: file)
    return set
  }
}

extension Tool {
  /// Says in one line what a reader passed over, if it did.
  func note(on inventory: LabelInventory, of file: String) {
    if let remark = inventory.remark { note("\(file): \(remark)") }
  }
}

extension StructureSet {
  /// Refuses structures that have no labels, neither energies nor forces nor values of a model's own
  /// properties, which nothing can be learnt from; the advice says how keys are named.
  func requireLabels(
    in file: String, advice: String = "name their keys with --energy-key and --force-key"
  ) throws(FormatError) {
    let tallies = [inventory.energy, inventory.forces] + inventory.others.values
    guard tallies.allSatisfy({ $0.structures == 0 }) else { return }
    let others = inventory.ignored.keys.sorted().joined(separator: ", ")
    let areSaidToBeMissing = tallies.contains { !$0.missing.isEmpty }
    throw FormatError(
      file: file, key: "labels", expected: "energies or forces",
      found: "none in \(counted(structures.count, "structure"))"
        + (areSaidToBeMissing ? ", as the labels themselves say" : "")
        + (others.isEmpty ? "" : ", but the keys \(others)"),
      advice: advice)
  }
}
