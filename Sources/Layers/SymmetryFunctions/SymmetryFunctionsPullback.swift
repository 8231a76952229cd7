import Graph
import Tensors

/// The step of the chain rule from descriptors to displacements, `Σ_if c_if dG_if/dd`, `[pairs, 3]`.
///
/// Operands: cotangents `[centers, functions]`, perhaps with leading axes of slices that the result
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
      operands[0].elements == .real && shape.rank >= 2
        && Array(shape.extents.suffix(2))
          == [operands[4].shape[0], .fixed(functions.set.count)],
      "needs cotangents [centers, functions]")
    return .real(Shape(shape.extents.dropLast(2) + operands[1].shape.extents))
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] {
    [nil] + SymmetryFunctions.bounds(operands[1].shape[0], starts: operands[2])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let centers = SymmetryFunctionCenters(operands, from: 1)
    let block = 3 * operands.shape(1)[0]
    let slices = operands.shape(0).count(0..<operands.shape(0).rank - 2)
    result.setZero(operands.workers)
    centers.forEachChunk(operands.workers) { range in
      functions.set.withEvaluator { evaluator in
        if slices == 1 {
          addGradientRows(evaluator, centers, range, weights: operands[0], to: result.base)
        } else {
          computeGradientSlices(
            evaluator, centers, range, cotangents: operands[0], slices: slices, into: result.base,
            block: block)
        }
      }
    }
  }

  var sharesWork: Bool { true }

  /// Linear in the cotangents; the derivative by displacements is composed of plain primitives.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let tangent = SymmetryFunctionsTangent(functions).applied(
      to: [cotangent] + operands.dropFirst())
    let curvature = functions.curvature(
      operands[0], along: cotangent, at: operands[1], centers: operands[4].shape[0])
    return [tangent, curvature, nil, nil, nil]
  }

  /// Each pair belongs to the slice of its center; pairs of other centers are zero in all slices.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    let shared = operands.dropFirst().compactMap(\.shared)
    guard let rows = operands[0].segmented, rows.axis == 0, rows.value.rank == 2,
      shared.count == operands.count - 1
    else { return nil }
    let segments = PairsOfCenters(pairs: shared[0].shape[0])(rows.segments, shared[1], shared[3])
    return rows.with(applied(to: [rows.value] + shared), segments: segments)
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(
      !isBatched[2...].contains(true),
      "symmetryFunctionsPullback: indices must be the same for every slice")
    if !isBatched[1] { return applied(to: operands) }
    return functions.repeated(Array(operands.prefix(2)), isBatched: isBatched, slices: slices) {
      functions.composedGradient($0[0], at: $0[1], centers: operands[4].shape[0])
    }
  }
}

/// Computes the gradients of some centers for several slices of cotangents.
///
/// Derivatives are computed once for all slices. Slices are often sparse, such as those of one
/// function each, so zeros among the cotangents are passed over.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func computeGradientSlices<Scalar: RealScalar>(
  _ evaluator: SymmetryFunctionEvaluator<Scalar>, _ centers: SymmetryFunctionCenters<Scalar>,
  _ range: Range<Int>, cotangents: UnsafePointer<Scalar>, slices: Int,
  into result: UnsafeMutablePointer<Scalar>, block: Int
) {
  let (functions, neighbors) = (evaluator.constants.functionCount, evaluator.neighbors)
  for center in range {
    let (environment, start) = centers.environment(center)
    evaluator.derivatives(of: environment)
    for slice in 0..<slices {
      let weights = cotangents + (slice * centers.count + center) * functions
      let target = result + slice * block + 3 * start
      for function in 0..<functions where weights[function] != 0 {
        neighbors.addDerivatives(of: function, times: weights[function], to: target)
      }
    }
  }
}

extension StagedNeighbors {
  /// Adds a function's derivatives by the displacements of the environment, [neighbours, 3].
  @inline(__always)
  fileprivate func addDerivatives(
    of function: Int, times weight: Scalar, to gradient: UnsafeMutablePointer<Scalar>
  ) {
    let (byX, byY) = (derivative(function, 0), derivative(function, 1))
    let (byZ, origin) = (derivative(function, 2), self.origin)
    for element in constants.elements.indices {
      let start = starts[element]
      for k in start..<start + counts[element] {
        let target = gradient + 3 * Int(origin[k])
        target[0] += weight * byX[k]
        target[1] += weight * byY[k]
        target[2] += weight * byZ[k]
      }
    }
  }
}
