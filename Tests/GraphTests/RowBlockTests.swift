import Foundation
import Tensors
import Testing

@testable import Graph

@Suite("Programs that work through blocks of rows")
struct RowBlockTests {
  /// Two axes of rows, values taken by rows and as a whole, and widths that cut blocks differently.
  private static let x = Symbol.placeholder("x", ["rows", 40])
  private static let y = Symbol.placeholder("y", ["others", 40])
  private static let matrix = Symbol.placeholder("m", [40, 7])
  private static let outputs: [Symbol] = {
    let (a, b) = (x.matmul(matrix).tanh(), y.matmul(matrix))
    let pairs = a.matmul(b, otherTransposed: true)
    let scaled = pairs * a.sum(along: 1).broadcast(to: pairs.shape, axes: [0])
    return [
      scaled.sum(along: 1), (b * b).sum(along: 1), a.matmul(a, transposed: true),
      b.sum(along: 0),
    ]
  }()

  private func run<S: RealScalar>(
    _: S.Type, rows: [(Int, Int)], threads: Int
  ) throws -> [[S]] {
    let program = Program(Self.outputs)
    let session = Session(
      program, state: State<S>([], seed: 0), workers: Workers(count: threads))
    let feed = Feed<S>()
    var results: [[S]] = []
    // Sizes change from run to run, as in training.
    for (rows, others) in rows {
      feed[axis: "rows"] = rows
      feed[axis: "others"] = others
      var random = RandomStream(seed: 3, stream: 0)
      for (symbol, count) in [(Self.matrix, 280), (Self.x, 40 * rows), (Self.y, 40 * others)] {
        feed.set(symbol, (0..<count).map { _ in random.uniformDouble() - 0.5 })
      }
      try session.run(feed)
      results += Self.outputs.indices.map { Array(session.output($0)) }
    }
    return results
  }

  @Test("give what loops over all rows give", arguments: [(0, 3), (1, 1), (700, 300), (2500, 40)])
  func loops(rows: Int, others: Int) throws {
    let found = try run(Double.self, rows: [(5, 900), (rows, others)], threads: 2).suffix(4)
    var random = RandomStream(seed: 3, stream: 0)
    func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
      (0..<rows).map { _ in (0..<columns).map { _ in random.uniformDouble() - 0.5 } }
    }
    let (m, x, y) = (matrix(40, 7), matrix(rows, 40), matrix(others, 40))
    func product(_ rows: [[Double]]) -> [[Double]] {
      rows.map { row in (0..<7).map { j in (0..<40).reduce(0) { $0 + row[$1] * m[$1][j] } } }
    }
    let (a, b) = (product(x).map { $0.map { tanh($0) } }, product(y))
    let total = (0..<7).map { j in b.reduce(0) { $0 + $1[j] } }
    let expected = [
      a.map { row in
        (0..<7).reduce(0) { $0 + row[$1] * total[$1] } * row.reduce(0, +)
      },
      b.map { $0.reduce(0) { $0 + $1 * $1 } },
      (0..<49).map { k in a.reduce(0) { $0 + $1[k / 7] * $1[k % 7] } },
      total,
    ]
    for (found, expected) in zip(found, expected) {
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-10 * (1 + abs($1)) })
    }
  }

  @Test("what only the blocks need takes memory for blocks alone")
  func memory() throws {
    let x = Symbol.placeholder("x", ["rows", 8])
    // Of some layers, one of which looks at its rows under another shape, only the last sum is kept.
    let value = (0..<6).reduce(x) { value, layer in
      let shape = Shape(["rows", 2, 4])
      return layer == 3
        ? (value.reshaped(shape) + value.reshaped(shape).sin()).reshaped(["rows", 8])
        : (value.matmul(.fill(0.1, [8, 8]) + .identity(8)) + 1).tanh()
    }
    let program = Program([value.sum(along: 1)])
    let session = Session(program, state: State<Double>([], seed: 0), workers: Workers(count: 2))
    let feed = Feed<Double>()
    func run(_ rows: Int) throws -> [Double] {
      feed[axis: "rows"] = rows
      feed.set(x, (0..<8 * rows).map { Double($0 % 80) / 80 })
      try session.run(feed)
      return Array(session.output(0))
    }
    let few = try run(10)
    let most = 100_000
    let many = try run(most)
    #expect((0..<most).allSatisfy { many[$0] == few[$0 % 10] })
    // The output, and not so much as one value of eight columns beside it.
    #expect(session.memoryInUse > 8 * most && session.memoryInUse < 8 * 8 * most)
  }

  @Test("rows that are cut, padded, joined and mixed go through several blocks")
  func moved() throws {
    // A block has 25 of these rows at most.
    let x = Symbol.placeholder("x", ["rows", 10, 64])
    let mixed = x.matmul(.placeholder("w", [64, 64])).tanh().reshaped(["rows", 640])
    let parts = [mixed.slice(40, count: 100, axis: 1), mixed.slice(7, count: 60, axis: 1)]
    let joined = Symbol.concatenating(parts, axis: 1).sin()
    let outputs = [joined.padded(from: 20, total: 640, axis: 1) * mixed]
    let feed = Feed<Double>()
    feed[axis: "rows"] = 130
    feed.set(x, (0..<130 * 640).map { sin(Double($0 * $0 % 977)) })
    feed.set(.placeholder("w", [64, 64]), (0..<4096).map { cos(Double($0 * $0)) / 8 })
    let results = try [true, false].map { interleaves in
      let program = Program(outputs, options: .init(interleaves: interleaves))
      #expect(program.phases.count == 1 || !interleaves, "\(program)")
      let session = Session(
        program, state: State<Double>([], seed: 0), workers: Workers(count: 2))
      try session.run(feed)
      return Array(session.output(0))
    }
    #expect(agree(results[0], results[1], 1e-12))
    #expect(results[0].contains { $0.magnitude > 0.1 })
  }

  @Test("a slot for a block is given again, whichever instruction reads its value last")
  func slots() {
    let x = Symbol.placeholder("x", ["rows", 8])
    // What each product is turned into is wanted outside of the blocks, the product is not.
    var outputs: [Symbol] = []
    for layer in 1...6 {
      let last = outputs.last ?? x
      outputs.append(last.matmul(.placeholder("w\(layer)", [8, 8])).tanh())
    }
    let tasks = Program(outputs, options: .init(fuses: false)).phases.flatMap(\.tasks)
    #expect(tasks.map(\.blockSlots) == [1])
  }

  @Test("give the same bits for any number of threads")
  func bits() throws {
    let sizes = [(2500, 40), (1, 900), (700, 300)]
    let one = try run(Float.self, rows: sizes, threads: 1)
    #expect(try run(Float.self, rows: sizes, threads: 2) == one)
    #expect(try run(Float.self, rows: sizes, threads: 5) == one)
  }
}
