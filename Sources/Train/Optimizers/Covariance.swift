import Foundation
import Graph

/// The covariance P of a Kalman filter as graph code, kept as a square P₀ of which the lower triangle
/// is live, and what is still to be subtracted from it:
///
///     P = σ (P₀ - Uᵀ U) + s 1
///
/// A step appends its rows to U, which is small; only when U is full is P₀ itself changed, by all of
/// U in one sweep. So a step reads half of P₀ once and seldom writes it. The factor σ is there for
/// filters that forget.
struct Covariance {
  /// How many rows wait before P₀ is changed: more make that rarer, and each product dearer.
  static let pendingRows = 20

  private let matrix: Variable
  private let pending: Variable
  private let count: Variable
  private let noise: Variable
  private let scale: Variable?

  /// P(0) = I/ε for n weights.
  init(count n: Int, epsilon: Double, forgets: Bool = false) {
    func scalar(_ name: String, _ value: Double) -> Variable {
      Variable(name, [], initializer: .constant(value), isTrainable: false)
    }
    matrix = Variable(
      "kalman.covariance", [n, n], initializer: .identity(scale: 1 / epsilon), isTrainable: false)
    pending = Variable(
      "kalman.pending", [Self.pendingRows, n], initializer: .constant(0), isTrainable: false)
    count = scalar("kalman.pendingCount", 0)
    noise = scalar("kalman.pendingNoise", 0)
    scale = forgets ? scalar("kalman.pendingScale", 1) : nil
  }

  /// P as a full matrix [n, n].
  var value: Symbol {
    let rows = pending.symbol.keepingFirstRows(count.symbol)
    let matrix = matrix.symbol.mirroredLowerTriangle() - rows.matmul(rows, transposed: true)
    let shape = matrix.shape
    let scaled = scale.map { $0.symbol.broadcast(to: shape, axes: []) * matrix } ?? matrix
    return scaled + noise.symbol.broadcast(to: shape, axes: []) * .identity(shape[0])
  }

  /// `V P` for rows V of shape [m, n], each element of the triangle read once.
  func product(_ rows: Symbol) -> Symbol {
    let shares = rows.matmul(pending.symbol, otherTransposed: true)
    let isPending = Symbol.fill(1, [.fixed(Self.pendingRows), 1]).keepingFirstRows(count.symbol)
    let mask = isPending.flattened().broadcast(to: shares.shape, axes: [1])
    let difference =
      matrix.symbol.symmetricProduct(rows) - (shares * mask).matmul(pending.symbol)
    let noise = noise.symbol.broadcast(to: rows.shape, axes: []) * rows
    guard let scale else { return difference + noise }
    return scale.symbol.broadcast(to: rows.shape, axes: []) * difference + noise
  }

  /// The new values of all variables, for `P ← (P - Rᵀ R) / λ + q 1` with rows R of shape [m, n].
  func reduced(by rows: Symbol, forgetting: Symbol? = nil, noise q: Symbol) -> [Variable: Symbol] {
    let m = Symbol.size(of: rows.shape[0])
    let total = count.symbol + m
    let capacity = Symbol.fill(Double(Self.pendingRows), .scalar)
    // Rows that do not fit are subtracted at once, after all that wait; and so are all that wait if
    // another step like this one would not fit.
    let fits = total.isLess(than: capacity + 0.5)
    let isFull = (total + m).isGreater(than: capacity + 0.5)
    var noise = noise.symbol + q
    var (waiting, direct, factor) = (rows, rows, Symbol.fill(1, .scalar))
    var updates: [Variable: Symbol] = [:]
    if let scale, let forgetting {
      noise = self.noise.symbol / forgetting + q
      let newScale = scale.symbol / forgetting
      waiting = rows / scale.symbol.squareRoot()
      direct = rows / forgetting.squareRoot()
      factor = isFull.select(newScale, .fill(1, .scalar))
      updates[scale] = isFull.select(.fill(1, .scalar), newScale)
    }
    let nowPending = pending.symbol.replacingRows(
      from: fits.select(count.symbol, capacity), with: waiting)
    updates[matrix] = matrix.symbol
      .symmetricRankUpdate(
        subtracting: nowPending, count: isFull * fits.select(total, count.symbol),
        addingToDiagonal: scale == nil ? isFull * noise : .fill(0, .scalar)
      )
      .symmetricRankUpdate(
        scaledBy: factor, subtracting: direct, count: (1 - fits) * m,
        addingToDiagonal: scale == nil ? .fill(0, .scalar) : isFull * noise)
    updates[pending] = nowPending
    updates[count] = (1 - isFull) * total
    updates[self.noise] = (1 - isFull) * noise
    return updates
  }
}

/// Whether all elements are finite: 1 or 0, a scalar.
func allFinite(_ vector: Symbol) -> Symbol {
  vector.isFinite().flattened().minimum(along: 0)
}

/// The logarithm of a number that is known when the graph is built.
func logarithm(_ value: Double) -> Double { value == 0 ? -.infinity : Foundation.log(value) }
