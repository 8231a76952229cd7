/// The structures whose labels an optimizer has found far beyond the error that it expects, and how often.
public struct WildLabelTable: Codable, Equatable, Sendable {
  /// What was found of the labels of one kind of one structure.
  public struct Entry: Codable, Equatable, Sendable {
    /// How many labels were found so; one that is drawn again counts again.
    public var count: Int
    /// The last step that found one.
    public var lastStep: Int
  }

  /// The entries by the kind of label and the number of the structure among the data, counted from 0.
  public private(set) var entries: [String: [Int: Entry]] = [:]

  /// Makes an empty table.
  public init() {}

  /// Adds a label of a structure that a step has found.
  mutating func add(kind: String, structure: Int, step: Int) {
    let count = entries[kind]?[structure]?.count ?? 0
    entries[kind, default: [:]][structure] = Entry(count: count + 1, lastStep: step)
  }

  /// The rows of each kind, those found most often first.
  private var rows: [(kind: String, structure: Int, entry: Entry)] {
    entries.sorted { $0.key < $1.key }.flatMap { kind, found in
      found.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        .map { (kind, $0.key, $0.value) }
    }
  }

  /// The table as a file of comma-separated values.
  var text: String {
    rows.reduce("kind,structure,count,last_step\n") {
      $0 + "\($1.kind),\($1.structure),\($1.entry.count),\($1.entry.lastStep)\n"
    }
  }

  /// How many structures a sentence names.
  private static let named = 5

  /// A sentence on each kind that names the structures found most often, without a full stop.
  var sentences: [String] {
    entries.keys.sorted().map { kind in
      let own = rows.filter { $0.kind == kind }
      let names = own.prefix(Self.named).map { "\($0.structure) (\($0.entry.count) times)" }
      let more = own.count > Self.named ? " and \(own.count - Self.named) more" : ""
      return "labels of the kind '\(kind)' were far beyond the error that the filter expects in "
        + "\(own.count) structure(s), counted from 0: \(names.joined(separator: ", "))\(more); "
        + "look at these labels"
    }
  }
}
