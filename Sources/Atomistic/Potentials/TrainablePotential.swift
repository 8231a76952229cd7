public import Graph
public import Tensors

/// A potential with weights that a training finds.
///
/// The value holds everything but the weights, which are variables of its graph: it is made from
/// settings and training structures, and kept as JSON in the model's file. With a row in the
/// catalogue that a tool is given, a model trains, is saved, evaluated, served and run in molecular
/// dynamics.
public protocol TrainablePotential: Potential, Codable {
  /// The choices that a configuration makes; a key that is left out has its default.
  associatedtype Settings: Codable & Equatable & Sendable

  /// The name of the kind in configurations and model files, such as `behlerParrinello`.
  static var kind: String { get }

  /// The settings where a configuration makes no choice.
  static var defaultSettings: Settings { get }

  /// Refuses settings that make no model, whatever the structures are; a configuration that has them is
  /// then refused with its file and key.
  ///
  /// Throws a `SettingsError`.
  static func check(_ settings: Settings) throws

  /// Makes a model for training structures.
  ///
  /// - Parameters:
  ///   - settings: The choices.
  ///   - data: The structures, and the reference energies that become the model's offsets.
  /// - Throws: A sentence where settings and structures do not fit.
  init(_ settings: Settings, _ data: TrainingStructures) throws

  /// The trainable variables in the order in which files list them.
  var variables: [Variable] { get }

  /// The properties that models of this kind predict.
  static var properties: [Property] { get }
}

extension TrainablePotential {
  /// The variables met when walking from the energies and then from the properties that have a graph
  /// of their own.
  public var variables: [Variable] {
    let inputs = AtomisticInputs()
    let values = Self.properties.compactMap { property -> Symbol? in
      guard case .own = property.definition else { return nil }
      return self.values(of: property, inputs)
    }
    return Symbol.parameters(of: [checkedAtomicEnergies(inputs)] + values)
  }

  /// Refuses nothing.
  public static func check(_ settings: Settings) throws {}

  /// Energy, force and stress.
  public static var properties: [Property] { [.energy, .force, .stress] }
}

/// The structures that a model is made for.
public struct TrainingStructures: Sendable {
  /// The structures to train on.
  public let structures: [Structure]
  /// The places of the structures among all of their file, counted from zero, for error messages.
  public let places: [Int]
  /// The energies of lone atoms, which the model adds to its own.
  public let reference: ReferenceEnergies
  /// The threads that work on many structures may share.
  public let workers: Workers
  /// Takes sentences that the user should read.
  public let note: @Sendable (String) -> Void

  /// Puts structures and reference energies together; without places the structures are all of them.
  public init(
    _ structures: [Structure], places: [Int]? = nil, reference: ReferenceEnergies,
    workers: Workers = Workers(count: 1), note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.structures = structures
    self.places = places ?? Array(structures.indices)
    self.reference = reference
    self.workers = workers
    self.note = note
  }

  /// The elements that occur, sorted.
  public var elements: [Element] { Set(structures.flatMap(\.elements)).sorted() }
}
