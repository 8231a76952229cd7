import Graph
import Tensors
import TestSupport
import Testing

@Suite("Sums over rows in which a graph ends")
struct RowSumTests {
  static let rows: Extent = "rows"
  static let slices: Extent = "slices"
  static let x = Symbol.placeholder("x", [rows, 3])
  static let segments = Symbol.placeholder("segments", [rows], .index)
  static let kinds = Symbol.placeholder("kinds", [rows], .index)
  static let weights = Variable("weights", [3, 2], initializer: .uniform(bound: 1)).symbol
  static let table = Variable("table", [4, 2], initializer: .uniform(bound: 1)).symbol

  /// A network of each row, with a part of the row's kind.
  static var network: Symbol {
    let hidden = (x.matmul(weights) + table.gathered(by: kinds)).tanh()
    return (hidden * 2 - 1).square().sum(along: 1)
  }

  static func sum(_ rows: Symbol) -> Symbol { rows.segmentSum(by: segments, count: slices) }

  private func run(
    _ outputs: [Symbol], rows: [Int], _ slices: Int = 3
  ) throws -> [[Double]] {
    let feed = Feed<Double>()
    feed[axis: Self.rows] = rows.count
    feed[axis: Self.slices] = slices
    feed[axis: "groups"] = 4
    feed.set(Self.x, rows.flatMap { row in (0..<3).map { 0.3 * Double(row) - 0.4 * Double($0) } })
    feed.set(Self.kinds, indices: rows.map { $0 % 4 })
    feed.set(Self.segments, indices: rows.map { $0 % slices })
    feed.set(.placeholder("groups", [Self.rows], .index), indices: rows.map { $0 % 4 })
    feed.set(.placeholder("slice of a group", ["groups"], .index), indices: [0, 1, 2, 0])
    let state = State<Double>(Symbol.parameters(of: outputs), seed: 4)
    let session = Session(Program(outputs), state: state, workers: Workers(count: 1))
    try session.run(feed)
    return outputs.indices.map { session.tensor($0).doubles }
  }

  @Test("a network of rows is one, and rows may stand in any order and more than once")
  func network() throws {
    let sums = try #require(RowSum.sums(in: Self.sum(Self.network)))
    let sum = try #require(sums.first)
    #expect(sums.count == 1 && sum.rows == Self.rows)
    #expect(Set(sum.sources.map(\.placeholderName)) == ["x", "kinds"])
    #expect(sum.segments.placeholderName == "segments")
    let all = try run([sum.value], rows: Array(0..<7))[0]
    let chosen = [5, 0, 5, 3]
    #expect(try run([sum.value], rows: chosen)[0] == chosen.map { all[$0] })
  }

  @Test("sums of sums are taken apart, and each row knows its place in the output")
  func nested() throws {
    let other = Symbol.placeholder("y", ["others", 2]).tanh().sum(along: 1)
    let groups = Symbol.placeholder("groups", [Self.rows], .index)
    let sliceOfGroup = Symbol.placeholder("slice of a group", ["groups"], .index)
    let inner =
      Self.network.segmentSum(by: groups, count: "groups")
      .segmentSum(by: sliceOfGroup, count: Self.slices)
    let outer = other.segmentSum(
      by: .placeholder("slice of others", ["others"], .index), count: Self.slices)
    let sums = try #require(RowSum.sums(in: inner + (Symbol.fill(0, [Self.slices]) + outer)))
    #expect(sums.map(\.rows) == [Self.rows, "others"])
    #expect(sums[1].segments.placeholderName == "slice of others")
    let rows = Array(0..<9)
    let results = try run([inner, sums[0].value, sums[0].segments], rows: rows)
    var expected = [0.0, 0, 0]
    for (value, slice) in zip(results[1], results[2]) { expected[Int(slice)] += value }
    #expect(results[2] == rows.map { [0.0, 1, 2, 0][$0 % 4] })
    #expect(largestDifference(results[0], expected) < 1e-14)
  }

  @Test("a constant of all rows alike belongs to each of them")
  func constants() throws {
    let constant = Symbol.constant([1.0, 2, 3]).broadcast(to: [Self.rows, 3], axes: [1])
    let sums = try #require(
      RowSum.sums(in: Self.sum((Self.x * constant + 0.5).sum(along: 1))))
    #expect(sums.count == 1 && sums[0].sources == [Self.x])
  }

  /// Graphs of which a row cannot be taken out.
  static let refused: [(name: String, output: Symbol)] = {
    let pairs = Symbol.placeholder("pairs", ["pairs"], .index)
    let ends = Symbol.placeholder("ends", ["pairs"], .index)
    let joined = x.gathered(by: pairs).tanh().segmentSum(by: ends, count: rows)
    let total = x.sum(along: 0).broadcast(to: [rows, 3], axes: [1])
    let number = Symbol.size(of: rows).broadcast(to: [rows], axes: [])
    let places = Symbol.constant(Tensor(Array(repeating: 1.0, count: 8), shape: [8]))
      .gathered(by: .indices(below: rows))
    return [
      ("rows that are joined", sum(joined.matmul(weights).sum(along: 1))),
      ("rows in another order", sum(network.gathered(by: kinds))),
      ("the number of the row", sum(network * places)),
      ("the row as a one-hot", sum((.identity(rows) * 2).sum(along: 1) + network)),
      ("the number of rows", sum(network / number)),
      ("all rows as a whole", sum((x * total).sum(along: 1))),
      ("a softmax over rows", sum(x.softmax(along: 0).sum(along: 1))),
      ("products of rows", sum(x.matmul(x, otherTransposed: true).sum(along: 1))),
      ("a function of a sum", sum(network).tanh()),
      ("a weight for each slice", sum(network) * sum(network)),
      ("two axes", network.outer(network)),
    ]
  }()

  @Test("is none where a row does not stand for itself", arguments: refused.indices)
  func refusal(number: Int) {
    let example = Self.refused[number]
    #expect(RowSum.sums(in: example.output) == nil, "\(example.name)")
  }
}
