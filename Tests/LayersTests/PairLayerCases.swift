import Foundation
import Graph
import Layers

/// The layers of pairs and of tensors; pairs run over `rows`, and there are four atoms.
extension LayerCase {
  private static let ends: [Input] = [
    .index(["rows"], among: [0, 1, 3]), .index(["rows"], among: [0, 2, 3]),
  ]

  /// The rows of a matrix that an index names.
  private static func gathered(_ values: [Double], _ index: [Double], _ width: Int) -> [[Double]] {
    index.map { Array(values[Int($0) * width..<(Int($0) + 1) * width]) }
  }

  /// The features of both ends of each pair, side by side.
  private static func sideBySide(_ numbers: Numbers, _ width: Int) -> [Double] {
    zip(
      gathered(numbers.inputs[0], numbers.inputs[1], width),
      gathered(numbers.inputs[0], numbers.inputs[2], width)
    ).flatMap { $0 + $1 }
  }

  static let pairLayers = scalarLayers + tensorLayers

  private static let scalarLayers: [LayerCase] = [
    LayerCase("FeedForward", "", .real(["rows", 2], -1...1)) {
      FeedForward("f", inputs: 2, nodes: [3, 2], activation: .tanh)($0[0])
    } naive: { numbers in
      let hidden = dense(
        numbers.inputs[0], numbers["f1.weights"], numbers["f1.bias"], inputs: 2
      ).map(tanh)
      return dense(hidden, numbers["f2.weights"], numbers["f2.bias"], inputs: 3).map(tanh)
    },
    LayerCase("FeedForward", "without biases", .real(["rows", 2], -1...1)) {
      FeedForward("f", inputs: 2, nodes: [3], activation: .tanh, hasBias: false)($0[0])
    } naive: { numbers in
      dense(numbers.inputs[0], numbers["f1.weights"], [0, 0, 0], inputs: 2).map(tanh)
    },
    LayerCase("CutoffPowers", "", .real(["rows"], 0.5...3.5)) {
      CutoffPowers(exponents: [1, 3], cutoff: Cutoff(.cosine, radius: 4))($0[0])
    } naive: { numbers in
      numbers.inputs[0].flatMap { r in
        [1.0, 3].map { pow((cos(Double.pi * r / 4) + 1) / 2, $0) }
      }
    },
    LayerCase("PairDense", "", .real([4, 2], -1...1), ends[0], ends[1]) {
      PairDense("d", inputs: 2, outputs: 3, activation: .tanh)(
        $0[0], first: $0[1], second: $0[2])
    } naive: { numbers in
      dense(sideBySide(numbers, 2), numbers["d.weights"], numbers["d.bias"], inputs: 4).map(tanh)
    },
    LayerCase(
      "PairInteraction", "", .real([4, 2], -1...1), ends[0], ends[1], .real(["rows", 3], 0...1)
    ) {
      PairInteraction("i", inputs: 2, nodes: [4, 2], basis: 3, activation: .tanh)(
        $0[0], $0[3], first: $0[1], second: $0[2])
    } naive: { numbers in
      let hidden = dense(
        sideBySide(numbers, 2), numbers["i1.weights"], numbers["i1.bias"], inputs: 4
      ).map(tanh)
      let factors = dense(hidden, numbers["i2.weights"], numbers["i2.bias"], inputs: 4).map(tanh)
      var interactions: [Double] = []
      for (pair, radial) in chunks(numbers.inputs[3], 3).enumerated() {
        for channel in 0..<2 {
          var sum: Double = 0
          for place in 0..<3 { sum += factors[6 * pair + 3 * channel + place] * radial[place] }
          interactions.append(sum)
        }
      }
      return interactions
    },
    LayerCase(
      "PairInteraction", "of one layer", .real([4, 2], -1...1), ends[0], ends[1],
      .real(["rows", 3], 0...1)
    ) {
      PairInteraction("i", inputs: 2, nodes: [2], basis: 3, activation: .tanh)(
        $0[0], $0[3], first: $0[1], second: $0[2])
    } naive: { numbers in
      let factors = dense(
        sideBySide(numbers, 2), numbers["i1.weights"], numbers["i1.bias"], inputs: 4
      ).map(tanh)
      return chunks(numbers.inputs[3], 3).enumerated().flatMap { pair, radial in
        (0..<2).map { channel in
          (0..<3).reduce(0) { $0 + factors[6 * pair + 3 * channel + $1] * radial[$1] }
        }
      }
    },
    LayerCase(
      "ResidualUpdate", "of another width", .real(["rows", 2], -1...1), .real(["rows", 3], -1...1)
    ) {
      ResidualUpdate("r", from: 2, to: 3)($0[0], $0[1])
    } naive: { numbers in
      zip(
        dense(numbers.inputs[0], numbers["r.weights"], [0, 0, 0], inputs: 2), numbers.inputs[1]
      ).map(+)
    },
    LayerCase(
      "ResidualUpdate", "of one width", .real(["rows", 2], -1...1), .real(["rows", 2], -1...1)
    ) {
      ResidualUpdate("r", from: 2, to: 2)($0[0], $0[1])
    } naive: { numbers in
      zip(numbers.inputs[0], numbers.inputs[1]).map(+)
    },
  ]

