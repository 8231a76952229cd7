import Graph

/// Muon (Jordan et al. 2024): steps of matrices of weights are orthogonalised.
///
///     u ← μ u + (1 - μ) G        X = (1 - μ) G + μ u,   X ← X/|X|
///     X ← a X + (b X Xᵀ + c (X Xᵀ)²) X      five times (Newton and Schulz)
///     W ← W - η √max(1, outputs/inputs) X
///
/// with a = 3.4445, b = -4.775 and c = 2.0315, by which all singular values of X come near 1, for each
/// matrix W [inputs, outputs] of more than one row and column. The other weights, biases and the
/// columns of a last layer among them, take steps of an Adam within.
public struct Muon: Optimizer, Hashable {
  /// `muon`.
  public static let kind = "muon"

  /// The learning rate η of matrices.
  public var learningRate: ValueSchedule
  /// The momentum μ.
  public var momentum: Double
  /// The optimizer of the other weights. Its bound of the gradient and its plateau hold for matrices, too.
  public var adam: Adam

  /// Makes Muon, by default with the momentum 0.95.
  public init(learningRate: ValueSchedule, momentum: Double = 0.95, adam: Adam) {
    (self.learningRate, self.momentum, self.adam) = (learningRate, momentum, adam)
  }

  /// One step: the momentum, the moments of the other weights, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let step = adam.gradientStep(for: objective)
    let rate = step.rate(learningRate)
    let parameters = objective.parameters
    var memory: [Variable: Symbol] = [:]
    let changes = zip(parameters.variables, parameters.parts(of: step.gradient)).map {
      variable, gradient in
      let name = "\(Self.kind).\(variable.name)"
      let (change, kept) =
        variable.isMatrix
        ? self.change(gradient, of: variable, rate: rate, name: name)
        : adam.change(gradient, rate: step.rate, at: step.counter, name: name)
      memory.merge(kept) { $1 }
      return change
    }
    return step.subtracting(.concatenating(changes, axis: 0), memory: memory)
  }

  /// The change of a matrix with a gradient, both as vectors.
  private func change(
    _ gradient: Symbol, of variable: Variable, rate: Symbol, name: String
  ) -> (change: Symbol, memory: [Variable: Symbol]) {
    let velocity = Variable(
      "\(name).velocity", [variable.count], initializer: .constant(0), isTrainable: false)
    let u = momentum * velocity.symbol + (1 - momentum) * gradient
    let direction = (1 - momentum) * gradient + momentum * u
    let matrix = Self.orthogonalized(
      direction.reshaped(.fixed(variable.extents)), variable.extents)
    return ((rate * matrix).flattened(), [velocity: u])
  }

  /// The matrix X [inputs, outputs] that Newton's and Schulz' iteration makes of a direction, scaled.
  private static func orthogonalized(_ direction: Symbol, _ extents: [Int]) -> Symbol {
    let (a, b, c) = (3.4445, -4.775, 2.0315)
    let isTall = extents[0] > extents[1]
    let matrix = isTall ? direction.transposed() : direction
    var x = matrix / ((matrix * matrix).sum().squareRoot() + 1e-7)
    for _ in 0..<5 {
      let square = x.matmul(x, otherTransposed: true)
      x = a * x + (b * square + c * square.matmul(square)).matmul(x)
    }
    let scale = max(1, Double(extents[1]) / Double(extents[0])).squareRoot()
    return scale * (isTall ? x.transposed() : x)
  }
}

extension Muon {
  private enum CodingKeys: String, CodingKey { case learningRate, momentum, adam }

  /// Decodes Muon; an absent key means the value of `init`, for the learning rate 0.02 and 10⁻³ of Adam.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      learningRate: try container.decode(.learningRate, default: .constant(0.02)),
      adam: try container.decode(.adam, default: Adam(learningRate: .constant(1e-3))))
    momentum = try container.decode(.momentum, default: momentum)
    try container.requirePositive(learningRate, .learningRate)
    try container.requireFraction(momentum, .momentum)
  }

  /// Encodes all keys.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(learningRate, forKey: .learningRate)
    try container.encode(momentum, forKey: .momentum)
    try container.encode(adam, forKey: .adam)
  }
}
