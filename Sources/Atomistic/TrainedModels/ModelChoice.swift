/// A kind of model and its settings as configurations choose them: `{ behlerParrinello: { … } }`.
///
/// Decoding looks for the kind in the list of `ModelKind` that the decoder's `userInfo` holds under
/// `CodingUserInfoKey.models`. A setting that is left out has its default, so settings need no decoder
/// of their own.
public struct ModelChoice: Codable, Equatable, Sendable {
  /// The name of the kind.
  public var kind: String { choice.kind }
  /// The properties that models of the kind predict.
  public var properties: [Property] { choice.properties }

  private let choice: any Choice

  /// A kind with its settings.
  private protocol Choice: Sendable {
    var kind: String { get }
    var properties: [Property] { get }
    func potential(_ data: TrainingStructures) throws -> any TrainablePotential
    func encode(into container: inout KeyedEncodingContainer<NamedKey>) throws
    func isEqual(to other: any Choice) -> Bool
  }

  private struct Settings<Model: TrainablePotential>: Choice {
    let settings: Model.Settings

    var kind: String { Model.kind }
    var properties: [Property] { Model.properties }
    func potential(_ data: TrainingStructures) throws -> any TrainablePotential {
      try Model(settings, data)
    }
    func encode(into container: inout KeyedEncodingContainer<NamedKey>) throws {
      try container.encode(settings, forKey: NamedKey(kind))
    }
    func isEqual(to other: any Choice) -> Bool { (other as? Self)?.settings == settings }
  }

  /// Chooses a kind with its settings.
  public init<Model: TrainablePotential>(_: Model.Type, _ settings: Model.Settings) {
    choice = Settings<Model>(settings: settings)
  }

  /// Chooses a kind with its default settings.
  public init(_ type: (some TrainablePotential).Type) { self.init(type, type.defaultSettings) }

  /// Makes a potential of the kind for training structures.
  ///
  /// Throws a sentence where settings and structures do not fit.
  public func potential(_ data: TrainingStructures) throws -> any TrainablePotential {
    try choice.potential(data)
  }

  /// Decodes an object of one key.
  ///
  /// Throws `DecodingError` for a name that is not among the known ones, and what the settings refuse.
  public init(from decoder: any Decoder) throws {
    let known = decoder.userInfo[.models] as? [ModelKind] ?? []
    let key = try decoder.choice(
      among: known.map(\.name),
      advice: "A model of another package is a type that conforms to TrainablePotential; it is "
        + "found when it is in the catalogue of the tool.")
    let container = try decoder.container(keyedBy: NamedKey.self)
    // The list has a kind of this name: `choice` throws for any other.
    let kind = known.first { $0.name == key.stringValue }!
    self = try Self.choice(kind.type, container, key)
  }

  private static func choice<Model: TrainablePotential>(
    _: Model.Type, _ container: KeyedDecodingContainer<NamedKey>, _ key: NamedKey
  ) throws -> ModelChoice {
    let settings = try container.decode(forKey: key, completing: Model.defaultSettings)
    do { try Model.check(settings) } catch let error as SettingsError {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: error.description)
    }
    return ModelChoice(Model.self, settings)
  }

  /// Encodes all settings.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try choice.encode(into: &container)
  }

  /// Whether both are of one kind with equal settings.
  public static func == (first: Self, second: Self) -> Bool {
    first.choice.isEqual(to: second.choice)
  }
}

extension CodingUserInfoKey {
  /// The `[ModelKind]` in which a decoder finds models.
  public static let models = CodingUserInfoKey(rawValue: "atomflow.models")!
}
