import Graph
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Dense layers")
struct PerceptronTests {
  @Test("the variables of a perceptron are named by its layers, and its last layer is linear")
  func names() {
    let network = Perceptron("O", sizes: [3, 4, 1])
    let rows = Symbol.placeholder("rows", ["atoms", 3])
    #expect(
      Symbol.parameters(of: [network(rows)]).map(\.name) == [
        "O.hidden1.weights", "O.hidden1.bias", "O.output.weights", "O.output.bias",
      ])
    #expect(network.layers.map(\.activation) == [.tanh, .identity])
    #expect(network(rows).shape == ["atoms", 1])
  }

  @Test("values are those written out by hand", arguments: Activation.allCases)
  func values(activation: Activation) throws {
    let hidden = Dense(
      "hidden", inputs: 2, outputs: 2, activation: activation,
      weights: .values([0.5, -1, 2, 0.25]), bias: .values([0.1, -0.2]))
    let rows = Symbol.placeholder("rows", ["atoms", 2])
    let feed = Feed<Double>()
    feed[axis: "atoms"] = 2
    feed.set(rows, [1, 2, -0.5, 0.3])
    let found = try LayersTests.values([hidden(rows)], feed)[0]
    let sums = [0.5 + 4 + 0.1, -1 + 0.5 - 0.2, -0.25 + 0.6 + 0.1, 0.5 + 0.075 - 0.2]
    let expected = sums.map { ElementwiseLayerTests.value(activation, $0) }
    #expect(largestDifference(found, expected) < 1e-13)
  }

  @Test("scaled descriptors are the maps' values")
  func scaling() throws {
    let ranges = [
      DescriptorRange(minimum: 0, maximum: 2, mean: 0.5, sigma: 0.3),
      DescriptorRange(minimum: 1, maximum: 1, mean: 1, sigma: 0),
    ]
    let rows = Symbol.placeholder("rows", ["atoms", 2])
    let feed = Feed<Double>()
    feed[axis: "atoms"] = 2
    feed.set(rows, [0.4, 1, 1.7, 1])
    for scaling in [DescriptorScaling.none, .standard, .center, .sigma(0...1)] {
      let found = try LayersTests.values([scaling(rows, ranges: ranges)], feed)[0]
      let maps = ranges.map(scaling.map(for:))
      let expected = [maps[0](0.4), maps[1](1), maps[0](1.7), maps[1](1)]
      #expect(largestDifference(found, expected) < 1e-14)
    }
  }
}
