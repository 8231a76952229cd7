import Graph

extension CovarianceForm {
  /// A Kronecker product for each layer, see `KroneckerCovariance`.
  public static let kronecker = CovarianceForm("kronecker", partition: \.matrices) {
    KroneckerCovariance(block: $0, start: $1)
  }
}

/// The covariance of a layer's weights W [k, o] as a Kronecker product, of about 2 (k² + o²) numbers:
///
///     P = S_a ⊗ S_g          J_s P = S_a J_s S_g       for the Jacobian J_s [k, o] of error s.
///
/// The step with all m errors is exact for this P. Then the information `Σ_s vec(J_s) vec(J_s)ᵀ / R` of
/// the step is projected on a Kronecker product: with rows J whitened by R and the number t of steps so
/// far, means of both factors run as the fixed point of a matrix normal distribution asks for
/// (Dutilleul 1999),
///
///     t ← κ t + 1
///     G_a ← G_a + (Σ_s J_s S_g J_sᵀ / tr(G_g S_g) - G_a) / t
///     G_g ← G_g + (Σ_s J_sᵀ S_a J_s / tr(G_a S_a) - G_g) / t
///     P⁻¹ = (√t G_a + π √ε 1) ⊗ (√t G_g + √ε/π 1),      π² = (tr G_a / k) / (tr G_g / o).
///
/// The traces make it exact where the information is one Kronecker product, whatever S_a and S_g are.
/// The count stands outside of both means: inside it would enter squared. The last line adds
/// `P(0)⁻¹ = ε 1` by factors (Martens and Grosse 2015). A step with a process noise q and a factor of
/// forgetting λ has `κ = λ tr P / (tr P + q n)`, by which `ε` shrinks as well, so that the trace of P
/// grows as that of a full P does.
///
/// The sum of the information over all steps is far from a Kronecker product, so a filter that forgets
/// nothing soon takes steps that are too small: give it a fading memory of about a hundred steps.
struct KroneckerCovariance: BlockCovariance {
  private let block: ParameterBlock
  private let epsilon: Double
  /// The means G_a [k, k] and G_g [o, o].
  private let means: (inputs: Variable, outputs: Variable)
  /// The factors S_a [k, k] and S_g [o, o].
  private let factors: (inputs: Variable, outputs: Variable)
  /// The number t.
  private let count: Variable
  /// The number ε of now.
  private let prior: Variable

  init(block: ParameterBlock, start: CovarianceStart) {
    (self.block, epsilon) = (block, start.epsilon)
    func variable(_ suffix: String, _ extents: [Int], _ initializer: Initializer) -> Variable {
      Variable(
        "\(block.variablePrefix).\(suffix)", extents, initializer: initializer, isTrainable: false)
    }
    let (k, o) = (block.inputs, block.outputs)
    let root = 1 / start.epsilon.squareRoot()
    means = (
      variable("inputMean", [k, k], .identity(scale: 1)),
      variable("outputMean", [o, o], .identity(scale: 1))
    )
    factors = (
      variable("inputFactor", [k, k], .identity(scale: root)),
      variable("outputFactor", [o, o], .identity(scale: root))
    )
    count = variable("stepCount", [], .constant(0))
    prior = variable("prior", [], .constant(start.epsilon))
  }

  var variables: [Variable] {
    [means.inputs, means.outputs, factors.inputs, factors.outputs, count, prior]
  }

  var value: Symbol {
    let shape: Shape = [inputs, outputs, inputs, outputs]
    let product =
      factors.inputs.symbol.broadcast(to: shape, axes: [0, 2])
      * factors.outputs.symbol.broadcast(to: shape, axes: [1, 3])
    return product.reshaped([.fixed(block.count), .fixed(block.count)])
  }

  func product(_ rows: Symbol) -> Symbol {
    let right = matrices(rows).matmul(factors.outputs.symbol)
    return right.contracted(with: factors.inputs.symbol, over: [(1, 0)], sharing: 0)
      .transposed().reshaped(rows.shape)
  }

