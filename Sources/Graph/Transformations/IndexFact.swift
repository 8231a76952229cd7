/// A relation that the elements of an index fulfil: `partition[index] = result`.
///
/// The two ends of a pair belong to one structure, for instance:
///
///     let second = Symbol.placeholder(
///       "second", ["pairs"], .index,
///       facts: [
///         IndexFact(
///           gathering: structureOfAtom, gives: structureOfAtom.gathered(by: first))
///       ])
///
/// Jacobians rely on it: rows of pairs that belong to structures are summed to either end and belong to
/// structures still. A feed must fulfil the facts; otherwise such Jacobians are wrong.
public struct IndexFact: Sendable {
  let partition: IndexPath
  let result: IndexPath
  /// The types of both, which must fit the index.
  let types: (partition: TensorType, result: TensorType)

  /// States that gathering `partition`, an index of shape [targets], by the index gives `result`, of
  /// the shape of the index.
  public init(gathering partition: Symbol, gives result: Symbol) {
    self.partition = IndexPath(partition)
    self.result = IndexPath(result)
    types = (partition.type, result.type)
  }

  /// Whether the fact can be stated about an index of this type.
  func fits(_ index: TensorType) -> Bool {
    index.elements == .index && types.result == index && types.partition.elements == .index
      && types.partition.shape.rank == 1 && index.shape.rank == 1 && !partition.steps.isEmpty
  }
}
