public import Atomistic
public import Tensors

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

  /// Divides structures at random and fits the energies of lone atoms.
  ///
  /// Structures of weight 0 are in neither part.
  ///
  /// - Parameters:
  ///   - structures: The structures.
  ///   - trainingFraction: The fraction to train on; the others validate.
  ///   - seed: The seed of the division.
  ///   - weights: The factor of each structure's squared errors; 1 unless given.
  ///   - reference: Known energies of lone atoms; fitted unless given.
  /// - Throws: `TrainingFailure` where nothing is left to train on, `LinearAlgebra.Failure` where an
  ///   energy is not finite.
  public init(
    _ structures: [Structure], trainingFraction: Double = 0.8, seed: UInt64,
    weights: [Double]? = nil, reference: ReferenceEnergies? = nil
  ) throws {
    let weights = weights ?? structures.map { _ in 1 }
    ensure(
      weights.count == structures.count,
      "TrainingData: \(structures.count) structures need as many weights, not \(weights.count)")
    var random = RandomStream(seed: seed, stream: 2)
    let (first, second) = DatasetSplit.trainingAndValidation(
      of: structures.count, training: trainingFraction, using: &random)
    training = first.filter { weights[$0] > 0 }
    validation = second.filter { weights[$0] > 0 }
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

  /// Takes structures that are divided already.
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
    self.reference = try reference ?? ReferenceEnergies(fitting: training)
  }

  /// The digest of all structures with their weights.
  public var digest: DataDigest { DataDigest(structures, weights: weights) }

  /// The number of structures of weight 0.
  public var omitted: Int { weights.count { $0 <= 0 } }

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
      training.map { structures[$0] }, reference: reference, workers: workers, note: note)
  }
}
