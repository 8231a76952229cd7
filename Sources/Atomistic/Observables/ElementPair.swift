/// Two elements in an order, written as in `O-H`.
public struct ElementPair: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The element of the atoms that are looked from.
  public var center: Element
  /// The element of the atoms that are counted around them.
  public var neighbor: Element

  /// Makes a pair.
  public init(_ center: Element, _ neighbor: Element) {
    (self.center, self.neighbor) = (center, neighbor)
  }

  /// Reads `O-H` or `O,H`; nil for anything else.
  public init?(_ text: String) {
    let words = text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "," }
    guard words.count == 2, let center = Element(symbol: words[0]),
      let neighbor = Element(symbol: words[1])
    else { return nil }
    self.init(center, neighbor)
  }

  /// All pairs of a structure's elements, each once, heavier elements first.
  public static func all(of structure: Structure) -> [ElementPair] {
    let elements = structure.composition.keys.sorted(by: >)
    return elements.indices.flatMap { first in
      elements[first...].map { ElementPair(elements[first], $0) }
    }
  }

  /// The pair as in `O-H`.
  public var description: String { "\(center)-\(neighbor)" }

  /// Orders by the elements.
  public static func < (lhs: ElementPair, rhs: ElementPair) -> Bool {
    (lhs.center, lhs.neighbor) < (rhs.center, rhs.neighbor)
  }
}
