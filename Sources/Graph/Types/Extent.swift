/// The length of an axis: a number, a named size that comes with the feed, or sums and products of
/// these (`slices * atoms`, `rows + 1`).
///
/// Extents are kept as polynomials in canonical order, so two extents are equal exactly when they
/// agree for every size the names may take.
public struct Extent: Hashable, Sendable, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  /// `coefficient` times the product of the named sizes.
  struct Term: Hashable, Sendable {
    var names: [String]
    var coefficient: Int
  }

  /// Terms sorted by names, none with a zero coefficient.
  private(set) var terms: [Term]

  /// Terms in canonical order.
  private init(_ terms: [Term]) { self.terms = terms }

  private init(collecting terms: [Term]) {
    var sums: [[String]: Int] = [:]
    for term in terms { sums[term.names.sorted(), default: 0] += term.coefficient }
    self.terms = sums.filter { $0.value != 0 }
      .map { Term(names: $0.key, coefficient: $0.value) }
      .sorted { ($0.names.count, $0.names.joined()) < ($1.names.count, $1.names.joined()) }
  }

  /// A length known when the graph is built.
  public static func fixed(_ value: Int) -> Extent {
    Extent(value == 0 ? [] : [Term(names: [], coefficient: value)])
  }

  /// A length that the feed gives under this name, by `feed[axis: .named(name)]`.
  public static func named(_ name: String) -> Extent {
    Extent([Term(names: [name], coefficient: 1)])
  }

  /// Makes the extent of a number.
  public init(integerLiteral value: Int) { self = .fixed(value) }

  /// Makes the extent of a named size.
  public init(stringLiteral name: String) { self = .named(name) }

  /// The number, if no named size occurs.
  public var constant: Int? {
    if terms.isEmpty { return 0 }
    return terms.count == 1 && terms[0].names.isEmpty ? terms[0].coefficient : nil
  }

  /// The name, if the extent is a single named size.
  var name: String? {
    guard terms.count == 1, terms[0].coefficient == 1, terms[0].names.count == 1 else { return nil }
    return terms[0].names[0]
  }

  /// The named sizes that occur.
  public var names: Set<String> { Set(terms.flatMap(\.names)) }

  /// Whether a named size occurs in both.
  func sharesNames(with other: Extent) -> Bool {
    terms.contains { term in
      other.terms.contains { $0.names.contains(where: term.names.contains) }
    }
  }

  /// The value, given the size of each named axis.
  public func value(_ size: (String) -> Int) -> Int {
    terms.reduce(0) { $0 + $1.names.reduce($1.coefficient) { $0 * size($1) } }
  }

  /// The sum of two extents.
  public static func + (left: Extent, right: Extent) -> Extent {
    if let first = left.constant, let second = right.constant { return .fixed(first + second) }
    return Extent(collecting: left.terms + right.terms)
  }

  /// The difference of two extents.
  public static func - (left: Extent, right: Extent) -> Extent { left + .fixed(-1) * right }

  /// The product of two extents.
  public static func * (left: Extent, right: Extent) -> Extent {
    // Most extents are numbers or names, and their products need no sorting.
    switch (left.constant, right.constant) {
    case (let first?, let second?): return .fixed(first * second)
    case (1, nil): return right
    case (nil, 1): return left
    default: break
    }
    return Extent(
      collecting: left.terms.flatMap { a in
        right.terms.map {
          Term(names: a.names + $0.names, coefficient: a.coefficient * $0.coefficient)
        }
      })
  }
}

extension Extent: CustomStringConvertible {
  /// The polynomial, such as `2·rows+1`.
  public var description: String {
    if let constant { return String(constant) }
    return terms.map { term in
      let names = term.names.joined(separator: "·")
      if term.names.isEmpty { return String(term.coefficient) }
      return term.coefficient == 1 ? names : "\(term.coefficient)·\(names)"
    }.joined(separator: "+")
  }
}
