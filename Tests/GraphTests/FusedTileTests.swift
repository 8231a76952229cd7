import Tensors
import Testing

@testable import Graph

@Suite("Fused chains that run tile by tile")
struct FusedTileTests {
  /// Elements by themselves, repeated from row to row and within a row, and numbers.
  private static let inputs = (
    x: Symbol.placeholder("x", ["rows", "columns"]), row: Symbol.placeholder("row", ["columns"]),
    column: Symbol.placeholder("column", ["rows"]), number: Symbol.placeholder("number", [])
  )
  private static let output: Symbol = {
    let (x, row, column, number) = inputs
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
    feed.set(Self.inputs.x, x)
    feed.set(Self.inputs.row, row)
    feed.set(Self.inputs.column, column)
    feed.set(Self.inputs.number, [5])
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

  @Test(
    "repeat elements along an axis between others",
    arguments: [(1, 1), (700, 1), (3, 7), (200, 8), (90, 25), (5, 600), (3, 1030)])
  func middleAxis(rows: Int, columns: Int) throws {
    let x = Symbol.placeholder("x", ["rows", 5, "columns"])
    let y = Symbol.placeholder("y", ["rows", "columns"])
    let program = Program([x * y.broadcast(to: x.shape, axes: [0, 2]) + 1])
    #expect(program.description.contains("#1 along [0, 2]"))
    let session = Session(program, state: State<Float>([], seed: 0), workers: Workers(count: 2))
    let feed = Feed<Float>()
    feed[axis: "rows"] = rows
    feed[axis: "columns"] = columns
    let left = (0..<rows * 5 * columns).map { Double($0 % 101) }
    let right = (0..<rows * columns).map { Double($0 % 41) }
    feed.set(x, left)
    feed.set(y, right)
    try session.run(feed)
    let expected = left.indices.map { place in
      let (row, column) = (place / (5 * columns), place % columns)
      return Float(left[place] * right[row * columns + column] + 1)
    }
    #expect(Array(session.output(0)) == expected)
  }

  /// Products with a bias and a function behind them, a sum of two products, and one that is read twice.
  private static func layers(inner: Int, columns: Int) -> Symbol {
    let x = Symbol.placeholder("x", ["rows", .fixed(inner)])
    let y = Symbol.placeholder("y", ["rows", .fixed(columns)])
    let w = Symbol.placeholder("w", [.fixed(inner), .fixed(columns)])
    let v = Symbol.placeholder("v", [.fixed(columns), .fixed(inner)])
    let bias = Symbol.placeholder("bias", [.fixed(columns)])
    let z = x.matmul(w) + bias.broadcast(to: y.shape, axes: [1])
    let sum = x.matmul(v, otherTransposed: true) - y.matmul(w, otherTransposed: true).matmul(w)
    let twice = (x + x).matmul(w)
    return z * y + (x.matmul(w) + (x - 1).matmul(v, otherTransposed: true)) + twice * twice + sum
  }

  private func checkProducts<S: RealScalar>(_: S.Type, rows: Int, inner: Int, columns: Int) throws {
    let value = Self.layers(inner: inner, columns: columns)
    let feed = Feed<S>()
    feed[axis: "rows"] = rows
    let sizes = [
      "x": rows * inner, "y": rows * columns, "w": inner * columns, "v": inner * columns,
      "bias": columns,
    ]
    // Small whole numbers, so that nothing is rounded in whatever order.
    for symbol in topologicalOrder(of: [value]) {
      guard let name = symbol.placeholderName, let size = sizes[name] else { continue }
      feed.set(symbol, (0..<size).map { Double(($0 * 7 + size) % 5) - 2 })
    }
    func run(_ program: Program, threads: Int = 1) throws -> [S] {
      let session = Session(
        program, state: State<S>([], seed: 0), workers: Workers(count: threads))
      try session.run(feed)
      return Array(session.output(0))
    }
    let fused = Program([value])
    let products = fused.instructions.count { $0.kernel is MatMul }
    // The one that another product reads.
    #expect(products == 1, "\(fused)")
    let expected = try run(Program([value], options: .init(simplifies: false, fuses: false)))
    #expect(try run(fused) == expected, "\(rows) x \(inner) x \(columns)")
    #expect(try run(fused, threads: 2) == expected, "\(rows) x \(inner) x \(columns)")
  }

  @Test(
    "multiply the right rows in each tile",
    arguments: [
      (1, 2, 2), (3, 2, 1), (2000, 25, 1), (50, 9, 3), (41, 30, 8), (700, 27, 25), (900, 8, 33),
      (130, 3, 64), (20, 128, 128), (0, 4, 4),
    ])
  func products(rows: Int, inner: Int, columns: Int) throws {
    try checkProducts(Float.self, rows: rows, inner: inner, columns: columns)
    try checkProducts(Double.self, rows: rows, inner: inner, columns: columns)
  }

  @Test("leave products alone whose matrix is large or that others read")
  func others() {
    let x = Symbol.placeholder("x", ["rows", 200])
    let w = Symbol.placeholder("w", [200, 8])
    let y = Symbol.placeholder("y", ["rows", 8])
    let v = Symbol.placeholder("v", [8, 8])
    let product = y.matmul(v)
    let program = Program([x.matmul(w).tanh(), product, product.exp()])
    #expect(program.instructions.count { $0.kernel is MatMul } == 2)
  }
}
