import Graph

extension CovarianceForm {
  /// A block for each unit of a layer: its incoming weights and its bias.
  public static let node = CovarianceForm("node", partition: \.matrices) {
    NodeCovariance(block: $0, start: $1)
  }
}

/// The covariances of the units of one layer: for each of o units a matrix of its k incoming weights.
///
/// Weights [k, o], covariances P [o, k, k], k² o numbers. A small process noise keeps them positive in
/// Float.
struct NodeCovariance: BlockCovariance {
  private let matrices: Variable
  private let block: ParameterBlock

  init(block: ParameterBlock, start: CovarianceStart) {
    self.block = block
    let (k, o) = (block.inputs, block.outputs)
    matrices = Variable(
      "\(block.variablePrefix).nodes", [o, k, k], initializer: .identity(scale: 1 / start.epsilon),
      isTrainable: false)
  }

  var variables: [Variable] { [matrices] }

  var value: Symbol {
    let shape: Shape = [inputs, outputs, inputs, outputs]
    let isSameUnit = Symbol.identity(outputs).broadcast(to: shape, axes: [1, 3])
    let all = matrices.symbol.transposed([1, 0, 2]).broadcast(to: shape, axes: [0, 1, 2])
    return (all * isSameUnit).reshaped([.fixed(block.count), .fixed(block.count)])
  }

  func product(_ rows: Symbol) -> Symbol {
    byUnits(rows).matmul(matrices.symbol).transposed([1, 2, 0]).reshaped(rows.shape)
  }

  func reduced(by reduction: CovarianceReduction) -> [Variable: Symbol] {
    let rows = byUnits(reduction.rows)
    let reduced = matrices.symbol - rows.matmul(rows, transposed: true)
    let unit = Symbol.identity(inputs).broadcast(to: reduced.shape, axes: [1, 2])
    return [matrices: reduction.aged(reduced, unit: unit)]
  }

  /// Rows [m, k o] as [o, m, k].
  private func byUnits(_ rows: Symbol) -> Symbol {
    rows.reshaped([rows.shape[0], inputs, outputs]).transposed([2, 0, 1])
  }

  private var inputs: Extent { .fixed(block.inputs) }
  private var outputs: Extent { .fixed(block.outputs) }
}
