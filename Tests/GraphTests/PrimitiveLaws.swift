import Graph
import Tensors
import Testing

@Suite("Laws every primitive obeys")
struct PrimitiveLaws {
  @Test(
    "derivatives agree with central differences along random directions",
    arguments: PrimitiveCase.catalog)
  func derivatives(of row: PrimitiveCase) throws {
    let value = row.value
    guard value.type.elements == .real, row.order > 0, !row.sources.isEmpty else { return }
    let feed = Feed<Double>()
    row.fill(feed, rows: 3, seed: 11)
    var directions: [(u: Symbol, w: Symbol)] = []
    for (number, source) in row.sources.enumerated() {
      let count = source.shape.count.value { _ in 3 }
      let direction = (
        u: Symbol.placeholder("u\(number)", source.shape),
        w: Symbol.placeholder("w\(number)", source.shape)
      )
      for (symbol, shift) in [(direction.u, 0.3), (direction.w, 1.1)] {
        feed.set(
          symbol,
          (0..<count).map { 0.1 + shift * (Double($0) * 2.7 + shift).magnitude.squareRoot() - 1 })
      }
      directions.append(direction)
    }
    let weight = Symbol.placeholder("weight", value.shape)
    feed.set(weight, (0..<value.shape.count.value { _ in 3 }).map { 0.3 + 0.17 * Double($0 % 5) })
    let loss = (value * weight).sum()
    let slopes = gradient(of: loss, by: row.sources)
    let slope = zip(slopes, directions).map { ($0 * $1.u).sum() }.reduce(.fill(0, []), +)
    let curvatures = gradient(of: slope, by: row.sources)
    let curvature = zip(curvatures, directions).map { ($0 * $1.w).sum() }.reduce(.fill(0, []), +)

    let program = Program([loss, slope, curvature])
    let session = Session(program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
    let base = row.sources.map { Array(feed.values(of: $0).elements) }
    /// The outputs at a point moved along directions.
    func outputs(_ along: KeyPath<(u: Symbol, w: Symbol), Symbol>, _ step: Double) throws
      -> [Double]
    {
      for (number, source) in row.sources.enumerated() {
        let direction = feed.values(of: directions[number][keyPath: along]).elements
        feed.set(source, zip(base[number], direction).map { $0 + step * $1 })
      }
      try session.run(feed)
      return (0..<3).map { session.output($0)[0] }
    }
    /// The five-point difference of an output.
    func difference(
      _ output: Int, _ along: KeyPath<(u: Symbol, w: Symbol), Symbol>
    ) throws -> Double {
      let h = 2e-4
      let near = try outputs(along, h)[output] - outputs(along, -h)[output]
      let far = try outputs(along, 2 * h)[output] - outputs(along, -2 * h)[output]
      return (8 * near - far) / (12 * h)
    }
    let found = try outputs(\.u, 0)
    // The error of the differences, h⁴ / 30 times a fifth derivative.
    let expected = [try difference(0, \.u), try difference(1, \.w)]
    #expect(agree([found[1]], [expected[0]], 1e-8), "first order \(found) \(expected)")
    #expect(agree([found[2]], [expected[1]], 1e-8), "second order \(found) \(expected)")
  }

  @Test("batched equals looped", arguments: PrimitiveCase.catalog, [0, 1, 3])
  func batching(of row: PrimitiveCase, slices: Int) throws {
    let outputs = row.valueAndPullbacks
    let batched = row.symbols.enumerated().filter { $1.type.elements == .real }
    guard outputs[0].type.elements == .real, !batched.isEmpty else { return }
    let sets = batched.count == 1 ? [batched] : [batched] + batched.map { [$0] }
    for set in sets {
      var replacements: [Symbol: Batched] = [:]
      var slicesOf: [Int: Symbol] = [:]
      for (number, symbol) in set {
        let stacked = Symbol.placeholder("s\(number)", symbol.shape.inserting("slices", at: 0))
        slicesOf[number] = stacked
        replacements[symbol] = .perSlice(stacked)
      }
      let results = batch(outputs, slices: "slices", replacing: replacements).map {
        let (symbol, isBatched) = $0.dense(slices: "slices")
        return isBatched ? symbol : symbol.repeated("slices")
      }
      let feed = Feed<Double>()
      row.fill(feed, rows: 3, seed: 1)
      feed[axis: "slices"] = slices
      var expected = outputs.map { _ in [Double]() }
      var values = [[Double]](repeating: [], count: row.inputs.count)
      for slice in 0..<slices {
        let single = Feed<Double>()
        row.fill(single, rows: 3, seed: UInt64(20 + slice))
        for number in row.inputs.indices where !set.contains(where: { $0.0 == number }) {
          if case .real = row.inputs[number] {
            let symbol = row.symbols[number]
            single.set(symbol, feed.values(of: symbol).elements)
          }
        }
        for (number, input) in row.inputs.enumerated() {
          if case .index = input {
            let symbol = row.symbols[number]
            single.set(symbol, indices: feed.indices(of: symbol).elements.map(Int.init))
          }
        }
        for (number, symbol) in set { values[number] += single.values(of: symbol).elements }
        for (output, elements) in try evaluate(outputs, single).enumerated() {
          expected[output] += elements
        }
      }
      for (number, _) in set { feed.set(slicesOf[number]!, values[number]) }
      let found = try evaluate(results, feed)
      for (found, expected) in zip(found, expected) { #expect(agree(found, expected, 1e-11)) }
    }
  }

  @Test("rows that belong to slices equal the dense batch", arguments: PrimitiveCase.catalog)
  func segments(of row: PrimitiveCase) throws {
    let outputs = row.valueAndPullbacks
    let candidates = row.symbols.enumerated().filter {
      $1.type.elements == .real && $1.shape.extents.contains("rows")
    }
    guard outputs[0].type.elements == .real, !candidates.isEmpty else { return }
    let segments = Symbol.placeholder("segments", ["rows"], .index)
    let sets = candidates.count == 1 ? [candidates] : [candidates] + candidates.map { [$0] }
    for set in sets {
      var rows: [Symbol: Batched] = [:]
      var dense: [Symbol: Batched] = [:]
      for (number, symbol) in set {
        // A name of its own, since a shared input may be the same placeholder.
        let value = Symbol.placeholder("s\(number)", symbol.shape)
        let axis = symbol.shape.extents.firstIndex(of: "rows")!
        let segmented = Segmented(value: value, axis: axis, segments: segments)
        rows[symbol] = .segmented(segmented)
        dense[symbol] = .perSlice(segmented.dense(slices: 2))
      }
      let feed = Feed<Double>()
      row.fill(feed, rows: 4, seed: 5)
      row.fill(feed, rows: 4, seed: 6, prefix: "s")
      feed.set(segments, indices: [1, 0, 0, 1])
      func results(_ replacements: [Symbol: Batched]) throws -> [[Double]] {
        try evaluate(
          batch(outputs, slices: 2, replacing: replacements).map { $0.dense(slices: 2).symbol },
          feed)
      }
      for (found, expected) in zip(try results(rows), try results(dense)) {
        #expect(agree(found, expected, 1e-11))
      }
    }
  }

  @Test("Jacobians in both forms are equal", arguments: PrimitiveCase.catalog)
  func jacobians(of row: PrimitiveCase) throws {
    let value = row.value
    guard value.type.elements == .real, !row.sources.isEmpty else { return }
    let hasRows = value.rank > 0 && value.shape[0] == "rows"
    let sample = Symbol.placeholder("sample", ["rows"], .index)
    let errors =
      hasRows
      ? value.sum(along: Array(1..<value.rank))
        .segmentSum(by: sample, count: 2)
      : value.flattened()
    let feed = Feed<Double>()
    row.fill(feed, rows: 4, seed: 7)
    feed.set(sample, indices: [0, 1, 1, 0])
    let results = try evaluate(
      JacobianForm.allCases.map { jacobian(of: errors, by: row.sources, form: $0) }, feed)
    #expect(agree(results[0], results[1], 1e-11))
  }

  @Test("no rows are no trouble", arguments: PrimitiveCase.catalog)
  func emptiness(of row: PrimitiveCase) throws {
    let outputs = row.valueAndPullbacks
    let feed = Feed<Double>()
    row.fill(feed, rows: 0, seed: 1)
    for (symbol, elements) in zip(outputs, try evaluate(outputs, feed)) {
      let count = symbol.shape.count.value { _ in 0 }
      #expect(elements.count == count)
      let isFinite = elements.allSatisfy(\.isFinite)
      #expect(isFinite)
    }
  }

  @Test(
    "the value has the declared type and depends on the operands alone",
    arguments: PrimitiveCase.catalog)
  func types(of row: PrimitiveCase) throws {
    let outputs = row.valueAndPullbacks
    let (first, second) = (Feed<Double>(), Feed<Double>())
    row.fill(first, rows: 3, seed: 3)
    row.fill(second, rows: 3, seed: 4)
    let program = Program(outputs)
    let session = Session(program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
    try session.run(first)
    let expected = outputs.indices.map { session.tensor($0) }
    for (symbol, tensor) in zip(outputs, expected) {
      let shape = symbol.shape.extents.map { $0.value { _ in 3 } }
      #expect(tensor.shape == shape)
      #expect((tensor.scalarType == .int32) == (symbol.type.elements == .index))
    }
    // Memory now holds what other operands left there.
    try session.run(second)
    try session.run(first)
    let again = outputs.indices.map { session.tensor($0) }
    #expect(again == expected)
  }

  @Test("single precision agrees with double", arguments: PrimitiveCase.catalog)
  func precision(of row: PrimitiveCase) throws {
    let outputs = row.valueAndPullbacks
    let (single, double) = (Feed<Float>(), Feed<Double>())
    row.fill(single, rows: 11, seed: 8)
    row.fill(double, rows: 11, seed: 8)
    let pairs = zip(try evaluate(outputs, single), try evaluate(outputs, double))
    for (found, expected) in pairs { #expect(agree(found, expected, 2e-4)) }
  }

  @Test("rewrites and fusion leave the values", arguments: PrimitiveCase.catalog)
  func options(of row: PrimitiveCase) throws {
    let outputs = row.valueAndPullbacks.map { $0.type.elements == .real ? $0.tanh() + $0 : $0 }
    let feed = Feed<Double>()
    row.fill(feed, rows: 5, seed: 9)
    let plain = try evaluate(outputs, feed, options: .init(simplifies: false, fuses: false))
    for options in [
      Program.Options(simplifies: true, fuses: false), .init(simplifies: false, fuses: true),
      .init(),
    ] {
      for (found, expected) in zip(try evaluate(outputs, feed, options: options), plain) {
        #expect(agree(found, expected, 1e-12))
      }
    }
  }

  @Test("wrong operands are told, not computed", arguments: PrimitiveCase.catalog)
  func shapes(of row: PrimitiveCase) throws {
    for symbol in topologicalOrder(of: [row.value]) {
      guard let primitive = symbol.primitive else { continue }
      let types = symbol.operands.map(\.type)
      let strange = TensorType.index(["strange", "axes"])
      #expect(throws: ShapeError.self) {
        _ = try primitive.resultType(types + [strange])
      }
      if !types.isEmpty {
        #expect(throws: ShapeError.self) { _ = try primitive.resultType([]) }
      }
    }
  }

  @Test("blocks of rows leave the values", arguments: PrimitiveCase.catalog)
  func blocks(of row: PrimitiveCase) throws {
    // A row is read in the block that computes it.
    let outputs = row.valueAndPullbacks.map { $0.type.elements == .real ? ($0 + 1).sin() : $0 }
    let feed = Feed<Double>()
    row.fill(feed, rows: 60, seed: 13)
    let wholes = try evaluate(outputs, feed, options: .init(interleaves: false))
    for (found, expected) in zip(try evaluate(outputs, feed), wholes) {
      #expect(agree(found, expected, 1e-11))
    }
  }
}