  private static let tensorLayers: [LayerCase] = [
    LayerCase("DirectionTensor", "quadrupole", .real(["rows", 3], -1...1)) {
      DirectionTensor.quadrupole($0[0])
    } naive: { numbers in
      let root = 3.0.squareRoot()
      var tensors: [Double] = []
      for u in chunks(numbers.inputs[0], 3) {
        let (x, y, z) = (u[0], u[1], u[2])
        tensors += [root * x * y, root * y * z, root * z * x]
        tensors += [root / 2 * (x * x - y * y), z * z - (x * x + y * y) / 2]
      }
      return tensors
    },
    LayerCase(
      "TensorInteraction", "", .real([4, 3, 2], -1...1), ends[0], ends[1],
      .real(["rows", 3], -1...1), .real(["rows", 2], -1...1)
    ) {
      TensorInteraction("t", inputs: 2, channels: 2, outputs: 3, isWeighted: true)(
        $0[0], $0[3], gates: $0[4], first: $0[1], second: $0[2], atoms: 4
      ).gathered(by: $0[1])
    } naive: { numbers in
      let tensors = ["first", "second"].map {
        dense(numbers.inputs[0], numbers["t.pi.\($0).weights"], [0, 0], inputs: 2)
      }
      var sums = [Double](repeating: 0, count: 24)
      for pair in 0..<numbers.rows {
        let (i, j) = (Int(numbers.inputs[1][pair]), Int(numbers.inputs[2][pair]))
        for place in 0..<6 {
          let (component, channel) = (place / 2, place % 2)
          sums[6 * i + place] +=
            (tensors[0][6 * i + place] + tensors[1][6 * j + place]
              + numbers.inputs[3][3 * pair + component]) * numbers.inputs[4][2 * pair + channel]
        }
      }
      let mixed = dense(sums, numbers["t.pp1.weights"], [0, 0, 0], inputs: 2)
      return gathered(mixed, numbers.inputs[1], 9).flatMap(\.self)
    },
    LayerCase("TensorProduct", "", .real(["rows", 3, 2], -1...1)) {
      TensorProduct("p", channels: 2, isWeighted: true)($0[0])
    } naive: { numbers in
      let factors = ["first", "second"].map {
        chunks(dense(numbers.inputs[0], numbers["p.\($0).weights"], [0, 0], inputs: 2), 6)
      }
      var products: [Double] = []
      for (left, right) in zip(factors[0], factors[1]) {
        for channel in 0..<2 {
          var sum: Double = 0
          for component in 0..<3 {
            let place: Int = 2 * component + channel
            sum += left[place] * right[place]
          }
          products.append(sum)
        }
      }
      return products
    },
  ]
}
