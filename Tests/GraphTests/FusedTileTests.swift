import Graph
import Tensors
import Testing

@Suite("Fused chains that run tile by tile")
struct FusedTileTests {
  /// Elements by themselves, repeated from row to row and within a row, and numbers.
  private static let output: Symbol = {
    let x = Symbol.placeholder("x", ["rows", "columns"])
    let row = Symbol.placeholder("row", ["columns"])
    let column = Symbol.placeholder("column", ["rows"])
    let number = Symbol.placeholder("number", [])
    return x * row.broadcast(to: x.shape, axes: [1])
      + column.broadcast(to: x.shape, axes: [0]) * number.broadcast(to: x.shape, axes: []) - 3
  }()

  private func check<S: RealScalar>(_: S.Type, rows: Int, columns: Int) throws {
    let session = Session(
      Program([Self.output]), state: State<S>([], seed: 0), workers: Workers(count: 2))
    let feed = Feed<S>()
    feed[axis: "rows"] = rows
    feed[axis: "columns"] = columns
    // Small whole numbers, so that nothing is rounded.
    let x = (0..<rows * columns).map { Double($0 % 101) }
    let row = (0..<columns).map { Double($0 % 37) }
    let column = (0..<rows).map { Double($0 % 41) }
    feed.set("x", x)
    feed.set("row", row)
    feed.set("column", column)
    feed.set("number", [5])
    try session.run(feed)
    let expected = x.indices.map {
      S(x[$0] * row[$0 % columns] + 5 * column[$0 / columns] - 3)
    }
    #expect(Array(session.output(0)) == expected, "\(rows) x \(columns)")
  }

  @Test(
    "repeat the right elements in each tile",
    arguments: [
      (1, 1), (2, 3), (2500, 1), (700, 7), (200, 25), (170, 27), (3000, 25), (20, 129), (9, 600),
      (7, 1024), (5, 1025), (3, 20_000),
    ])
  func tiles(rows: Int, columns: Int) throws {
    try check(Float.self, rows: rows, columns: columns)
    try check(Double.self, rows: rows, columns: columns)
  }
}
