import Synchronization
import Tensors

extension SymmetryFunctionSet {
  /// Runs a body with an evaluator that no other thread uses meanwhile.
  func withEvaluator<Scalar: RealScalar>(_ body: (SymmetryFunctionEvaluator<Scalar>) -> Void) {
    let evaluator = idle.take() ?? SymmetryFunctionEvaluator<Scalar>(self)
    body(evaluator)
    idle.put(evaluator)
  }
}

/// The evaluators of a set that no thread uses, kept for the next computation: making one takes hundreds of
/// allocations. There are as many as threads have worked at once.
final class IdleEvaluators: Sendable {
  /// Sendable, since an evaluator is in the list or with one thread.
  private struct Evaluator: @unchecked Sendable { let object: AnyObject }

  private let list = Mutex<[Evaluator]>([])

  /// Takes one of this precision out of the list.
  func take<Scalar: RealScalar>() -> SymmetryFunctionEvaluator<Scalar>? {
    let evaluator = list.withLock { list -> Evaluator? in
      list.lastIndex { $0.object is SymmetryFunctionEvaluator<Scalar> }.map { list.remove(at: $0) }
    }
    return evaluator?.object as? SymmetryFunctionEvaluator<Scalar>
  }

  /// Puts one into the list.
  func put<Scalar: RealScalar>(_ evaluator: SymmetryFunctionEvaluator<Scalar>) {
    let evaluator = Evaluator(object: evaluator)
    list.withLock { $0.append(evaluator) }
  }
}
