import Graph

/// SOAP: Adam in the eigenbases of Shampoo's factors (Vyas et al. 2024, arXiv:2409.11321).
///
///     L ← β L + (1 - β) G Gᵀ        R ← β R + (1 - β) Gᵀ G
///     G' = Q_Lᵀ G Q_R,  the change ΔW' of Adam for G',  W ← W - Q_L ΔW' Q_Rᵀ
///     Q_L ← Q of L Q_L = Q T,  Q_R likewise,  after every so many steps
///
/// for each matrix W [inputs, outputs] of more than one row and column; the others take Adam's steps. The
/// first moment stays in the basis of W, so it turns with the bases, and the second one does not. Bases
/// start as unit matrices, with which it is Adam, and each turn is a step of orthogonal iteration.
public struct SOAP: Optimizer, Hashable {
  /// `soap`.
  public static let kind = "soap"

  /// Adam's options.
  public var adam: Adam
  /// The decay β of the factors.
  public var factorDecay: Double
  /// The number of steps from one turn of the bases to the next.
  public var turnEvery: Int

  /// Makes SOAP, by default with β = 0.95 and bases that turn every ten steps.
  public init(_ adam: Adam, factorDecay: Double = 0.95, turnEvery: Int = 10) {
    (self.adam, self.factorDecay, self.turnEvery) = (adam, factorDecay, turnEvery)
  }

  /// One step: the moments, factors and bases, the weights and the count of steps.
  public func step(for objective: Objective) -> Step {
    let step = adam.gradientStep(for: objective)
    let parameters = objective.parameters
    let bases = parameters.variables.map { $0.isMatrix ? SOAPBasis(of: $0) : nil }
    func mapped(_ vector: Symbol, _ map: (SOAPBasis, Symbol) -> Symbol) -> Symbol {
      let parts = zip(bases, parameters.parts(of: vector)).map { basis, part in
        basis.map { map($0, part) } ?? part
      }
      return .concatenating(parts, axis: 0)
    }
    var (change, memory) = adam.change(
      step.gradient, rate: step.rate, at: step.counter, name: Self.kind
    ) { mapped($0) { $0.turned($1) } }
    let waited = Variable(
      "soap.stepsSinceTurn", [], initializer: .constant(0), isTrainable: false)
    let isDue = waited.symbol.isGreaterOrEqual(to: Double(turnEvery) - 1)
    memory[waited] = (1 - isDue) * (waited.symbol + 1)
    for (basis, gradient) in zip(bases, parameters.parts(of: step.gradient)) {
      guard let basis else { continue }
      memory.merge(basis.updates(gradient, decay: factorDecay, isDue: isDue)) { $1 }
    }
    change = mapped(change) { $0.turnedBack($1) }
    return step.subtracting(change, memory: memory)
  }
}

extension SOAP {
  private enum CodingKeys: String, CodingKey { case factorDecay, turnEvery }

  /// Decodes the keys of Adam and those of the bases; an absent key means the value of `init`, for Adam
  /// the learning rate 3·10⁻³, decays of 0.95 and ε = 10⁻⁸.
  ///
  /// Throws `DecodingError` for a value out of range.
  public init(from decoder: any Decoder) throws {
    let defaults = Adam(
      learningRate: .constant(3e-3), firstDecay: 0.95, secondDecay: 0.95, epsilon: 1e-8)
    self.init(try Adam(from: decoder, defaults: defaults))
    let container = try decoder.container(keyedBy: CodingKeys.self)
    factorDecay = try container.decode(.factorDecay, default: factorDecay)
    turnEvery = try container.decode(.turnEvery, default: turnEvery)
    try container.requireFraction(factorDecay, .factorDecay)
    try container.requirePositive(turnEvery, .turnEvery)
  }

  /// Encodes all keys.
  public func encode(to encoder: any Encoder) throws {
    try adam.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(factorDecay, forKey: .factorDecay)
    try container.encode(turnEvery, forKey: .turnEvery)
  }
}
