import Graph

extension CovarianceForm {
  /// The variances of single weights alone.
  public static let diagonal = CovarianceForm("diagonal", partition: \.whole) {
    DiagonalCovariance(block: $0, start: $1)
  }
}

/// A covariance with zeros outside its diagonal: `p[i] ← (p[i] - Σ_s U[s, i]²) / λ + q`.
///
/// n numbers, 4 n m operations a step for m labels.
struct DiagonalCovariance: BlockCovariance {
  private let diagonal: Variable

  init(block: ParameterBlock, start: CovarianceStart) {
    diagonal = Variable(
      "\(block.variablePrefix).diagonal", [block.count], initializer: .constant(1 / start.epsilon),
      isTrainable: false)
  }

  var variables: [Variable] { [diagonal] }

  var value: Symbol {
    let identity = Symbol.identity(.fixed(diagonal.count))
    return diagonal.symbol.broadcast(to: identity.shape, axes: [0]) * identity
  }

  func product(_ rows: Symbol) -> Symbol {
    rows * diagonal.symbol.broadcast(to: rows.shape, axes: [1])
  }

  func reduced(by reduction: CovarianceReduction) -> [Variable: Symbol] {
    // Only rounding can make the difference negative.
    let reduced = (diagonal.symbol - reduction.rows.square().sum(along: 0)).maximum(0)
    return [diagonal: reduction.aged(reduced, unit: .fill(1, reduced.shape))]
  }
}