  func reduced(by reduction: CovarianceReduction) -> [Variable: Symbol] {
    let j = matrices(reduction.whitenedJacobian)
    // A step without information on the layer, as one without its element, does not count.
    let isInformative = reduction.whitenedJacobian.square().sum().isGreater(than: 0)
    let decay = decay(reduction)
    let t = decay * count.symbol + isInformative
    let rate = isInformative / t.maximum(1e-30)
    // Weights that no label reaches any more would lose it wholly to a factor that stays below 1.
    let prior = (decay * self.prior.symbol).maximum(1e-6 * epsilon)
    let (root, rootOfPrior) = (t.squareRoot(), prior.squareRoot())
    // S_a and S_g of before the step.
    let (formerA, formerG) = (means.inputs.symbol, means.outputs.symbol)
    let weightG = factors.outputs.symbol
    let sumA = j.matmul(weightG).contracted(with: j, over: [(0, 0), (2, 2)], sharing: 0)
    let meanA = mean(formerA, sumA, overTraceOf: formerG, weightG, rate)
    // What a first step knows of G_g is nothing, so π follows from G_a and a guess of the same size.
    let isFirst = count.symbol.isEqual(to: 0)
    let ratio =
      (meanA.trace() / Double(block.inputs))
      / isFirst.select(
        meanA.trace() / Double(block.inputs), formerG.trace() / Double(block.outputs))
    let weightA = inverse(meanA, root, rootOfPrior * ratio.maximum(1e-30).squareRoot())
    let sumG = j.contracted(with: weightA, over: [(1, 0)], sharing: 0)
      .contracted(with: j, over: [(0, 0), (2, 1)], sharing: 0)
    let meanG = mean(formerG, sumG, overTraceOf: meanA, weightA, rate)
    let pi = ((meanA.trace() / Double(block.inputs)) / (meanG.trace() / Double(block.outputs)))
      .maximum(1e-30).squareRoot()
    return [
      means.inputs: meanA, means.outputs: meanG,
      factors.inputs: inverse(meanA, root, rootOfPrior * pi),
      factors.outputs: inverse(meanG, root, rootOfPrior / pi),
      count: t, self.prior: prior,
    ]
  }

  /// `κ = λ tr P / (tr P + q n)`.
  private func decay(_ reduction: CovarianceReduction) -> Symbol {
    let trace = factors.inputs.symbol.trace() * factors.outputs.symbol.trace()
    let decay = trace / (trace + reduction.processNoise * Double(block.count))
    return reduction.forgetting.map { $0 * decay } ?? decay
  }

  /// `G + rate (B / tr(H S) - G)`.
  private func mean(
    _ former: Symbol, _ sum: Symbol, overTraceOf other: Symbol, _ weight: Symbol, _ rate: Symbol
  ) -> Symbol {
    let trace = (other * weight).sum().maximum(1e-30)
    let scaled = sum * (1 / trace).broadcast(to: sum.shape, axes: [])
    return former + rate.broadcast(to: sum.shape, axes: []) * (scaled - former)
  }

  /// `(√t G + d 1)⁻¹`, with d raised to what rounding may take from the smallest eigenvalues in Float.
  private func inverse(_ mean: Symbol, _ root: Symbol, _ damping: Symbol) -> Symbol {
    let damping = damping.maximum(1e-6 * root * mean.trace())
    let identity = Symbol.identity(mean.shape[0])
    let sum =
      root.broadcast(to: mean.shape, axes: []) * mean
      + damping.broadcast(to: mean.shape, axes: []) * identity
    return sum.choleskySolve(identity)
  }

  /// Rows [m, k o] as matrices [m, k, o].
  private func matrices(_ rows: Symbol) -> Symbol {
    rows.reshaped([rows.shape[0], inputs, outputs])
  }

  private var inputs: Extent { .fixed(block.inputs) }
  private var outputs: Extent { .fixed(block.outputs) }
}
