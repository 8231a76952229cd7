import Graph
import Layers

/// The network of one element: `x ← f(x W + b)` layer by layer, the last one linear.
///
/// Its variables are called `O.layer1.weights`, [inputs, outputs], and `O.layer1.biases`, [outputs].
struct ElementPerceptron {
  private let weights: [Variable]
  private let biases: [Variable]
  private let activations: [Activation]

  init(_ network: BehlerParrinello.Network) {
    let sizes = network.layerSizes
    let name = network.element.symbol
    weights = (1..<sizes.count).map {
      Variable(
        "\(name).layer\($0).weights", [sizes[$0 - 1], sizes[$0]], initializer: .xavierUniform)
    }
    biases = (1..<sizes.count).map {
      Variable("\(name).layer\($0).biases", [sizes[$0]], initializer: .constant(0))
    }
    activations = network.hiddenActivations + [.identity]
  }

  /// The variables, layer by layer, weights before biases.
  var variables: [Variable] { zip(weights, biases).flatMap { [$0, $1] } }

  /// The outputs for rows of inputs, [rows, 1].
  func callAsFunction(_ inputs: Symbol) -> Symbol {
    var value = inputs
    for (layer, activation) in activations.enumerated() {
      let product = value.matmul(weights[layer].symbol)
      let sum = product + biases[layer].symbol.broadcast(to: product.shape, axes: [1])
      value = Self.apply(activation, to: sum)
    }
    return value
  }

  private static func apply(_ activation: Activation, to x: Symbol) -> Symbol {
    switch activation {
    case .identity: x
    case .tanh: x.tanh()
    case .logistic: x.sigmoid()
    case .softplus: x.softplus()
    case .rectifier: x.maximum(0)
    case .gaussian: (x * x * -0.5).exp()
    case .cosine: x.cos()
    case .reverseLogistic: (-x).sigmoid()
    case .exponential: (-x).exp()
    case .harmonic: x * x
    }
  }
}
