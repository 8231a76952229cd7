import Foundation
import Graph
import Layers
import Tensors
import TestSupport
import Testing

@Suite("Laws every layer obeys")
struct LayerLaws {
  @Test(
    "values are those of loops, for any number of rows", arguments: LayerCase.catalog, [0, 1, 5])
  func values(of row: LayerCase, rows: Int) throws {
    let value = row.layer(row.symbols)
    let feed = Feed<Double>()
    let inputs = row.fill(feed, rows: rows)
    let (session, state) = try run([value], feed)
    let variables = Dictionary(
      uniqueKeysWithValues: state.variables.map { ($0.name, Array(state[$0])) })
    let expected = row.naive(.init(inputs: inputs, variables: variables, rows: rows))
    #expect(session.output(0).count == expected.count)
    #expect(largestDifference(Array(session.output(0)), expected) < 1e-13)
  }

  @Test(
    "derivatives of the first and second order are central differences",
    arguments: LayerCase.catalog)
  func derivatives(of row: LayerCase) throws {
    let value = row.layer(row.symbols)
    let sources =
      row.symbols.filter { $0.type.elements == .real }
      + Symbol.parameters(of: [value]).map(\.symbol)
    guard !sources.isEmpty else { return }
    let feed = Feed<Double>()
    _ = row.fill(feed, rows: 4)
    let state = randomState(Symbol.parameters(of: [value]))
    func check(_ y: Symbol) throws {
      let check = try GradientCheck(
        of: y, by: sources, feed, state: state, workers: Workers(count: 1), directions: 2)
      #expect(check.agrees(to: 1e-7), "\(check)")
    }
    try check(value)
    let weighted = (value.cos() * value).sum()
    let slopes = gradient(of: weighted, by: sources)
    for slope in slopes { try check(slope) }
  }

  @Test("derivatives without rows are zero or empty", arguments: LayerCase.catalog)
  func emptyAxes(of row: LayerCase) throws {
    let value = row.layer(row.symbols)
    let variables = Symbol.parameters(of: [value])
    let feed = Feed<Double>()
    _ = row.fill(feed, rows: 0)
    let slopes = gradient(of: value.square().sum(), by: variables.map(\.symbol))
    let (session, _) = try run([value] + slopes, feed)
    #expect(session.output(0).isEmpty)
    for (number, variable) in variables.enumerated() {
      #expect(Array(session.output(number + 1)) == Array(repeating: 0, count: variable.count))
    }
  }

  @Test("the catalogue has a row for each file of Sources/Layers that takes symbols")
  func completeness() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Layers").standardized
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter {
      guard $0.pathExtension == "swift" else { return false }
      let text = try String(contentsOf: $0, encoding: .utf8)
      return text.contains(/func callAsFunction\(\s*_/) && text.contains("-> Symbol {")
    }.map { $0.deletingPathExtension().lastPathComponent }
    let known = Set(LayerCase.catalog.map(\.file)).union(LayerCase.exempt.keys)
    #expect(Set(files) == known.subtracting(["Graph"]))
  }

  /// A state in which no variable has equal elements, as some first values have.
  private func randomState(_ variables: [Variable]) -> State<Double> {
    let state = State<Double>(variables, seed: 2)
    var random = RandomStream(seed: 3)
    for element in state.parameters.elements.indices {
      state.parameters.elements[element] += 0.3 * random.normal()
    }
    return state
  }

  private func run(
    _ outputs: [Symbol], _ feed: Feed<Double>
  ) throws -> (Session<Double>, State<Double>) {
    let program = Program(outputs)
    let state = randomState(program.variables)
    let session = Session(program, state: state, workers: Workers(count: 1))
    try session.run(feed)
    return (session, state)
  }
}

@Suite("Layers of their own kind")
struct LayerTests {
  @Test("an activation of one's own is used by layers and known by its name")
  func ownActivation() throws {
    let mish = Activation("mish") { $0 * $0.softplus().tanh() }
    #expect(mish.letter == nil && mish.rawValue == "mish")
    #expect(mish == Activation("mish") { $0 } && mish != .silu)
    let layer = Dense(
      "d", inputs: 1, outputs: 1, activation: mish, weights: .constant(1), bias: nil)
    let x = Symbol.placeholder("x", ["rows", 1])
    let feed = Feed<Double>()
    feed[axis: "rows"] = 2
    feed.set(x, [-0.5, 1.5])
    let expected = [-0.5, 1.5].map { $0 * tanh(log(1 + exp($0))) }
    #expect(largestDifference(try LayersTests.values([layer(x)], feed)[0], expected) < 1e-14)
  }

