import Atomistic

/// An optimizer as configurations choose it, by its kind: `{ adam: { learningRate: 0.01 } }`.
///
/// Decoding looks for the kind in the `OptimizerCatalog` that the decoder's `userInfo` holds under
/// `CodingUserInfoKey.optimizers`, or else in the standard one.
public struct OptimizerChoice: Codable, Equatable, Sendable {
  /// The optimizer with its options.
  public var optimizer: any Optimizer

  /// Chooses an optimizer.
  public init(_ optimizer: any Optimizer) { self.optimizer = optimizer }

  /// The name of the optimizer.
  public var kind: String { type(of: optimizer).kind }

  /// Decodes an object of one key.
  ///
  /// Throws `DecodingError` for a name that is not in the catalogue, and what the optimizer itself
  /// refuses.
  public init(from decoder: any Decoder) throws {
    let catalog = decoder.userInfo[.optimizers] as? OptimizerCatalog ?? .standard
    let key = try decoder.choice(
      among: catalog.kinds,
      advice: "An optimizer of another package is a type that conforms to Optimizer; it is found "
        + "when OptimizerCatalog.standard.adding(…) is the catalogue.")
    // The catalogue has a row of this name: `choice` throws for any other.
    optimizer = try decoder.container(keyedBy: NamedKey.self)
      .decode(catalog[key.stringValue]!, forKey: key)
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: NamedKey.self)
    try container.encode(optimizer, forKey: NamedKey(kind))
  }

  /// Whether both are of one kind with equal options.
  public static func == (first: Self, second: Self) -> Bool {
    first.optimizer.isEqual(to: second.optimizer)
  }
}

extension OptimizerChoice {
  /// The path of an option that a resumed run cannot change, where it differs from another choice's.
  public func initialOption(differingFrom other: OptimizerChoice) -> String? {
    optimizer.initialOption(differingFromAny: other.optimizer).map { "\(kind).\($0)" }
  }
}

extension Optimizer {
  fileprivate func initialOption(differingFromAny other: any Optimizer) -> String? {
    (other as? Self).flatMap { initialOption(differingFrom: $0) }
  }

  fileprivate func isEqual(to other: any Optimizer) -> Bool { other as? Self == self }
}
