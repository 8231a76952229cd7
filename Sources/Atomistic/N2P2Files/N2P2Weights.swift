import Foundation
import Tensors

/// What `weights.<ZZZ>.data` says: the network of one element.
///
/// One number a line, layer by layer; in a layer first the weights, all those that leave the first
/// input, then all that leave the second, …, then the biases. So the weights of a layer are a
/// row-major matrix `[inputs, outputs]`, and the layer computes `activation(x · W + b)`. The other
/// columns repeat where the number belongs; RuNNer's files may lack them:
///
///     <weight> a <index> <layer> <input> <layer + 1> <output>
///     <bias>   b <index> <layer> <output>
public struct N2P2Weights: Hashable, Sendable {
  /// The weights and biases of one layer.
  public struct Layer: Hashable, Sendable {
    /// The number of rows of the matrix.
    public let inputs: Int
    /// The number of columns of the matrix.
    public let outputs: Int
    /// The matrix, row-major, `[inputs, outputs]`.
    public let weights: [Double]
    /// One number for each output.
    public let biases: [Double]

    /// Makes a layer; the counts must fit.
    public init(inputs: Int, outputs: Int, weights: [Double], biases: [Double]) {
      ensure(
        weights.count == inputs * outputs && biases.count == outputs,
        "N2P2Weights: \(weights.count) weights and \(biases.count) biases do not make a layer "
          + "from \(inputs) to \(outputs)")
      self.inputs = inputs
      self.outputs = outputs
      self.weights = weights
      self.biases = biases
    }
  }

  /// The layers, from the descriptors to the energy.
  public var layers: [Layer]

  /// Makes the contents of a weights file.
  public init(layers: [Layer]) { self.layers = layers }

  /// Reads the text of a weights file.
  ///
  /// - Parameters:
  ///   - text: The contents of the file.
  ///   - layerSizes: The nodes of all layers, the descriptors first, the single output last.
  ///   - file: The name of the file, for errors.
  /// - Throws: A `FormatError` where the count or the order is not that of the network.
  public init(parsing text: String, layerSizes: [Int], file: String) throws(FormatError) {
    let lines = N2P2Line.lines(of: text, file: file)
    let expected = zip(layerSizes, layerSizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    guard lines.count == expected else {
      throw FormatError(
        file: file, line: nil,
        expected: "\(expected) numbers for a network of "
          + layerSizes.map(String.init).joined(separator: "-") + " nodes",
        found: "\(lines.count)",
        advice: "the network and the symmetry functions of input.nn must be those of the weights")
    }
    var position = 0
    func next(_ place: [String]) throws(FormatError) -> Double {
      let line = lines[position]
      position += 1
      let given =
        line.words.count == 1
        ? nil
        : [line.words.dropFirst().first.map(String.init)!]
          + line.words.dropFirst(3).map(String.init)
      guard given == nil || given == place else {
        throw line.error(
          expected: "the connection \(place.joined(separator: " "))",
          found: given!.joined(separator: " "),
          advice: "the lines must go layer by layer, weights by input and then output, then "
            + "biases")
      }
      return try line.real(0, "a weight")
    }
    var layers: [Layer] = []
    for (index, (inputs, outputs)) in zip(layerSizes, layerSizes.dropFirst()).enumerated() {
      var weights: [Double] = []
      for input in 1...inputs {
        for output in 1...outputs {
          weights.append(try next(["a", "\(index)", "\(input)", "\(index + 1)", "\(output)"]))
        }
      }
      var biases: [Double] = []
      for output in 1...outputs { biases.append(try next(["b", "\(index + 1)", "\(output)"])) }
      layers.append(Layer(inputs: inputs, outputs: outputs, weights: weights, biases: biases))
    }
    self.init(layers: layers)
  }

  /// The name of the file of an element, such as `weights.008.data`.
  public static func fileName(atomicNumber: Int) -> String {
    String(format: "weights.%03d.data", atomicNumber)
  }

  /// The text of the file with all columns; 17 digits, so that reading it gives the same numbers.
  public var text: String {
    var text = "# value type index layer node layer node\n"
    var index = 0
    func add(_ value: Double, _ kind: String, _ place: [Int]) {
      index += 1
      let columns = ([index] + place).map { String(format: "%9d", $0) }.joined(separator: " ")
      text += String(format: "%24.16E", value) + " \(kind) \(columns)\n"
    }
    for (number, layer) in layers.enumerated() {
      for (position, weight) in layer.weights.enumerated() {
        let (input, output) = position.quotientAndRemainder(dividingBy: layer.outputs)
        add(weight, "a", [number, input + 1, number + 1, output + 1])
      }
      for (output, bias) in layer.biases.enumerated() { add(bias, "b", [number + 1, output + 1]) }
    }
    return text
  }
}
