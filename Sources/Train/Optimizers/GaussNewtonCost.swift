import Foundation
import Tensors

/// The memory and the work of a step that solves a damped least-squares problem of m labels and n weights.
struct GaussNewtonCost {
  let labels: Int
  let weights: Int

  /// The smaller of both numbers, of which the matrix that is factored has the square.
  private var unknowns: Int { min(labels, weights) }

  /// The speed of double precision that two common cores reach.
  private static let operationsPerSecond = 5e10

  /// The multiplications of one half of the matrix, `m n k / 2`, and of its factor, `k³/6`.
  private var operations: Double {
    let k = Double(unknowns)
    return Double(labels) * Double(weights) * k / 2 + k * k * k / 6
  }

  /// The cost in a sentence.
  var remark: String {
    let form = labels < weights ? "J Jᵀ" : "Jᵀ J"
    let work = String(format: "%.1e", 2 * operations)
    let time = String(format: "%.1g s", 2 * operations / Self.operationsPerSecond)
    return "a step with \(labels) labels and \(weights) weights keeps a Jacobian of "
      + "\(labels * weights) numbers and the matrix \(form) of \(unknowns) x \(unknowns), and takes "
      + "about \(work) floating-point operations, \(time) on a processor of two cores"
  }
}
