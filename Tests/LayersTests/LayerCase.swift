import Foundation
import Graph
import Layers
import Tensors
import Testing

/// One row of the catalogue: a layer applied to inputs, and the same written with loops.
struct LayerCase: Sendable, CustomTestStringConvertible {
  /// What an input looks like; the axis `rows` has any length.
  enum Input: Sendable {
    case real(Shape, ClosedRange<Double>)
    case index(Shape, among: [Int])
  }

  /// The numbers that a naive computation takes: inputs in their order, variables by name.
  struct Numbers {
    var inputs: [[Double]]
    var variables: [String: [Double]]
    var rows: Int

    subscript(variable: String) -> [Double] { variables[variable]! }
  }

  /// The file in Sources/Layers, without its ending.
  let file: String
  let note: String
  let inputs: [Input]
  let layer: @Sendable ([Symbol]) -> Symbol
  let naive: @Sendable (Numbers) -> [Double]

  init(
    _ file: String, _ note: String = "", _ inputs: Input...,
    layer: @escaping @Sendable ([Symbol]) -> Symbol,
    naive: @escaping @Sendable (Numbers) -> [Double]
  ) {
    self.file = file
    self.note = note
    self.inputs = inputs
    self.layer = layer
    self.naive = naive
  }

  var testDescription: String { note.isEmpty ? file : "\(file) \(note)" }

  /// The inputs as placeholders x0, x1, …
  var symbols: [Symbol] {
    inputs.enumerated().map { number, input in
      switch input {
      case .real(let shape, _): .placeholder("x\(number)", shape)
      case .index(let shape, _): .placeholder("x\(number)", shape, .index)
      }
    }
  }

  /// Random inputs, which the numbers list too.
  func fill(_ feed: Feed<Double>, rows: Int) -> [[Double]] {
    feed[axis: "rows"] = rows
    return inputs.enumerated().map { number, input in
      var random = RandomStream(seed: 5, stream: UInt64(number))
      switch input {
      case .real(let shape, let range):
        let width = range.upperBound - range.lowerBound
        let values = (0..<shape.count.value { _ in rows }).map { _ in
          range.lowerBound + width * random.uniformDouble()
        }
        feed.set(symbols[number], values)
        return values
      case .index(let shape, let choices):
        let values = (0..<shape.count.value { _ in rows }).map { _ in
          choices[random.integer(below: choices.count)]
        }
        feed.set(symbols[number], indices: values)
        return values.map(Double.init)
      }
    }
  }
}

