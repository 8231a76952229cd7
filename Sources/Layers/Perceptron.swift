public import Graph

/// A stack of dense layers, the last of them linear: `[rows, sizes.first]` to `[rows, sizes.last]`.
///
/// The layers are called `<name>.hidden1`, `<name>.hidden2`, …, `<name>.output`.
public struct Perceptron: Hashable, Sendable {
  /// The layers, from the inputs on.
  public let layers: [Dense]

  /// Makes layers between the given numbers of values, inputs first and outputs last.
  public init(
    _ name: String, sizes: [Int], activation: Activation = .tanh,
    weights: Initializer = .xavierUniform
  ) {
    precondition(
      sizes.count >= 2 && sizes.allSatisfy { $0 > 0 },
      "Perceptron: '\(name)' needs numbers of inputs and outputs, not \(sizes)")
    let count = sizes.count - 1
    layers = (0..<count).map { layer in
      let isLast = layer == count - 1
      return Dense(
        isLast ? "\(name).output" : "\(name).hidden\(layer + 1)", inputs: sizes[layer],
        outputs: sizes[layer + 1], activation: isLast ? .identity : activation, weights: weights)
    }
  }

  /// Returns the outputs for each row.
  public func callAsFunction(_ rows: Symbol) -> Symbol { layers.reduce(rows) { $1($0) } }
}
