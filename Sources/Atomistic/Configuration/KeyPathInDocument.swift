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

  /// The path as one writes it.
  public var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// The path one step further down.
  func appending(_ step: Step) -> Self { Self(steps: steps + [step]) }
}

extension KeyPathInDocument {
  /// The path of a value that was being decoded or encoded.
  init(_ codingPath: [any CodingKey]) {
    steps = codingPath.map { key in key.intValue.map(Step.index) ?? .key(key.stringValue) }
  }
}
