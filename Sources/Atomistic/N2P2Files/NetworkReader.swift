import Layers

/// Reads the sizes and activations of the hidden layers of an `input.nn`.
///
/// The global keywords hold for all elements. `element_nodes_short` is written in two ways, of
/// which a line is taken as the one that it can be: `<element> <nodes> <nodes> …` gives all hidden
/// layers (n2p2 since 2.2), `<element> <layer> <nodes>` one of them (RuNNer, older n2p2). Where a line
/// can be both, the number of weights in the element's file decides.
struct NetworkReader {
  private(set) var nodes: [Int: [Int]] = [:]
  private(set) var activations: [Int: [Activation]] = [:]

  private static let largestLayer = 1 << 16

  /// Reads the networks of elements.
  ///
  /// - Parameters:
  ///   - lines: The lines of the file.
  ///   - species: The atomic numbers of the elements.
  ///   - inputs: The symmetry functions of each element.
  ///   - weightCount: The numbers in the file of an element's weights, nil where there is none.
  /// - Throws: A `FormatError` for a line that cannot be understood.
  init(
    _ lines: N2P2KeywordLines, species: [Int], inputs: [Int: Int],
    weightCount: (Int) throws(FormatError) -> Int?
  ) throws(FormatError) {
    let countLine = try lines.required(.hiddenLayers)
    try countLine.require(arguments: 1...1, "one number")
    let count = try countLine.integer(1, "the number of hidden layers", in: 0...64)
    let sizes = try NetworkReader.sizes(lines, count)
    let functions = try NetworkReader.activations(try lines.required(.activation), 1, count)
    for element in species {
      nodes[element] = sizes
      activations[element] = functions
    }
    for line in lines.all(.elementNodes) {
      try setNodes(line, species, count, inputs, weightCount)
    }
    for line in lines.all(.elementActivation) {
      let element = try line.element(1, among: species)
      activations[element] = try NetworkReader.activations(line, 2, count)
    }
  }

  private static func sizes(_ lines: N2P2KeywordLines, _ count: Int) throws(FormatError) -> [Int] {
    guard count > 0 else { return [] }
    let line = try lines.required(.nodes)
    try line.require(arguments: count...count, "the nodes of \(count) hidden layers")
    return try sizes(line, from: 1)
  }

  private static func sizes(_ line: N2P2Line, from start: Int) throws(FormatError) -> [Int] {
    var sizes: [Int] = []
    for position in start..<line.words.count {
      sizes.append(try line.integer(position, "the nodes of a layer", in: 1...largestLayer))
    }
    return sizes
  }

  private static func activations(
    _ line: N2P2Line, _ start: Int, _ count: Int
  ) throws(FormatError) -> [Activation] {
    let letters = "letters for \(count) hidden layers and the output"
    try line.require(arguments: (start - 1 + count)...(start + count), letters)
    var functions: [Activation] = []
    for word in line.words.dropFirst(start) {
      guard word.count == 1, let function = Activation(letter: word.first!) else {
        throw line.error(
          expected: "one of the letters \(String(Activation.allCases.compactMap(\.letter)))",
          found: "\"\(word)\"")
      }
      functions.append(function)
    }
    // n2p2 makes the output linear whatever the last letter is; RuNNer heeds it.
    guard functions.count == count || functions.last == .identity else {
      throw line.error(
        expected: "the letter l for the output layer", found: "\(line.words.last!)",
        advice: "n2p2 and RuNNer disagree about the meaning of any other letter there")
    }
    return Array(functions.prefix(count))
  }

  private mutating func setNodes(
    _ line: N2P2Line, _ species: [Int], _ count: Int, _ inputs: [Int: Int],
    _ weightCount: (Int) throws(FormatError) -> Int?
  ) throws(FormatError) {
    let element = try line.element(1, among: species)
    let numbers = try NetworkReader.sizes(line, from: 2)
    let isList = numbers.count == count
    let isOneLayer = numbers.count == 2 && numbers[0] <= count
    switch (isList, isOneLayer) {
    case (true, false): nodes[element] = numbers
    case (false, true): nodes[element]![numbers[0] - 1] = numbers[1]
    case (true, true):
      var changed = nodes[element] ?? []
      changed[numbers[0] - 1] = numbers[1]
      let found = try weightCount(element)
      let fitting = Set([numbers, changed]).filter {
        found == Self.weightCount(inputs[element] ?? 0, $0)
      }
      guard fitting.count == 1, let only = fitting.first else {
        throw line.error(
          expected: "a line with one meaning",
          advice:
            "RuNNer takes it as \(numbers[1]) nodes in layer \(numbers[0]), n2p2 as the nodes "
            + "of two layers, and \(N2P2Weights.fileName(atomicNumber: element)) does not settle "
            + "it; write \(changed.map(String.init).joined(separator: " ")) for the first")
      }
      nodes[element] = only
    case (false, false):
      throw line.error(
        expected: "an element and the nodes of \(count) hidden layers, or a layer and its nodes")
    }
  }
  /// The weights and biases of a network with one output.
  private static func weightCount(_ inputs: Int, _ hidden: [Int]) -> Int {
    let sizes = [inputs] + hidden + [1]
    return zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
  }
}
