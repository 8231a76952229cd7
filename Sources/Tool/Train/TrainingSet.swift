import Atomistic
import Tensors
import Train

/// The structures of a training, divided, with the energies that networks are to learn.
struct TrainingSet {
  let structures: [Structure]
  let training: [Int]
  let validation: [Int]
  let reference: ReferenceEnergies

  /// The energies less those of lone atoms in eV, nil without a label.
  let energies: [Double?]

  /// Whether there is a label to validate with.
  let hasValidationLabels: Bool

  /// What a user should know of the data, some lines.
  let text: String

  private static let noValidation =
    "warning: there is no label to validate with, so the model that fits the training set best is "
    + "kept; add structures or lower data.split.training"

  /// Reads and divides the data that a configuration names.
  ///
  /// Throws a sentence if the file is wrong, holds no labels or is too small to be divided.
  init(_ configuration: TrainingConfiguration) throws {
    guard let file = configuration.data.file else {
      throw TrainingFailure(
        "no data: name a file of labelled structures by --data FILE or data.file in the "
          + "configuration")
    }
    let set = try StructureFile.read(file, options: configuration.data.options)
    try set.requireLabels(in: file)
    structures = set.structures
    var random = RandomStream(seed: UInt64(configuration.seed), stream: 2)
    (training, validation) = DatasetSplit.trainingAndValidation(
      of: structures.count, training: configuration.data.split.training, using: &random)
    guard !training.isEmpty else {
      throw TrainingFailure(
        "\(file) holds \(structures.count) structure(s), of which none is left for "
          + "training; add structures or raise data.split.training")
    }
    let members = training.map { set.structures[$0] }
    let reference = try ReferenceEnergies(fitting: members)
    self.reference = reference
    let interaction = reference.interactionEnergies(of: structures)
    energies = interaction.energies
    let hasValidationLabels = validation.contains {
      interaction.energies[$0] != nil || set.structures[$0].labels.forces != nil
    }
    self.hasValidationLabels = hasValidationLabels
    let inventory = set.inventory
    text =
      ([
        "\(file): \(counted(structures.count, "structure")), \(training.count) for training and "
          + "\(validation.count) for validation; \(inventory.energy.structures) with energies, "
          + "\(inventory.forces.structures) with forces",
        reference.energies.sorted { $0.key < $1.key }
          .map { "reference energy of \($0.key): \(decimal($0.value, 6)) eV" }.joined(
            separator: ", "),
      ] + [reference.report, interaction.warning].compactMap(\.self)
      + (hasValidationLabels ? [] : [Self.noValidation])).joined(separator: "\n")
  }
}
