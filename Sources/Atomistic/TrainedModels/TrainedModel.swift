public import Graph
public import Tensors

/// A potential and its weights.
public struct TrainedModel: Sendable {
  /// Everything but the weights.
  public let potential: any TrainablePotential
  /// The weights by the name of their variable, in double precision.
  public let weights: [String: Tensor]
  /// The seed that the first weights were drawn with, where it is known.
  public let seed: UInt64?
  /// The digest of the labelled structures that it was trained on, where it is known.
  public var trainingData: String?
  /// The checksum of the file that it was read from, which names it among others; nil for a model that
  /// was made here.
  public internal(set) var fileChecksum: String?

  /// Puts a model together from its parts.
  ///
  /// Traps where a variable of the potential has no weights or weights of another shape.
  public init(
    _ potential: any TrainablePotential, weights: [String: Tensor], seed: UInt64? = nil
  ) {
    for variable in potential.variables {
      ensure(
        weights[variable.name]?.shape == variable.extents,
        "TrainedModel: the variable '\(variable.name)' needs weights of shape "
          + "\(variable.extents), not \(weights[variable.name].map { "\($0.shape)" } ?? "none")")
    }
    self.potential = potential
    self.weights = weights
    self.seed = seed
  }

  /// Takes the weights from a list of all of them, in the order of the potential's variables.
  public init(_ potential: any TrainablePotential, parameters: [Double], seed: UInt64? = nil) {
    var start = 0
    var weights: [String: Tensor] = [:]
    for variable in potential.variables {
      ensure(
        start + variable.count <= parameters.count,
        "TrainedModel: \(parameters.count) weights are too few for the potential")
      weights[variable.name] = Tensor(
        Array(parameters[start..<start + variable.count]), shape: variable.extents)
      start += variable.count
    }
    ensure(
      start == parameters.count,
      "TrainedModel: the potential has \(start) weights, not \(parameters.count)")
    self.init(potential, weights: weights, seed: seed)
  }

  /// Takes the weights out of a state that holds the potential's variables.
  public init<Scalar: RealScalar>(
    _ potential: any TrainablePotential, state: State<Scalar>, seed: UInt64? = nil
  ) {
    let weights = potential.variables.map { variable in
      (variable.name, Tensor(state[variable].map(Double.init), shape: variable.extents))
    }
    self.init(potential, weights: Dictionary(uniqueKeysWithValues: weights), seed: seed)
  }

  /// All weights in the order of the potential's variables.
  public var parameters: [Double] {
    potential.variables.flatMap { weights[$0.name]?.doubles ?? [] }
  }

  /// The weights that the potential had before the first step of a training with the model's seed, in the
  /// order of `parameters`; nil where the seed is not known.
  ///
  /// A training that takes its first weights from another model has other ones.
  public var initialParameters: [Double]? {
    guard let seed else { return nil }
    let state = State<Double>(potential.variables, seed: seed)
    return potential.variables.flatMap { Array(state[$0]) }
  }

  /// A state with the weights, in the order of the potential's variables.
  public func state<Scalar: RealScalar>(_: Scalar.Type = Scalar.self) -> State<Scalar> {
    let variables = potential.variables
    let state = State<Scalar>(variables, seed: 0)
    for variable in variables {
      guard let weights = weights[variable.name]?.doubles else { continue }
      let values = state[variable]
      for index in values.indices { values[index] = Scalar(weights[index]) }
    }
    return state
  }

  /// A calculator with the weights.
  public func calculator<Scalar: RealScalar>(
    _: Scalar.Type = Double.self, skin: Double = 0.5, workers: Workers = Workers(count: 1)
  ) -> Calculator<Scalar> {
    Calculator(potential, state: state(), skin: skin, workers: workers)
  }
}
