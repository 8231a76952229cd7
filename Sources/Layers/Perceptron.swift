public import Graph
import Tensors

/// A stack of dense layers, the last of them linear: `[rows, sizes.first]` to `[rows, sizes.last]`.
///
/// The layers are called `<name>.hidden1`, `<name>.hidden2`, …, `<name>.output`.
public struct Perceptron: Hashable, Sendable {
  /// The layers, from the inputs on.
  public let layers: [Dense]

  /// Makes layers between the given numbers of values, inputs first and outputs last, with an
  /// activation for each layer but the last.
  public init(
    _ name: String, sizes: [Int], activations: [Activation], weights: Initializer = .xavierUniform
  ) {
    ensure(
      sizes.count >= 2 && sizes.allSatisfy { $0 > 0 },
      "Perceptron: '\(name)' needs numbers of inputs and outputs, not \(sizes)")
    ensure(
      activations.count == sizes.count - 2,
      "Perceptron: '\(name)' has \(sizes.count - 2) hidden layers, not \(activations.count)")
    layers = (activations + [.identity]).enumerated().map { layer, activation in
      Dense(
        layer < activations.count ? "\(name).hidden\(layer + 1)" : "\(name).output",
        inputs: sizes[layer], outputs: sizes[layer + 1], activation: activation, weights: weights)
    }
  }

  /// Makes layers with one activation for all but the last.
  public init(
    _ name: String, sizes: [Int], activation: Activation = .tanh,
    weights: Initializer = .xavierUniform
  ) {
    self.init(
      name, sizes: sizes,
      activations: Array(repeating: activation, count: max(0, sizes.count - 2)), weights: weights)
  }

  /// The variables, layer by layer, weights before biases.
  public var variables: [Variable] { layers.flatMap(\.variables) }

  /// Returns the outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol { layers.reduce(rows) { $1($0) } }
}
