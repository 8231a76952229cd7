public import Atomistic

/// The factors of structures' squared errors: from an entry of each structure in its file, and from its
/// type.
///
/// The factor is the product of both, as MACE has it: `config_weight` in the file, and a factor for each
/// `config_type`.
public struct StructureWeights: Codable, Equatable, Sendable {
  /// The entry of the file that holds a structure's factor; 1 where it is missing.
  public var key = "config_weight"
  /// The factor of each type of structure, the entry `config_type` of the file.
  public var configTypes: [String: Double] = [:]

  /// A structure whose factor is no number or negative.
  public struct Fault: Error, CustomStringConvertible {
    /// The sentence; structures are counted from zero.
    public let description: String
  }

  /// Takes factors from `config_weight`.
  public init() {}

  /// Decodes the choices; a key that is left out has its default.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    key = try container.decode(.key, default: key)
    configTypes = try container.decode(.configTypes, default: configTypes)
    for factor in configTypes.values { try container.requireNotNegative(factor, .configTypes) }
  }

  /// The factors of structures.
  ///
  /// - Throws: `Fault` where a factor is no number or negative, or no structure has one of the types.
  public func factors(of structures: [Structure]) throws -> [Double] {
    for type in configTypes.keys.sorted()
    where !structures.contains(where: { $0.info["config_type"] == type }) {
      let known = Set(structures.compactMap { $0.info["config_type"] }).sorted()
      let guess = nearestName(to: type, among: known).map { "; did you mean '\($0)'?" }
      throw Fault(
        description: "no structure has the config_type '\(type)'"
          + (guess ?? "; there are \(known.isEmpty ? "none" : known.joined(separator: ", "))"))
    }
    return try structures.enumerated().map { number, structure in
      var factor = 1.0
      if let text = structure.info[key] {
        guard let own = Double(text), own >= 0, own.isFinite else {
          throw Fault(
            description: "structure \(number) (counted from 0): \(key) should be a number that "
              + "is not negative, but is '\(text)'")
        }
        factor = own
      }
      return factor * (structure.info["config_type"].flatMap { configTypes[$0] } ?? 1)
    }
  }
}
