public import Graph
public import Tensors

/// The step of the chain rule from descriptors to displacements, `Σ_if c_if dG_if/dd`, `[pairs, 3]`.
///
/// Operands: cotangents `[centers, functions]`, or with a leading axis of slices that the result
/// then has, too; and those of `SymmetryFunctions`. Pairs of other centers get zeros.
struct SymmetryFunctionsPullback: Primitive {
  let functions: SymmetryFunctions

  init(_ functions: SymmetryFunctions) { self.functions = functions }

  var text: String {
    "symmetryFunctionsPullback[\(functions.set.count) of \(functions.indices.name)]"
  }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 5, "needs cotangents and the operands of symmetryFunctions")
    try SymmetryFunctions.check(operands[1...])
    let shape = operands[0].shape
    try require(
      (2...3).contains(shape.rank)
        && Array(shape.extents.suffix(2))
          == [operands[4].shape[0], .fixed(functions.set.count)],
      "needs cotangents [centers, functions]")
    return .real(Shape(shape.extents.dropLast(2) + operands[1].shape.extents))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let centers = SymmetryFunctionCenters(operands, from: 1)
    let cotangents = operands[0]
    let block = 3 * operands.shape(1)[0]
    let slices = operands.shape(0).rank == 3 ? operands.shape(0)[0] : 1
    result.base.update(repeating: 0, count: slices * block)
    centers.forEachChunk(operands.workers) { range in
      let evaluator = SymmetryFunctionEvaluator<Scalar>(functions.set)
      for slice in 0..<slices {
        addGradientRows(
          evaluator, centers, range,
          weights: cotangents + slice * centers.count * functions.set.count,
          to: result.base + slice * block)
      }
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let (weights, displacements) = (operands[0], operands[1])
    precondition(
      weights.rank == 2, "symmetryFunctionsPullback: slices have no derivatives of their own")
    let value = functions.composed(displacements, centers: operands[4].shape[0])
    guard let gradient = Graph.pullback(of: value, by: [displacements], cotangent: weights)[0]
    else { return [nil, nil, nil, nil, nil] }
    let second = Graph.pullback(of: gradient, by: [weights, displacements], cotangent: cotangent)
    return second + [nil, nil, nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    precondition(
      !isBatched[2...].contains(true),
      "symmetryFunctionsPullback: indices must be the same for every slice")
    if !isBatched[1] && operands[0].rank == 3 { return applied(to: operands) }
    func slice(_ operand: Int, _ name: String) -> Symbol {
      isBatched[operand]
        ? .placeholder(name, Shape(operands[operand].shape.extents.dropFirst()))
        : operands[operand]
    }
    let weights = slice(0, "cotangents of a slice")
    let displacements = slice(1, "displacements of a slice")
    let value = functions.composed(displacements, centers: operands[4].shape[0])
    let gradient =
      Graph.pullback(of: value, by: [displacements], cotangent: weights)[0]
      ?? .fill(0, displacements.shape)
    var replacements: [Symbol: Batched] = [:]
    if isBatched[0] { replacements[weights] = .perSlice(operands[0]) }
    if isBatched[1] { replacements[displacements] = .perSlice(operands[1]) }
    return batch([gradient], slices: slices, replacing: replacements)[0].perSlice(slices)
  }
}
