public import Graph
public import Tensors

/// The symmetry functions of all atoms of one element: `G[centers, functions]`.
///
/// Operands: displacements `[pairs, 3]` in the functions' length unit, sorted by first atom; where
/// the pairs of each atom start, `[atoms + 1]`; the atomic number of each second atom, `[pairs]`; the
/// atoms of the element, `[centers]`. Pairs beyond the cutoffs do no harm.
public struct SymmetryFunctions: Primitive {
  /// The functions.
  public let set: SymmetryFunctionSet
  /// What second derivatives by displacements run over.
  public let indices: SymmetryFunctionIndices

  /// Makes the primitive of a set with at least one function.
  public init(_ set: SymmetryFunctionSet, indices: SymmetryFunctionIndices) {
    ensure(set.count > 0, "SymmetryFunctions: a set needs functions")
    self.set = set
    self.indices = indices
  }

  /// The number of functions and the name of their indices, as printed programs show them.
  public var text: String { "symmetryFunctions[\(set.count) of \(indices.name)]" }

  /// The type `[centers, functions]`.
  public func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 4, "needs displacements, starts, elements and centers")
    try Self.check(operands[...])
    return .real([operands[3].shape[0], .fixed(set.count)])
  }

  static func check(_ operands: ArraySlice<TensorType>) throws(ShapeError) {
    let operands = Array(operands)
    try require(
      operands[0].elements == .real && operands[0].shape.rank == 2 && operands[0].shape[1] == 3,
      "needs displacements [pairs, 3]")
    try require(
      operands[1].elements == .index && operands[1].shape.rank == 1,
      "needs an index of where the pairs of each atom start")
    try require(
      operands[2] == .index([operands[0].shape[0]]), "needs an atomic number for each pair")
    try require(
      operands[3].elements == .index && operands[3].shape.rank == 1, "needs an index of centers")
  }

  /// Starts lie among the pairs, centers among the atoms.
  public func operandBounds(_ operands: [TensorType]) -> [Extent?] {
    Self.bounds(operands[0].shape[0], starts: operands[1])
  }

  /// The bounds of displacements, starts, elements and centers.
  static func bounds(_ pairs: Extent, starts: TensorType) -> [Extent?] {
    [nil, pairs + 1, nil, starts.shape[0] - 1]
  }

  /// Computes the functions, atom by atom in parallel.
  public func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let centers = SymmetryFunctionCenters(operands, from: 0)
    centers.forEachChunk(operands.workers) { range in
      set.withEvaluator { computeRows($0, centers, range, into: result.base) }
    }
  }

  /// True: atoms are shared out in chunks.
  public var sharesWork: Bool { true }

  /// The cotangent of the displacements; the other operands are indices.
  public func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let gradient = SymmetryFunctionsPullback(self).applied(to: [cotangent] + operands)
    return [gradient, nil, nil, nil]
  }

  /// The composition of plain primitives per slice of displacements.
  public func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(
      isBatched == [true, false, false, false],
      "symmetryFunctions: indices must be the same for every slice")
    return repeated([operands[0]], isBatched: [true], slices: slices) {
      composed($0[0], centers: operands[3].shape[0])
    }
  }
}
