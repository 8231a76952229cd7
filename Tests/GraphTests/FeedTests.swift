import Graph
import Tensors
import Testing

@Suite("Feeds")
struct FeedTests {
  private static let x = Symbol.placeholder("x", ["rows"])
  private static let index = Symbol.placeholder("index", ["rows"], .index)

  @Test("take values from any collection, contiguous or not")
  func collections() {
    let (double, single) = (Feed<Double>(), Feed<Float>())
    for count in [0, 1, 40] {
      let values = (0..<count).map { Double($0) / 8 }
      double.set(Self.x, values)
      #expect(Array(double.values(of: Self.x).elements) == values)
      single.set(Self.x, values.lazy.map { -$0 })
      #expect(Array(single.values(of: Self.x).elements) == values.map { Float(-$0) })
      double.values(of: Self.x).replace(with: values.reversed())
      #expect(Array(double.values(of: Self.x).elements) == values.reversed())
      double.set(Self.index, indices: (0..<count).reversed())
      #expect(double.indices(of: Self.index).elements.map(Int.init) == (0..<count).reversed())
    }
  }

  @Test("keep the content of a buffer that grows")
  func growth() {
    let buffer = Buffer<Int32>(capacity: 1)
    for number in 0..<100 { buffer.append(Int32(number)) }
    [Int32](repeating: 7, count: 50).withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    #expect(buffer.elements.map(Int.init) == Array(0..<100) + [Int](repeating: 7, count: 50))
  }

  @Test("know axes by their extents")
  func axes() {
    let feed = Feed<Double>()
    feed[axis: Self.x.shape[0]] = 5
    #expect(feed[axis: "rows"] == 5)
    #expect(feed[axis: "others"] == 0)
  }

  @Test("trap for symbols that are not fed, and for the other kind of elements")
  func wrongSymbols() async throws {
    let computed = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Feed<Double>().set(Symbol.placeholder("x", [2]) + 1, [1, 2])
      })
    #expect(
      String(decoding: computed.standardErrorContent, as: UTF8.self)
        .contains("only placeholders are fed, not a real[2] that is computed"))
    let index = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Feed<Double>().values(of: .placeholder("index", [2], .index))
      })
    #expect(
      String(decoding: index.standardErrorContent, as: UTF8.self)
        .contains("the placeholder 'index' is index[2], not real"))
    let axis = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        Feed<Double>()[axis: "rows" + 1] = 3
      })
    #expect(
      String(decoding: axis.standardErrorContent, as: UTF8.self)
        .contains("the extent 1+rows is not the name of an axis"))
  }
}
