public import Graph
import Tensors

/// Interactions of pairs, made from the features of both ends and functions of the distance; PiNet's PI.
///
///     z_ij  = FF([x_i, x_j])            [pairs, channels · basis], the function of the distance fastest
///     I_ijc = Σ_b z_ijcb e_b(r_ij)      [pairs, channels]
///
/// The layers of FF have biases and an activation each, the last one included, and are called `<name>1`,
/// `<name>2`, …. Source: Shao et al., J. Chem. Inf. Model. 60, 1184 (2020), as PiNN 2.0 computes it.
public struct PairInteraction: Hashable, Sendable {
  /// The layer of both ends.
  public let ends: PairDense
  /// The layers behind it.
  public let further: FeedForward

  private let channels: Int

  /// Makes layers of the given nodes, of which the last are the channels.
  public init(_ name: String, inputs: Int, nodes: [Int], basis: Int, activation: Activation) {
    ensure(!nodes.isEmpty, "PairInteraction: '\(name)' needs at least one layer")
    let sizes = nodes.dropLast() + [nodes[nodes.count - 1] * basis]
    ends = PairDense("\(name)1", inputs: inputs, outputs: sizes[0], activation: activation)
    let layers = zip(sizes, sizes.dropFirst()).enumerated().map { number, sizes in
      Dense(
        "\(name)\(number + 2)", inputs: sizes.0, outputs: sizes.1, activation: activation)
    }
    further = FeedForward(layers)
    channels = nodes[nodes.count - 1]
  }

  /// Returns the interaction of each pair.
  ///
  /// - Parameters:
  ///   - features: The features of atoms, [atoms, inputs].
  ///   - radial: The functions of the distance, [pairs, basis].
  ///   - first: The atom i of each pair, [pairs].
  ///   - second: The atom j of each pair, [pairs].
  /// - Returns: The interactions, [pairs, channels].
  public func callAsFunction(
    _ features: Symbol, _ radial: Symbol, first: Symbol, second: Symbol
  ) -> Symbol {
    // With channels fastest, sums over the basis and outer products with it work on whole vectors.
    let factors: Symbol
    if let last = further.layers.last {
      let inner = FeedForward(further.layers.dropLast())
      factors = last(inner(ends(features, first: first, second: second)), transposing: channels)
    } else {
      factors = ends(features, first: first, second: second, transposing: channels)
    }
    return factors.contracted(with: radial, over: [(1, 1)])
  }
}
