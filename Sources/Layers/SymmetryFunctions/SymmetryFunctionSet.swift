import Tensors

/// The symmetry functions of one central element, sorted into groups that share their terms.
///
/// The columns of everything computed follow the order of `functions`.
public struct SymmetryFunctionSet: Hashable, Sendable {
  /// The functions.
  public let functions: [SymmetryFunction]
  /// The atomic numbers of the neighbours that weighted functions count, increasing.
  public let species: [Int]
  let groups: SymmetryFunctionGroups
  let idle = IdleEvaluators()

  /// Makes a set of functions in any order.
  ///
  /// - Parameters:
  ///   - functions: The functions.
  ///   - species: The atomic numbers of the neighbours that weighted functions count: those of the
  ///     elements of the model. Other functions name theirs.
  public init(functions: [SymmetryFunction], species: [Int] = []) {
    ensure(
      !species.isEmpty || !functions.contains(where: \.isWeighted),
      "SymmetryFunctionSet: weighted functions need the elements of their neighbours")
    self.functions = functions
    self.species = Set(species).sorted()
    groups = SymmetryFunctionGroups(functions, species: self.species)
  }

  /// The number of functions.
  public var count: Int { functions.count }

  /// The largest radius; 0 where there are no functions.
  public var reach: Double { functions.map(\.radius).max() ?? 0 }

  /// The atomic numbers of neighbours that any function depends on, increasing.
  public var neighborElements: [Int] { groups.elements }

  /// Whether both have the same functions in the same order and the same neighbours.
  public static func == (left: SymmetryFunctionSet, right: SymmetryFunctionSet) -> Bool {
    left.functions == right.functions && left.species == right.species
  }

  /// Feeds the functions to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(functions)
    hasher.combine(species)
  }
}
