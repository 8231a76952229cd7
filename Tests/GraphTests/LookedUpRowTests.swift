import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@Suite("Rows that are looked up in tables, and sums over them")
struct LookedUpRowTests {
  private let atoms: Extent = "atoms"
  private let features = Symbol.placeholder("features", ["atoms", 40])
  private let first = Symbol.placeholder("first", ["pairs"], .index)
  private let second = Symbol.placeholder("second", ["pairs"], .index)

  /// A function of both ends, which is read before and after a sum over all pairs.
  private var outputs: [Symbol] {
    let ends = (features.gathered(by: first) + features.gathered(by: second)).tanh()
    let sums = ends.segmentSum(by: first, count: atoms)
    let weighted = ends * sums.gathered(by: second)
    return [
      weighted.segmentSum(by: second, count: atoms), weighted.matmul(ends, transposed: true),
    ]
  }

  private func feed(_ atoms: Int, _ pairs: Int) -> Feed<Double> {
    var random = RandomStream(seed: 4, stream: 0)
    let feed = Feed<Double>()
    feed[axis: "atoms"] = atoms
    feed[axis: "pairs"] = pairs
    feed.set(features, (0..<40 * atoms).map { _ in random.uniformDouble() - 0.5 })
    feed.set(first, indices: (0..<pairs).map { $0 * atoms / max(1, pairs) })
    feed.set(second, indices: (0..<pairs).map { _ in random.integer(below: atoms) })
    return feed
  }

  private func session(_ options: Program.Options = .init(), threads: Int = 1) -> Session<Double> {
    Session(
      Program(outputs, options: options), state: State([], seed: 0),
      workers: Workers(count: threads))
  }

  @Test("are what loops give", arguments: [(3, 0), (1, 1), (7, 300), (90, 9000)])
  func loops(atoms: Int, pairs: Int) throws {
    let (session, feed) = (session(), feed(atoms, pairs))
    // Other sizes before, whose sums must leave nothing behind.
    try session.run(self.feed(200, 5000))
    try session.run(feed)
    let table = Array(feed.values(of: features).elements)
    let ends = zip(feed.indices(of: first).elements, feed.indices(of: second).elements)
      .map { (Int($0), Int($1)) }
    func value(_ pair: (Int, Int), _ column: Int) -> Double {
      tanh(table[40 * pair.0 + column] + table[40 * pair.1 + column])
    }
    var sums = [Double](repeating: 0, count: 40 * atoms)
    for pair in ends { for k in 0..<40 { sums[40 * pair.0 + k] += value(pair, k) } }
    var expected = [
      [Double](repeating: 0, count: 40 * atoms), [Double](repeating: 0, count: 1600),
    ]
    for pair in ends {
      let values = (0..<40).map { value(pair, $0) }
      let weighted = (0..<40).map { values[$0] * sums[40 * pair.1 + $0] }
      for k in 0..<40 {
        expected[0][40 * pair.1 + k] += weighted[k]
        for l in 0..<40 { expected[1][40 * k + l] += weighted[k] * values[l] }
      }
    }
    for (number, expected) in expected.enumerated() {
      #expect(agree(Array(session.output(number)), expected, 1e-11))
    }
  }

  @Test("have the same bits for any number of threads")
  func bits() throws {
    let feed = feed(300, 20_000)
    func run(_ threads: Int) throws -> [[Double]] {
      let session = session(threads: threads)
      try session.run(feed)
      return outputs.indices.map { Array(session.output($0)) }
    }
    let one = try run(1)
    #expect(try run(2) == one)
    #expect(try run(5) == one)
  }

  @Test("are computed where they are read and take no memory")
  func memory() throws {
    let (blocks, wholes) = (session(), session(.init(interleaves: false)))
    for session in [blocks, wholes] { try session.run(feed(100, 40_000)) }
    for number in outputs.indices {
      #expect(agree(Array(blocks.output(number)), Array(wholes.output(number)), 1e-11))
    }
    let ofPairs = 40_000 * 40 * 8
    #expect(wholes.memoryInUse > 2 * ofPairs)
    #expect(blocks.memoryInUse < ofPairs)
  }

  @Test("are printed where they are computed")
  func printed() {
    #expect(
      blocksOnly(Program(outputs).description) == """
        for blocks of pairs:
          real[pairs, 40] = gather[axis: 0]
          real[pairs, 40] = gather[axis: 0]
          real[pairs, 40] = fused[#0; #1; add(0, 1); tanh(2)]
          real[atoms, 40] = segmentSum[axis: 0, count: atoms]
        for blocks of pairs:
          real[pairs, 40] = gather[axis: 0]
          real[pairs, 40] = gather[axis: 0]
          real[pairs, 40] = fused[#0; #1; add(0, 1); tanh(2)]
          real[pairs, 40] = gather[axis: 0]
          real[pairs, 40] = fused[#0; #1; multiply(0, 1)]
          real[atoms, 40] = segmentSum[axis: 0, count: atoms]
          real[40, 40] = matMul[transposeA: true, transposeB: false]
        """)
  }

  /// The lines of a program without the names of values.
  private func blocksOnly(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.hasPrefix("return") }.map { line in
      guard let start = line.firstRange(of: ": real"), let end = line.lastIndex(of: "(") else {
        return String(line)
      }
      return "  " + line[line.index(start.lowerBound, offsetBy: 2)..<end]
    }.joined(separator: "\n")
  }

  @Test("of a message-passing model are the same as one operation after the other")
  func messagePassing() throws {
    let model = MessagePassingModel()
    let weights = Symbol.parameters(of: [model.energies])
    let loss = (model.energies.square() + model.slopes).sum()
    let outputs = [loss, model.energies] + gradient(of: loss, by: weights.map(\.symbol))
    let feed = model.feed(structures: 300)
    let results = try [false, true].map { interleaves in
      let session = Session(
        Program(outputs, options: .init(interleaves: interleaves)),
        state: State<Double>(weights, seed: 5), workers: Workers(count: 2))
      try session.run(feed)
      return outputs.indices.map { Array(session.output($0)) }
    }
    for (found, expected) in zip(results[1], results[0]) {
      #expect(agree(found, expected, 1e-10))
    }
  }
}