extension LayerCase {
  /// One row or more for each layer.
  static let catalog: [LayerCase] =
    [
      LayerCase("Dense", "", .real(["rows", 2], -1...1)) {
        Dense("d", inputs: 2, outputs: 3, activation: .tanh, bias: .uniform(bound: 1))($0[0])
      } naive: { numbers in
        dense(numbers.inputs[0], numbers["d.weights"], numbers["d.bias"], inputs: 2).map(tanh)
      },
      LayerCase("Dense", "without bias", .real(["rows", 2], -1...1)) {
        Dense("d", inputs: 2, outputs: 3, bias: nil)($0[0])
      } naive: {
        dense($0.inputs[0], $0["d.weights"], [0, 0, 0], inputs: 2)
      },
      LayerCase("Dense", "of three axes", .real(["rows", 4, 2], -1...1)) {
        Dense("d", inputs: 2, outputs: 3, activation: .silu, bias: .uniform(bound: 1))($0[0])
      } naive: { numbers in
        dense(numbers.inputs[0], numbers["d.weights"], numbers["d.bias"], inputs: 2)
          .map { $0 / (1 + exp(-$0)) }
      },
      LayerCase("Perceptron", "", .real(["rows", 2], -1...1)) {
        Perceptron("p", sizes: [2, 3, 1])($0[0])
      } naive: { numbers in
        let hidden = dense(
          numbers.inputs[0], numbers["p.hidden1.weights"], numbers["p.hidden1.bias"], inputs: 2)
        return dense(
          hidden.map(tanh), numbers["p.output.weights"], numbers["p.output.bias"], inputs: 3)
      },
      LayerCase("Embedding", "", .index(["rows"], among: [8, 1, 6])) {
        Embedding("e", elements: [1, 6, 8], channels: 2)($0[0])
      } naive: { numbers in
        numbers.inputs[0].flatMap { element in
          let row = [1, 6, 8].firstIndex(of: element)!
          return numbers["e.weights"][2 * row..<2 * row + 2]
        }
      },
      LayerCase(
        "ElementTable", "", .index(["rows"], among: [8, 1]), .real(["rows", 2], -1...1)
      ) {
        ElementTable([1: [0.4, 2], 8: [-0.8, 3]])($0[0]) * $0[1]
      } naive: { numbers in
        zip(numbers.inputs[0].flatMap { $0 == 1 ? [0.4, 2] : [-0.8, 3] }, numbers.inputs[1])
          .map(*)
      },
      LayerCase("ElementTable", "one-hot", .index(["rows"], among: [8, 1, 118])) {
        ElementTable.oneHot([8, 118, 1])($0[0])
      } naive: { numbers in
        numbers.inputs[0].flatMap { element in [8.0, 118, 1].map { $0 == element ? 1 : 0 } }
      },
      LayerCase("LayerNormalization", "", .real(["rows", 4], -1...1)) {
        LayerNormalization("n", columns: 4)($0[0])
      } naive: { numbers in
        chunks(numbers.inputs[0], 4).flatMap { row in
          let mean = row.reduce(0, +) / 4
          let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
          return row.enumerated().map { column, x in
            numbers["n.scale"][column] * (x - mean) / (variance + 1e-5).squareRoot()
              + numbers["n.shift"][column]
          }
        }
      },
      LayerCase("VectorDense", "", .real(["rows", 3, 2], -1...1)) {
        VectorDense("v", inputs: 2, outputs: 4)($0[0])
      } naive: {
        dense($0.inputs[0], $0["v.weights"], [0, 0, 0, 0], inputs: 2)
      },
      LayerCase("VectorGate", "", .real(["rows", 3, 2], 0.2...1)) {
        VectorGate("g", channels: 2)($0[0])
      } naive: { numbers in
        chunks(numbers.inputs[0], 6).flatMap { vectors in
          let lengths = (0..<2).map { channel in
            (0..<3).reduce(0) { $0 + vectors[2 * $1 + channel] * vectors[2 * $1 + channel] }
              .squareRoot()
          }
          let gates = dense(lengths, numbers["g.weights"], numbers["g.bias"], inputs: 2)
            .map { 1 / (1 + exp(-$0)) }
          return vectors.indices.map { vectors[$0] * gates[$0 % 2] }
        }
      },
      LayerCase("GaussianBasis", "", .real(["rows"], 0.5...3.5)) {
        GaussianBasis(
          centers: [1, 2], widths: [0.7, 1.5], cutoff: Cutoff(.cosine, radius: 4))($0[0])
      } naive: { numbers in
        numbers.inputs[0].flatMap { r in
          [(1.0, 0.7), (2, 1.5)].map { center, width in
            exp(-width * (r - center) * (r - center)) * (cos(Double.pi * r / 4) + 1) / 2
          }
        }
      },
      LayerCase(
        "Graph", "segment softmax", .real(["rows", 2], -2...2), .index(["rows"], among: [0, 2])
      ) {
        $0[0].segmentSoftmax(by: $0[1], count: 3)
      } naive: { numbers in
        numbers.inputs[0].indices.map { place in
          let (row, column) = (place / 2, place % 2)
          let sum = (0..<numbers.rows)
            .filter { numbers.inputs[1][$0] == numbers.inputs[1][row] }
            .reduce(0) { $0 + exp(numbers.inputs[0][2 * $1 + column]) }
          return exp(numbers.inputs[0][place]) / sum
        }
      },
    ]
    + pairLayers
    + Activation.allCases.map { activation in
      LayerCase("Activation", activation.rawValue, .real(["rows", 3], -2.5...2.5)) {
        activation($0[0])
      } naive: {
        $0.inputs[0].map { ElementwiseLayerTests.value(activation, $0) }
      }
    }

  /// Files with a call of symbols that have tests of their own.
  static let exempt: [String: String] = [
    "Cutoff+Graph": "compared with the oracle's windows in ElementwiseLayerTests",
    "CompactWindow+Graph": "compared with the oracle in SymmetryFunctionGraphTests",
    "RadialWindow": "a part of the symmetry functions, whose tests compare it with the oracle",
    "DescriptorScaling+Graph": "compared with the maps in PerceptronTests",
  ]
}

/// `x W + b` with loops.
func dense(
  _ x: [Double], _ weights: [Double], _ bias: [Double], inputs: Int
) -> [Double] {
  chunks(x, inputs).flatMap { row in
    bias.indices.map { output in
      row.indices.reduce(bias[output]) { $0 + row[$1] * weights[$1 * bias.count + output] }
    }
  }
}

func chunks(_ values: [Double], _ width: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}
