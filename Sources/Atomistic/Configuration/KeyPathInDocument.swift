/// The way from the root of a JSON document to one of its values; prints as `network.layers[1]`.
public struct KeyPathInDocument: Sendable, Hashable, CustomStringConvertible {
  /// One step down the tree.
  public enum Step: Sendable, Hashable {
    /// Into an object.
    case key(String)
    /// Into a list.
    case index(Int)

    /// The key or the index.
    var text: String {
      switch self {
      case .key(let key): key
      case .index(let index): "\(index)"
      }
    }
  }

  /// The steps from the root on.
  public var steps: [Step] = []

  /// The most characters of a key that are printed.
  static let longestKey = 60

  /// The path as one writes it; long keys are shortened.
  public var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .key(let key):
        let short = key.shortened(to: Self.longestKey)
        text += text.isEmpty ? short : ".\(short)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// The path one step further down.
  func appending(_ step: Step) -> Self { Self(steps: steps + [step]) }
}

extension KeyPathInDocument {
  /// The path as decoders know it.
  var codingPath: [any CodingKey] { steps }

  /// The path of a value that was being decoded or encoded.
  init(_ codingPath: [any CodingKey]) {
    steps = codingPath.map { key in key.intValue.map(Step.index) ?? .key(key.stringValue) }
  }
}

extension KeyPathInDocument.Step: CodingKey {
  /// The key, or the index as text.
  public var stringValue: String { text }

  /// The index; nil for a key.
  public var intValue: Int? {
    if case .index(let index) = self { index } else { nil }
  }

  /// Makes a step into an object.
  public init(stringValue: String) { self = .key(stringValue) }

  /// Makes a step into a list.
  public init(intValue: Int) { self = .index(intValue) }
}
