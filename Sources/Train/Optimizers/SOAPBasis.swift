import Graph

/// The factors L and R of a matrix of weights [inputs, outputs] and the bases Q_L and Q_R, see `SOAP`.
struct SOAPBasis {
  private let extents: [Int]
  /// The means L [inputs, inputs] and R [outputs, outputs].
  private let factors: (left: Variable, right: Variable)
  /// The bases Q_L and Q_R as columns.
  private let bases: (left: Variable, right: Variable)

  init(of variable: Variable) {
    extents = variable.extents
    func square(_ suffix: String, _ n: Int, _ initializer: Initializer) -> Variable {
      Variable(
        "\(SOAP.kind).\(variable.name).\(suffix)", [n, n], initializer: initializer,
        isTrainable: false)
    }
    factors = (
      square("leftFactor", extents[0], .constant(0)),
      square("rightFactor", extents[1], .constant(0))
    )
    bases = (
      square("leftBasis", extents[0], .identity(scale: 1)),
      square("rightBasis", extents[1], .identity(scale: 1))
    )
  }

  /// `Q_Lᵀ G Q_R`, of a matrix as a vector.
  func turned(_ vector: Symbol) -> Symbol {
    bases.left.symbol.matmul(matrix(vector), transposed: true).matmul(bases.right.symbol)
      .flattened()
  }

  /// `Q_L G Q_Rᵀ`, of a matrix as a vector.
  func turnedBack(_ vector: Symbol) -> Symbol {
    bases.left.symbol.matmul(matrix(vector))
      .matmul(bases.right.symbol, otherTransposed: true).flattened()
  }

  /// The new factors for a gradient as a vector, and the new bases, which turn if they are due.
  func updates(_ gradient: Symbol, decay: Double, isDue: Symbol) -> [Variable: Symbol] {
    let g = matrix(gradient)
    let left =
      decay * factors.left.symbol + (1 - decay) * g.matmul(g, otherTransposed: true)
    let right = decay * factors.right.symbol + (1 - decay) * g.matmul(g, transposed: true)
    return [
      factors.left: left, factors.right: right,
      bases.left: Self.turn(bases.left, by: left, isDue),
      bases.right: Self.turn(bases.right, by: right, isDue),
    ]
  }

  private static func turn(_ basis: Variable, by factor: Symbol, _ isDue: Symbol) -> Symbol {
    let turned = factor.matmul(basis.symbol).orthogonalFactor()
    return isDue.broadcast(to: turned.shape, axes: []).select(turned, basis.symbol)
  }

  private func matrix(_ vector: Symbol) -> Symbol { vector.reshaped(.fixed(extents)) }
}
