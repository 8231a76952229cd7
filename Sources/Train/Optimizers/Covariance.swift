import Foundation
import Graph

/// The covariance P of a Kalman filter as graph code: a square of which the lower triangle is live.
struct Covariance {
  let variable: Variable

  /// P(0) = I/ε for n weights.
  init(count: Int, epsilon: Double) {
    variable = Variable(
      "kalman.covariance", [count, count], initializer: .identity(scale: 1 / epsilon),
      isTrainable: false)
  }

  /// `V P` for rows V of shape [m, n], each element of the triangle read once.
  func product(_ rows: Symbol) -> Symbol { variable.symbol.symmetricProduct(rows) }

  /// The new value `(P - Uᵀ U) / λ + q I`.
  func reduced(by rows: Symbol, forgetting: Symbol? = nil, noise: Symbol) -> Symbol {
    guard let forgetting else {
      return variable.symbol.symmetricRankUpdate(subtracting: rows, addingToDiagonal: noise)
    }
    return (variable.symbol / forgetting).symmetricRankUpdate(
      subtracting: rows / forgetting.squareRoot(), addingToDiagonal: noise)
  }
}

/// Whether all elements are finite: 1 or 0, a scalar.
func allFinite(_ vector: Symbol) -> Symbol {
  vector.isFinite().flattened().minimum(along: 0)
}

/// The logarithm of a number that is known when the graph is built.
func logarithm(_ value: Double) -> Double { value == 0 ? -.infinity : Foundation.log(value) }
