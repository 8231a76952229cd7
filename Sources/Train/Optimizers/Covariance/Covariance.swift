public import Graph
import Tensors

/// The covariance P of a Kalman filter as graph code: a square P₀, of which the lower triangle is live,
/// and rows U that are still to be subtracted from it.
///
///     P = σ (P₀ - Uᵀ U) + s 1
///
/// A step appends its rows to U, which is small; only when U is full is P₀ itself changed, by all of
/// U in one sweep. So a step reads half of P₀ once and seldom writes it. The factor σ is there for
/// filters that forget.
///
///     let covariance = Covariance(count: objective.parameters.count, epsilon: 0.01)
///     let product = covariance.product(objective.jacobian)              X = J P
///     …                                                                 U = L⁻¹ X
///     updates.merge(covariance.reduced(by: rows, noise: q)) { $1 }      P ← P - Uᵀ U + q 1
///
/// Its memory are variables `<name>.covariance`, `<name>.pending` and a few scalars, which checkpoints
/// hold. Equal names mean the same covariance.
public struct Covariance: Sendable {
  /// The number of rows that wait before P₀ is changed: more make that rarer, and each product dearer.
  public static let pendingRows = 20

  private let matrix: Variable
  private let pending: Variable
  private let count: Variable
  private let noise: Variable
  private let scale: Variable?

  /// Makes a covariance of n weights that starts as P(0) = I/ε; one that forgets can be divided by λ.
  public init(
    _ name: String = "kalman", count n: Int, epsilon: Double, forgets: Bool = false
  ) {
    func variable(_ suffix: String, _ extents: [Int], _ initializer: Initializer) -> Variable {
      Variable("\(name).\(suffix)", extents, initializer: initializer, isTrainable: false)
    }
    matrix = variable("covariance", [n, n], .identity(scale: 1 / epsilon))
    pending = variable("pending", [Self.pendingRows, n], .constant(0))
    count = variable("pendingCount", [], .constant(0))
    noise = variable("pendingNoise", [], .constant(0))
    scale = forgets ? variable("pendingScale", [], .constant(1)) : nil
  }

  /// P as a full matrix [n, n], to look at; steps take `product`.
  public var value: Symbol {
    let rows = pending.symbol.keepingFirstRows(count.symbol)
    let matrix = matrix.symbol.mirroredLowerTriangle() - rows.matmul(rows, transposed: true)
    let shape = matrix.shape
    let scaled = scale.map { $0.symbol.broadcast(to: shape, axes: []) * matrix } ?? matrix
    return scaled + noise.symbol.broadcast(to: shape, axes: []) * .identity(shape[0])
  }

  /// `V P` for rows V of shape [m, n], each element of the triangle read once.
  public func product(_ rows: Symbol) -> Symbol {
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
  ///
  /// Only a covariance that forgets is given λ, a scalar. P stays positive for `R = L⁻¹ X` with
  /// `X = J P` and `L Lᵀ = X Jᵀ + N`, where N is positive.
  public func reduced(
    by rows: Symbol, forgetting: Symbol? = nil, noise q: Symbol
  ) -> [Variable: Symbol] {
    ensure(
      (scale == nil) == (forgetting == nil),
      "Covariance: a factor of forgetting is for a covariance that was made with forgets: true")
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

extension Covariance: BlockCovariance {
  /// The matrix P₀, the rows U, and scalars.
  public var variables: [Variable] {
    [matrix, pending, count, noise] + (scale.map { [$0] } ?? [])
  }

  /// The new values of all variables, see `reduced(by:forgetting:noise:)`.
  public func reduced(by reduction: CovarianceReduction) -> [Variable: Symbol] {
    reduced(
      by: reduction.rows, forgetting: reduction.forgetting, noise: reduction.processNoise)
  }
}

/// Whether all elements of a symbol are finite: 1 or 0, a scalar, for steps that reject bad results.
public func allFinite(_ symbol: Symbol) -> Symbol {
  symbol.isFinite().flattened().minimum(along: 0)
}
