/// The symmetry functions of one central element, sorted into groups that share their terms.
///
/// The columns of everything computed follow the order of `functions`.
public struct SymmetryFunctionSet: Hashable, Sendable {
  /// The functions.
  public let functions: [SymmetryFunction]
  let groups: SymmetryFunctionGroups

  /// Makes a set of functions in any order.
  public init(functions: [SymmetryFunction]) {
    self.functions = functions
    groups = SymmetryFunctionGroups(functions)
  }

  /// The number of functions.
  public var count: Int { functions.count }

  /// The largest cutoff radius; 0 where there are no functions.
  public var reach: Double { functions.map(\.cutoff.radius).max() ?? 0 }

  /// The atomic numbers of neighbours that any function depends on, increasing.
  public var neighborElements: [Int] { groups.elements }

  /// Whether both have the same functions in the same order.
  public static func == (left: SymmetryFunctionSet, right: SymmetryFunctionSet) -> Bool {
    left.functions == right.functions
  }

  /// Feeds the functions to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(functions) }
}
