import Graph
import Tensors
import TestSupport
import Testing

@Suite("Primitives against JAX", .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct ReferenceTests {
  /// Rounding errors of a few dozen operations, relative to one plus the size of the number.
  static let tolerance = 1e-12

  let cases: [String: ReferenceFile]

  init() throws {
    let list = try ReferenceFile("primitives.json")["cases"].list
    cases = Dictionary(uniqueKeysWithValues: list.map { ($0["name"].text, $0) })
  }

  @Test("every case of the file has one expression, and every expression a case")
  func coverage() {
    let names = ReferenceExpression.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Set(cases.keys).subtracting(names) == [])
    #expect(Set(names).subtracting(cases.keys) == [])
  }

  @Test("value, pullback and second order agree", arguments: ReferenceExpression.all.map(\.name))
  func agreement(name: String) throws {
    let reference = try #require(cases[name])
    let expression = try #require(ReferenceExpression.all.first { $0.name == name })
    let feed = Feed<Double>()
    var symbols: [String: Symbol] = [:]
    for key in reference["inputs"].keys {
      let input = reference["inputs"][key]
      let shape = Shape.fixed(input["shape"].ints)
      let isIndex = input["dtype"].text == "i64"
      let symbol = Symbol.placeholder(key, shape, isIndex ? .index : .real)
      symbols[key] = symbol
      if isIndex {
        feed.set(symbol, indices: input["data"].ints)
      } else {
        feed.set(symbol, input["data"].doubles)
      }
    }
    let y = expression.expression(.init(symbols: symbols))
    #expect(y.shape == .fixed(reference["output"]["shape"].ints))

    let inputs = reference["float_inputs"].list.map(\.text)
    let sources = inputs.map { symbols[$0]! }
    let v = Symbol.constant(reference["v"].tensor)
    let pullbacks = pullback(of: y, by: sources, cotangent: v)
    let first = reference["first_input"].text
    let u = Symbol.constant(reference["u"].tensor)
    let slope = (pullbacks[inputs.firstIndex(of: first)!]! * u).sum()
    let second = gradient(of: slope, by: sources)

    let program = Program([y] + pullbacks.map { $0! } + second)
    let session = Session(program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
    try session.run(feed)
    func check(_ output: Int, _ expected: ReferenceFile, _ what: String) {
      let difference = largestDifference(session.output(output), expected.tensor.doubles)
      #expect(difference < Self.tolerance, "\(what): \(session.tensor(output))")
    }
    check(0, reference["output"], "value")
    for (number, input) in inputs.enumerated() {
      check(1 + number, reference["vjp"][input], "pullback to \(input)")
      check(1 + inputs.count + number, reference["second_order"][input], "second order by \(input)")
    }
  }
}
