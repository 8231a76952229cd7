import Graph
import Tensors

/// The change of the functions along a direction, `Σ_p ∂G_if/∂d_p · v_p`, `[centers, functions]`.
///
/// Operands: directions `[pairs, 3]`, perhaps with leading axes of slices that the result then has,
/// too; and those of `SymmetryFunctions`.
struct SymmetryFunctionsTangent: Primitive {
  let functions: SymmetryFunctions

  init(_ functions: SymmetryFunctions) { self.functions = functions }

  var text: String {
    "symmetryFunctionsTangent[\(functions.set.count) of \(functions.indices.name)]"
  }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 5, "needs directions and the operands of symmetryFunctions")
    try SymmetryFunctions.check(operands[1...])
    let shape = operands[0].shape
    try require(
      operands[0].elements == .real && shape.rank >= 2
        && Array(shape.extents.suffix(2)) == operands[1].shape.extents,
      "needs directions [pairs, 3]")
    let row: [Extent] = [operands[4].shape[0], .fixed(functions.set.count)]
    return .real(Shape(shape.extents.dropLast(2) + row))
  }

  func operandBounds(_ operands: [TensorType]) -> [Extent?] {
    [nil] + SymmetryFunctions.bounds(operands[1].shape[0], starts: operands[2])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    let centers = SymmetryFunctionCenters(operands, from: 1)
    let slices = operands.shape(0).count(0..<operands.shape(0).rank - 2)
    centers.forEachChunk(operands.workers) { range in
      functions.set.withEvaluator {
        computeTangentRows(
          $0, centers, range, directions: operands[0], pairs: operands.shape(1)[0],
          slices: slices, into: result.base)
      }
    }
  }

  var sharesWork: Bool { true }

  /// Linear in the directions; the derivative by displacements is composed of plain primitives.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let gradient = SymmetryFunctionsPullback(functions).applied(
      to: [cotangent] + operands.dropFirst())
    let curvature = functions.curvature(
      cotangent, along: operands[0], at: operands[1], centers: operands[4].shape[0])
    return [gradient, curvature, nil, nil, nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    ensure(
      !isBatched[2...].contains(true),
      "symmetryFunctionsTangent: indices must be the same for every slice")
    if !isBatched[1] { return applied(to: operands) }
    return functions.repeated(Array(operands.prefix(2)), isBatched: isBatched, slices: slices) {
      functions.composedTangent($0[0], at: $0[1], centers: operands[4].shape[0])
    }
  }
}

/// Computes the change of the functions of some centers along each of the directions.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func computeTangentRows<Scalar: RealScalar>(
  _ evaluator: SymmetryFunctionEvaluator<Scalar>, _ centers: SymmetryFunctionCenters<Scalar>,
  _ range: Range<Int>, directions: UnsafePointer<Scalar>, pairs: Int, slices: Int,
  into result: UnsafeMutablePointer<Scalar>
) {
  let (functions, neighbors) = (evaluator.constants.functionCount, evaluator.neighbors)
  for center in range {
    let (environment, start) = centers.environment(center)
    evaluator.derivatives(of: environment)
    for slice in 0..<slices {
      let row = result + (slice * centers.count + center) * functions
      neighbors.turn(directions + 3 * (slice * pairs + start))
      for function in 0..<functions { row[function] = neighbors.change(of: function) }
    }
  }
}

extension StagedNeighbors {
  /// Sorts the directions of the environment, [neighbours, 3], like its neighbours.
  @inline(__always)
  fileprivate func turn(_ directions: UnsafePointer<Scalar>) {
    let (directionX, directionY, directionZ) = (along, acrossX, acrossY)
    for k in 0..<total {
      let place = Int(origin[k])
      let direction = directions + 3 * place
      directionX[k] = place < 0 ? 0 : direction[0]
      directionY[k] = place < 0 ? 0 : direction[1]
      directionZ[k] = place < 0 ? 0 : direction[2]
    }
  }

  /// The change of a function along the sorted directions.
  @inline(__always)
  fileprivate func change(of function: Int) -> Scalar {
    let (directionX, directionY, directionZ) = (along, acrossX, acrossY)
    let (byX, byY) = (derivative(function, 0), derivative(function, 1))
    let byZ = derivative(function, 2)
    var sum = Scalar.Vector(repeating: 0)
    var k = 0
    while k < total {
      sum.addProduct(byX.lanes(at: k), directionX.lanes(at: k))
      sum.addProduct(byY.lanes(at: k), directionY.lanes(at: k))
      sum.addProduct(byZ.lanes(at: k), directionZ.lanes(at: k))
      k += Scalar.lanes
    }
    return sum.total
  }
}
