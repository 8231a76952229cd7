import Graph
import Tensors

/// The index of each pair's center, `result[p] = index[c]` for the pairs p of the atom `centers[c]`;
/// 0 for pairs of other atoms.
///
/// Operands: an index of each center, `[centers]`; where the pairs of each atom start, `[atoms + 1]`;
/// the atoms that are centers, `[centers]`.
struct PairsOfCenters: Primitive {
  /// The number of pairs of all atoms.
  var pairs: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 3 && operands.allSatisfy { $0.elements == .index && $0.shape.rank == 1 }
        && operands[0] == operands[2],
      "needs an index of each center, starts of pairs and the centers")
    return .index([pairs])
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] {
    [nil, pairs + 1, operands[1].shape[0] - 1]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.setZero()
    let (index, starts, centers) = (operands.indices(0), operands.indices(1), operands.indices(2))
    for center in 0..<operands.shape(0)[0] {
      let atom = Int(centers[center])
      for pair in starts[atom]..<starts[atom + 1] { result.indices[Int(pair)] = index[center] }
    }
  }

  /// Nothing: an index has no derivative.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [nil, nil, nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("pairsOfCenters: indices have no slices")
  }
}
