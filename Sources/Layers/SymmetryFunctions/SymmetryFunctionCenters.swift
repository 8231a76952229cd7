import Graph
import Tensors

/// The atoms whose functions a kernel computes, as memory of its operands.
///
/// Sendable, since operands are only read.
struct SymmetryFunctionCenters<Scalar: RealScalar>: @unchecked Sendable {
  let displacements: UnsafePointer<Scalar>
  let starts: UnsafePointer<Int32>
  let elements: UnsafePointer<Int32>
  let atoms: UnsafePointer<Int32>
  let count: Int

  init(_ operands: Operands<Scalar>, from first: Int) {
    displacements = operands[first]
    starts = operands.indices(first + 1)
    elements = operands.indices(first + 2)
    atoms = operands.indices(first + 3)
    count = operands.shape(first + 3)[0]
  }

  /// The environment of a center, and the place of its first pair.
  @inline(__always)
  func environment(_ center: Int) -> (environment: AtomEnvironment<Scalar>, start: Int) {
    let start = Int(starts[Int(atoms[center])])
    let end = Int(starts[Int(atoms[center]) + 1])
    let environment = AtomEnvironment(
      displacements: displacements + 3 * start, elements: elements + start, count: end - start)
    return (environment, start)
  }

  /// Shares the centers in chunks: small ones, so that threads end at about the same time, but no
  /// single centers, since each chunk takes an evaluator.
  ///
  /// A center's rows are its own, so the chunks do not decide the result.
  func forEachChunk(_ workers: Workers, _ body: @Sendable (Range<Int>) -> Void) {
    let most = workers.count == 1 ? 1 : 16 * workers.count
    let size = max(4, (count + most - 1) / most)
    workers.forEach((count + size - 1) / size) { chunk in
      body(chunk * size..<min(count, (chunk + 1) * size))
    }
  }
}

/// Computes the functions of some centers.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func computeRows<Scalar: RealScalar>(
  _ evaluator: SymmetryFunctionEvaluator<Scalar>, _ centers: SymmetryFunctionCenters<Scalar>,
  _ range: Range<Int>, into result: UnsafeMutablePointer<Scalar>
) {
  let functions = evaluator.constants.functionCount
  for center in range {
    evaluator.values(of: centers.environment(center).environment, into: result + center * functions)
  }
}

/// Adds the gradients of some centers to those of their pairs.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func addGradientRows<Scalar: RealScalar>(
  _ evaluator: SymmetryFunctionEvaluator<Scalar>, _ centers: SymmetryFunctionCenters<Scalar>,
  _ range: Range<Int>, weights: UnsafePointer<Scalar>, to result: UnsafeMutablePointer<Scalar>
) {
  let functions = evaluator.constants.functionCount
  for center in range {
    let (environment, start) = centers.environment(center)
    evaluator.addGradient(
      of: environment, weights: weights + center * functions, to: result + 3 * start)
  }
}
