public import Graph
import Layers
public import Tensors

/// A trained network potential: the model and its weights.
public struct PotentialModel: Hashable, Sendable {
  /// All but the weights.
  public var network: BehlerParrinello
  /// The weights in the order of `network.variables`.
  public var parameters: [Double]
  /// The seed that the first weights were drawn with, where known.
  public var seed: UInt64?

  /// Puts a model together from its parts; the number of weights must fit.
  public init(_ network: BehlerParrinello, parameters: [Double], seed: UInt64? = nil) {
    let count = network.variables.reduce(0) { $0 + $1.count }
    ensure(
      parameters.count == count,
      "PotentialModel: the network has \(count) weights, not \(parameters.count)")
    self.network = network
    self.parameters = parameters
    self.seed = seed
  }

  /// Takes the weights out of a state that holds the network's variables.
  public init<Scalar: RealScalar>(
    _ network: BehlerParrinello, state: State<Scalar>, seed: UInt64? = nil
  ) {
    self.init(
      network, parameters: network.variables.flatMap { state[$0].map(Double.init) }, seed: seed)
  }

  /// A state with the weights, in the order of the network's variables.
  public func state<Scalar: RealScalar>(_: Scalar.Type = Scalar.self) -> State<Scalar> {
    let state = State<Scalar>(network.variables, seed: 0)
    var start = 0
    for variable in network.variables {
      let values = state[variable]
      for index in values.indices { values[index] = Scalar(parameters[start + index]) }
      start += variable.count
    }
    return state
  }

  /// A calculator with the weights.
  public func calculator<Scalar: RealScalar>(
    _: Scalar.Type = Double.self, skin: Double = 0.5, workers: Workers = Workers(count: 1)
  ) -> Calculator<Scalar> {
    Calculator(network, state: state(), skin: skin, workers: workers)
  }
}
