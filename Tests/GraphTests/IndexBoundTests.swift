import Tensors
import Testing

@testable import Graph

@Suite("Indices out of range")
struct IndexBoundTests {
  private static let x = Symbol.placeholder("x", ["rows", 2])
  private static let index = Symbol.placeholder("index", ["pairs"], .index)
  private static let segment = Symbol.placeholder("segment", ["rows"], .index)

  /// Each operation that addresses rows, with the index it reads and the number of rows.
  private static let readers: [(name: String, value: Symbol, index: Symbol, bound: Int)] = [
    ("gather", x.gathered(by: index), index, 3),
    ("gather along another axis", x.transposed().gathered(by: index, axis: 1), index, 3),
    ("segmentSum", x.segmentSum(by: segment, count: 4), segment, 4),
    ("segmentSum by a named count", x.segmentSum(by: segment, count: "pairs"), segment, 5),
    ("segmentMaximum", x.segmentMaximum(by: segment, count: 4), segment, 4),
    ("oneHot", index.oneHot(below: 2), index, 2),
    ("segmentedMatMul", x.segmentedMatMul(x, by: segment, count: 4), segment, 4),
    ("an index that is gathered", x.gathered(by: segment.gathered(by: index)), segment, 3),
    (
      "an index that is moved",
      x.gathered(
        by: Symbol.concatenating(
          [index.slice(1, count: "pairs" - 1), index.slice(0, count: 1)], axis: 0)),
      index, 3
    ),
    (
      "the pullback of a gather",
      gradient(of: x.gathered(by: index).square().sum(), by: x), index, 3
    ),
  ]

  private static func feed(_ fault: (symbol: Symbol, index: Int)? = nil) -> Feed<Double> {
    let feed = Feed<Double>()
    feed[axis: "rows"] = 3
    feed[axis: "pairs"] = 5
    feed.set(x, [1, 2, 3, 4, 5, 6])
    feed.set(index, indices: [0, 1, 1, 0, 1])
    feed.set(segment, indices: [0, 1, 1])
    if let fault { feed.indices(of: fault.symbol).elements[2] = Int32(fault.index) }
    return feed
  }

  private static func session(_ value: Symbol, _ options: Program.Options) -> Session<Double> {
    Session(
      Program([value], options: options), state: State([], seed: 0), workers: Workers(count: 1))
  }

  @Test(
    "are found in a feed before anything is computed", arguments: readers.indices, [false, true])
  func feeds(number: Int, isPlain: Bool) throws {
    let (name, value, index, bound) = Self.readers[number]
    let options = isPlain ? Program.Options(simplifies: false, fuses: false) : .init()
    let session = Self.session(value, options)
    try session.run(Self.feed())
    for wrong in [bound, -1, Int(Int32.min), Int(Int32.max)] {
      let error = #expect(throws: FeedError.self, "\(name)") {
        try session.run(Self.feed((index, wrong)))
      }
      guard case .index(index.placeholderName!, 2, wrong, bound, _) = error else {
        Issue.record("\(name): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("are told with the placeholder, the place, the index and the rows")
  func sentence() throws {
    let session = Self.session(Self.x.gathered(by: Self.index), .init())
    let error = #expect(throws: FeedError.self) { try session.run(Self.feed((Self.index, 7))) }
    #expect(
      error?.description
        == "the placeholder 'index' holds the index 7 at 2, but it addresses rows in 0 ..< 3 (rows)"
    )
  }

  @Test("follow sizes that change from run to run")
  func sizes() throws {
    let session = Self.session(Self.x.segmentSum(by: Self.segment, count: "pairs"), .init())
    let feed = Self.feed((Self.segment, 4))
    try session.run(feed)
    feed[axis: "pairs"] = 4
    #expect(throws: FeedError.self) { try session.run(feed) }
    feed[axis: "pairs"] = 6
    try session.run(feed)
  }

  @Test("trap where a graph's own indices are to blame")
  func ownIndices() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let x = Symbol.placeholder("x", ["rows"])
        let session = Session(
          Program([x.gathered(by: .constant(Tensor(.int32([0, 3]), shape: [2])))]),
          state: State<Double>([], seed: 0), workers: Workers(count: 1))
        let feed = Feed<Double>()
        feed[axis: "rows"] = 3
        feed.set(x, [1, 2, 3])
        try session.run(feed)
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("constant: the index 3 at 1 of the result does not lie in 0 ..< 3"))
  }

  @Test("do not matter in rows of a constant that are not gathered")
  func unusedRows() async throws {
    @Sendable func run(_ number: Int) throws -> [Double] {
      let number = (symbol: Symbol.placeholder("number", ["k"], .index), value: number)
      let table = Symbol.constant(Tensor(.int32([2, 0, 2, 1]), shape: [4]))
      let place = table.gathered(by: number.symbol).reshaped(["k", 1]).reshaped(["k"])
      let session = Session(
        Program([Symbol.constant([5, 7]).gathered(by: place)]), state: State<Double>([], seed: 0),
        workers: Workers(count: 1))
      let feed = Feed<Double>()
      feed[axis: "k"] = 2
      feed.set(number.symbol, indices: [1, number.value])
      try session.run(feed)
      return session.tensor(0).doubles
    }
    #expect(try run(3) == [5, 7])
    #expect(throws: FeedError.self) { try run(4) }
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let table = Symbol.constant(Tensor(.int32([2, 0, 2, 1]), shape: [4]))
        let place = table.gathered(by: .placeholder("number", [1], .index)).reshaped([1, 1])
        let session = Session(
          Program([Symbol.constant([5, 7]).gathered(by: place.reshaped([1]))]),
          state: State<Double>([], seed: 0), workers: Workers(count: 1))
        let feed = Feed<Double>()
        feed.set(.placeholder("number", [1], .index), indices: [2])
        try session.run(feed)
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("gather: the index 2 at 0 of the result does not lie in 0 ..< 2"))
  }

  @Test("ask for no check where the graph proves them")
  func proofs() {
    let table = Symbol.placeholder("table", [4, 2])
    let constant = Symbol.constant(Tensor(.int32([3, 0]), shape: [2]))
    let graphs = [
      table.gathered(by: constant), Self.x.segmentSum(by: .indices(below: "rows"), count: "rows"),
      Symbol.indices(below: 3).oneHot(below: 4),
    ]
    let program = Program(graphs, options: .init(simplifies: false))
    #expect(program.instructions.allSatisfy { $0.resultBounds.isEmpty })
  }
}
