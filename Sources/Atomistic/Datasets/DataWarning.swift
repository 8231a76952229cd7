/// A fault that labelled structures may have, with the structures that have it.
public struct DataWarning: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The kinds of fault.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Labels lie apart from those of the other structures.
    case outliers
    /// Labels belong to the others in another unit.
    case units
    /// Labels are zero, where they should perhaps be missing.
    case zeroLabels
    /// Energies differ from those of lone atoms by more than any substance's do.
    case references
    /// Structures occur several times.
    case duplicates
    /// Equal structures have different energies.
    case contradictions
    /// Structures to validate with are among those to train on.
    case leakage
    /// There is no label to validate with.
    case noValidation
    /// Atoms are closer than bonds ever are.
    case shortDistances
    /// Atoms lie on top of each other, or have left space.
    case overlaps
    /// Many atoms have no neighbour within the cutoff.
    case noNeighbors
  }

  /// The kind of fault.
  public let kind: Kind
  /// The places of the structures, counted from zero; none where the set as a whole is meant.
  public let structures: [Int]
  /// The sentence, which begins in lower case and has no full stop.
  public let description: String

  /// Makes a warning.
  public init(_ kind: Kind, structures: [Int] = [], _ sentence: String) {
    (self.kind, self.structures, description) = (kind, structures, sentence)
  }

  /// The number of structures that a sentence names one by one.
  static let named = 5

  /// Structures as the subject of a sentence: `structure 3`, `structures 3, 8 and 12 more`, with a note
  /// on each of the first.
  static func list(_ structures: [Int], _ note: (Int) -> String? = { _ in nil }) -> String {
    let shown = structures.prefix(named).enumerated().map { number, structure in
      note(number).map { "\(structure) (\($0))" } ?? "\(structure)"
    }
    let rest = structures.count - shown.count
    return (structures.count == 1 ? "structure " : "structures ") + shown.joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }
}
