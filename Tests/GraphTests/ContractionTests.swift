import Graph
import Tensors
import Testing

@Suite("Contractions over axes")
struct ContractionTests {
  /// Shapes, paired axes and the number of shared axes.
  struct Case: Sendable {
    let left: [Int], right: [Int], pairs: [[Int]], shared: Int
  }

  static let cases: [Case] = [
    Case(left: [4, 5, 3], right: [4, 3], pairs: [[2, 1]], shared: 1),
    Case(left: [4, 3], right: [4, 9], pairs: [], shared: 1),
    Case(left: [4, 3, 2], right: [4, 3, 9], pairs: [[1, 1]], shared: 1),
    Case(left: [4, 3, 5], right: [5, 9], pairs: [[2, 0]], shared: 0),
    Case(left: [4, 3, 5], right: [9, 5], pairs: [[2, 1]], shared: 0),
    Case(left: [2, 4, 3, 5], right: [2, 4, 5, 8, 3], pairs: [[2, 4], [3, 2]], shared: 2),
    Case(left: [5], right: [3, 5], pairs: [[0, 1]], shared: 0),
    Case(left: [3, 5], right: [4, 5, 2], pairs: [[1, 1]], shared: 0),
    Case(left: [4, 6], right: [4, 6], pairs: [[1, 1]], shared: 1),
    Case(left: [2, 3], right: [5], pairs: [], shared: 0),
  ]

  @Test("equal sums over all axes", arguments: cases)
  func sums(_ row: Case) throws {
    let (left, right) = (
      Symbol.placeholder("left", .fixed(row.left)), Symbol.placeholder("right", .fixed(row.right))
    )
    let result = left.contracted(
      with: right, over: row.pairs.map { ($0[0], $0[1]) }, sharing: row.shared)
    // All axes of both factors side by side: shared, free of the left, free of the right, paired.
    let freeOfLeft = (row.shared..<row.left.count).filter { axis in
      !row.pairs.contains { $0[0] == axis }
    }
    let freeOfRight = (row.shared..<row.right.count).filter { axis in
      !row.pairs.contains { $0[1] == axis }
    }
    let shape =
      Array(row.left[..<row.shared]) + freeOfLeft.map { row.left[$0] }
      + freeOfRight.map { row.right[$0] } + row.pairs.map { row.left[$0[0]] }
    let summed = shape.count - row.pairs.count..<shape.count
    func spread(_ symbol: Symbol, _ own: [Int], from start: Int, pair: Int) -> Symbol {
      let order = Array(0..<row.shared) + own + row.pairs.map { $0[pair] }
      let axes = Array(0..<row.shared) + own.indices.map { start + $0 } + Array(summed)
      return symbol.transposed(order).broadcast(to: .fixed(shape), axes: axes)
    }
    let product =
      spread(left, freeOfLeft, from: row.shared, pair: 0)
      * spread(right, freeOfRight, from: row.shared + freeOfLeft.count, pair: 1)
    let expected = product.sum(along: Array(summed))
    #expect(result.shape == expected.shape)
    let feed = Feed<Double>()
    for (symbol, shape, seed) in [(left, row.left, 1), (right, row.right, 2)] {
      var random = RandomStream(seed: UInt64(seed), stream: 0)
      feed.set(symbol, (0..<shape.reduce(1, *)).map { _ in random.uniformDouble() - 0.5 })
    }
    func outputs(_ value: Symbol) -> [Symbol] {
      [value] + gradient(of: (value.square() * value.exp()).sum(), by: [left, right])
    }
    let found = try evaluate(outputs(result), feed)
    for (found, expected) in zip(found, try evaluate(outputs(expected), feed)) {
      #expect(agree(found, expected, 1e-13))
    }
  }
}