  @Test("files hold activations by name, and an unknown name is an error")
  func activationsInFiles() throws {
    let text = try JSONEncoder().encode(Activation.allCases)
    let words = try JSONDecoder().decode([String].self, from: text)
    #expect(words == Activation.allCases.map(\.rawValue))
    #expect(try JSONDecoder().decode([Activation].self, from: text) == Activation.allCases)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Activation].self, from: Data("[\"mish\"]".utf8))
    }
  }

  @Test("the gradient of an embedding sums over the atoms of each element")
  func embeddingGradient() throws {
    let embedding = Embedding("e", elements: [1, 6, 8], channels: 2)
    let elements = Symbol.placeholder("elements", ["atoms"], .index)
    let cotangent = Symbol.placeholder("cotangent", ["atoms", 2])
    let slope = gradient(
      of: (embedding(elements) * cotangent).sum(), by: embedding.weights.symbol)
    let feed = Feed<Double>()
    feed[axis: "atoms"] = 3
    feed.set(elements, indices: [8, 1, 8])
    feed.set(cotangent, [1, 2, 3, 4, 50, 60])
    #expect(try LayersTests.values([slope], feed)[0] == [3, 4, 0, 0, 51, 62])
  }

  @Test("an element that a table does not have gets infinite values")
  func unknownElement() throws {
    let elements = Symbol.placeholder("elements", ["atoms"], .index)
    let feed = Feed<Double>()
    feed[axis: "atoms"] = 2
    feed.set(elements, indices: [1, 79])
    let found = try LayersTests.values([ElementTable([1: [0.5]])(elements)], feed)[0]
    #expect(found == [0.5, .infinity])
  }

  @Test("vector layers turn with the coordinates, and leave a vector of length zero alone")
  func rotation() throws {
    let vectors = Symbol.placeholder("vectors", ["atoms", 3, 2])
    let value = VectorGate("g", channels: 2)(VectorDense("v", inputs: 2, outputs: 2)(vectors))
    let (c, s) = (cos(0.7), sin(0.7))
    let rotation = Symbol.constant(Tensor([c, -s, 0, s, c, 0, 0, 0, 1], shape: [3, 3]))
    func turned(_ symbol: Symbol) -> Symbol {
      symbol.transposed([0, 2, 1]).matmul(rotation, otherTransposed: true).transposed([0, 2, 1])
    }
    let after = VectorGate("g", channels: 2)(
      VectorDense("v", inputs: 2, outputs: 2)(turned(vectors)))
    let slope = gradient(of: value.sum(), by: vectors)
    let feed = Feed<Double>()
    feed[axis: "atoms"] = 2
    feed.set(vectors, [0.3, -0.2, 0.9, 0.4, -1.1, 0.6] + Array(repeating: 0, count: 6))
    let found = try LayersTests.values([turned(value), after, slope], feed)
    #expect(largestDifference(found[0], found[1]) < 1e-14)
    #expect(found[1].suffix(6).allSatisfy { $0 == 0 })
    #expect(found[2].allSatisfy { $0.isFinite })
  }

  @Test("a segment softmax of large numbers neither overflows nor loses its derivative")
  func largeSoftmax() throws {
    let x = Symbol.placeholder("x", ["rows"])
    let index = Symbol.placeholder("index", ["rows"], .index)
    let value = x.segmentSoftmax(by: index, count: 2)
    let feed = Feed<Double>()
    feed[axis: "rows"] = 3
    feed.set(x, [1000, 1001, -2000])
    feed.set(index, indices: [0, 0, 1])
    let slope = gradient(of: value.square().sum() * 0.5, by: x)
    let found = try LayersTests.values([value, slope], feed)
    let p = 1 / (1 + exp(1.0))
    let squares = p * p + (1 - p) * (1 - p)
    #expect(largestDifference(found[0], [p, 1 - p, 1]) < 1e-15)
    let expected = [p * (p - squares), (1 - p) * (1 - p - squares), 0]
    #expect(largestDifference(found[1], expected) < 1e-15)
  }
}
