public import Atomistic
public import Tensors

/// The treatment of structures whose labels would spoil a training, see `LabelOutlier`.
public enum OutlierTreatment: String, Codable, CaseIterable, Sendable {
  /// Nothing is trained.
  case refuse
  /// The structures are neither trained on nor validated with.
  case leaveOut
  /// The structures stay; their energies alone do not take part in the fit of reference energies.
  case keep
}

/// Labelled structures, divided for training and validation, with their weights and the energies of
/// lone atoms: complete when it is made.
public struct TrainingData: Sendable {
  /// All structures, those of weight 0 included.
  public let structures: [Structure]
  /// The places of the structures to train on.
  public let training: [Int]
  /// The places of the structures to validate with.
  public let validation: [Int]
  /// The factor of each structure's squared errors in the loss.
  public let weights: [Double]
  /// The energies of lone atoms, fitted to the training structures.
  public let reference: ReferenceEnergies
  /// The number of structures that were given weight 0.
  public let omitted: Int
  /// The labels for which structures were left out, or which were kept.
  public let outliers: [LabelOutlier]
  /// The places of the structures that were left out for their labels.
  public let leftOut: [Int]

  /// Divides structures at random and fits the energies of lone atoms.
  ///
  /// Structures of weight 0 are in neither part. Lone atoms are always trained on: no others tell
  /// reference energies of elements apart as well.
  ///
  /// - Parameters:
  ///   - structures: The structures.
  ///   - trainingFraction: The fraction to train on; the others validate.
  ///   - seed: The seed of the division.
  ///   - weights: The factor of each structure's squared errors; 1 unless given.
  ///   - treatment: The treatment of structures whose labels would spoil the training.
  ///   - properties: The properties that are trained on.
  ///   - reference: Known energies of lone atoms; fitted unless given.
  /// - Throws: `TrainingFailure` where nothing is left to train on or outliers are refused,
  ///   `LinearAlgebra.Failure` where an energy is not finite.
  public init(
    _ structures: [Structure], trainingFraction: Double = 0.8, seed: UInt64,
    weights: [Double]? = nil, outliers treatment: OutlierTreatment = .refuse,
    properties: [Property] = [.energy, .force], reference: ReferenceEnergies? = nil
  ) throws {
    var weights = weights ?? structures.map { _ in 1 }
    ensure(
      weights.count == structures.count,
      "TrainingData: \(structures.count) structures need as many weights, not \(weights.count)")
    omitted = weights.count { $0 <= 0 }
    outliers = try LabelOutlier.find(
      in: structures, members: structures.indices.filter { weights[$0] > 0 },
      properties: properties
    ).filter(\.isGross)
    switch treatment {
    case .keep: leftOut = []
    case .leaveOut: leftOut = Set(outliers.map(\.structure)).sorted()
    case .refuse:
      leftOut = []
      guard outliers.isEmpty else { throw Self.refusal(outliers, of: structures, properties) }
    }
    for place in leftOut { weights[place] = 0 }
    var random = RandomStream(seed: seed, stream: 2)
    let (first, second) = DatasetSplit.trainingAndValidation(
      of: structures.count, training: trainingFraction, using: &random)
    let loners = second.filter { structures[$0].isLoneAtom }
    training = (loners.isEmpty ? first : (first + loners).sorted()).filter { weights[$0] > 0 }
    validation = second.filter { weights[$0] > 0 && !loners.contains($0) }
    guard !training.isEmpty else {
      throw TrainingFailure(
        "of \(structures.count) structure(s) none is left for training; add structures, raise "
          + "the fraction for training, or look at the weights")
    }
    self.structures = structures
    self.weights = weights
    self.reference =
      try reference ?? ReferenceEnergies(fitting: training.map { structures[$0] })
  }

  /// Takes structures that are divided already, with their labels as they are.
  ///
  /// - Parameters:
  ///   - training: The structures to train on; at least one.
  ///   - validation: The structures to validate with.
  ///   - reference: Known energies of lone atoms; fitted unless given.
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public init(
    training: [Structure], validation: [Structure] = [], reference: ReferenceEnergies? = nil
  ) throws {
    ensure(!training.isEmpty, "TrainingData: at least one structure to train on is needed")
    structures = training + validation
    self.training = Array(0..<training.count)
    self.validation = Array(training.count..<structures.count)
    weights = structures.map { _ in 1 }
    (omitted, outliers, leftOut) = (0, [], [])
    self.reference = try reference ?? ReferenceEnergies(fitting: training)
  }

  /// The digest of all structures with their weights.
  public var digest: DataDigest { DataDigest(structures, weights: weights) }

  /// Why structures with outliers are not trained on.
  private static func refusal(
    _ outliers: [LabelOutlier], of structures: [Structure], _ properties: [Property]
  ) -> TrainingFailure {
    let sentences = DataWarning.outliers(outliers, among: structures.count, properties)
      .map(\.description)
    return TrainingFailure(
      "\(sentences.joined(separator: "; ")); mend the labels, or set data.outliers to "
        + "\"\(OutlierTreatment.leaveOut.rawValue)\" to train without these structures or to "
        + "\"\(OutlierTreatment.keep.rawValue)\" to train on them")
  }

  /// Warnings of the structures, for a potential of a cutoff.
  ///
  /// - Parameters:
  ///   - properties: The properties that are trained on.
  ///   - cutoff: The distance in angstrom within which atoms should have a neighbour.
  ///   - workers: The threads that share the work.
  /// - Returns: The warnings of the report, and one where nothing can be validated.
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public func warnings(
    _ properties: [Property], cutoff: Double, workers: Workers
  ) throws(LinearAlgebra.Failure) -> [DataWarning] {
    let report = try DataReport(
      structures, training: training, validation: validation, properties: properties,
      reference: reference, cutoff: cutoff, workers: workers)
    guard !canValidate(properties) else { return report.warnings }
    return report.warnings + [
      DataWarning(
        .noValidation,
        "there is no label to validate with, so the model that fits the training set best is kept; "
          + "add structures or lower data.split.training")
    ]
  }

  /// Whether a structure to validate with has a reference of one of the properties.
  public func canValidate(_ properties: [Property]) -> Bool {
    validation.contains { place in
      properties.contains { $0.reference(structures[place]) != nil }
    }
  }

  /// The structures and reference energies from which a model is made.
  public func structuresToTrain(
    workers: Workers, note: @escaping @Sendable (String) -> Void = { _ in }
  ) -> TrainingStructures {
    TrainingStructures(
      training.map { structures[$0] }, places: training, reference: reference, workers: workers,
      note: note)
  }
}
