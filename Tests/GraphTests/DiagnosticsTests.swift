import Foundation
import Graph
import Tensors
import Testing

@Suite("Gradient checks")
struct GradientCheckTests {
  /// A model of a variable, a placeholder and an index.
  struct Problem {
    let weights = Variable("layer.weights", [2, 3], initializer: .xavierUniform)
    let x = Symbol.placeholder("x", ["rows", 2])
    let feed = Feed<Double>()
    let state: State<Double>

    init() {
      state = State([weights], seed: 3)
      feed[axis: "rows"] = 2
      feed.set(x, [0.3, -0.4, 1.2, 0.7])
    }

    var value: Symbol { x.matmul(weights.symbol).tanh() }

    func check(_ y: Symbol) throws -> GradientCheck {
      try GradientCheck(
        of: y, by: [weights.symbol, x], feed, state: state, workers: Workers(count: 1))
    }
  }

  @Test("right gradients agree, and inputs and weights are put back")
  func rightGradients() throws {
    let problem = Problem()
    let before = Array(problem.state[problem.weights])
    for y in [problem.value, problem.value.square().sum()] {
      let check = try problem.check(y)
      #expect(check.directions.map(\.source) == ["layer.weights", "x"].flatMap { [$0, $0, $0] })
      #expect(check.agrees(to: 1e-8), "\(check)")
      #expect(check.directions.allSatisfy { $0.derivative != 0 })
    }
    #expect(Array(problem.state[problem.weights]) == before)
    #expect(Array(problem.feed.values(of: problem.x).elements) == [0.3, -0.4, 1.2, 0.7])
    #expect("\(try problem.check(problem.value))".contains("layer.weights"))
  }

  @Test("a gradient that is wrong by one part in a thousand is found, and its source named")
  func wrongGradient() throws {
    let problem = Problem()
    // The detached part counts in the value, not in the gradient.
    let hidden = problem.x.detached() * 0.001
    let check = try problem.check((problem.x + hidden).matmul(problem.weights.symbol).exp())
    #expect(!check.agrees(to: 1e-4) && check.agrees(to: 1e-2))
    #expect(check.worst?.source == "x")
    #expect(
      check.directions.filter { $0.source == "layer.weights" }.allSatisfy { $0.error < 1e-8 })
  }

  @Test("NaN never agrees")
  func notANumber() throws {
    let problem = Problem()
    let check = try problem.check((problem.value - 5).log().sum() + problem.value.sum())
    #expect(check.worst?.error.isNaN == true)
    #expect(!check.agrees(to: 1))
  }

  @Test("a constant agrees, even where rounding moves a large value")
  func rounding() throws {
    let problem = Problem()
    let check = try problem.check(1e9 + 1e-12 * problem.value.sum())
    #expect(check.agrees(to: 1e-9))
  }
}

@Suite("The first value that is not finite")
struct NonFiniteValueTests {
  @Test("is named with operation, place and operands")
  func first() throws {
    let weights = Variable("w", [3], initializer: .values([1, 2, 3]))
    let x = Symbol.placeholder("x", ["rows", 3])
    let scaled = x * weights.symbol.broadcast(to: x.shape, axes: [1])
    let value = (scaled.log().named("entropy") * 0).sum(along: 1).exp()
    let feed = Feed<Double>()
    feed[axis: "rows"] = 2
    feed.set(x, [1, 2, 3, 4, -5, 6])
    let state = State<Double>([weights], seed: 1)
    func fault() throws -> NonFiniteValue? {
      try .first(computing: [value], feed, state: state, workers: Workers(count: 2))
    }
    let found = try #require(try fault())
    #expect(found.value.source == "entropy = log")
    #expect(found.value.extents == [2, 3] && found.value.nonFiniteCount == 1)
    #expect(found.place == [1, 1] && found.element.isNaN)
    #expect(found.operands.map(\.range) == [-10.0...18.0])
    #expect("\(found)".contains("entropy = log: real[rows, 3] is"))

    feed.set(x, [1, 2, 3, 4, 5, 6])
    #expect(try fault() == nil)
    feed.set(x, [1, 2, 3, 4, 5, .infinity])
    #expect(try fault()?.value.source == "x")
    feed.set(x, [1, 2, 3, 4, 5, 6])
    state[weights][2] = .nan
    #expect(try fault()?.value.source == "w")
  }

  @Test("is a computed value and no constant of the graph")
  func constants() throws {
    let x = Symbol.placeholder("x", ["rows"])
    let feed = Feed<Float>()
    feed[axis: "rows"] = 2
    feed.set(x, [1, 2])
    let state = State<Float>([], seed: 1)
    let bounded = x.minimum(.fill(.infinity, ["rows"]))
    func fault(_ y: Symbol) throws -> NonFiniteValue? {
      try .first(computing: [y], feed, state: state, workers: Workers(count: 1))
    }
    #expect(try fault(bounded) == nil)
    #expect(try fault(bounded / (x - 2))?.value.source == "divide")
  }
}

@Suite("Profiles")
struct ProfileTests {
  @Test("have a time for each phase and trace events in order", arguments: [true, false])
  func entries(interleaves: Bool) throws {
    let w = Variable("w", [3, 3], initializer: .xavierUniform)
    let x = Symbol.placeholder("x", ["rows", 3])
    let loss = x.matmul(w.symbol).tanh().matmul(w.symbol).square().sum()
    let step = w.symbol - 1e-3 * gradient(of: loss, by: w.symbol)
    let program = Program(
      [loss], updates: [w: step], options: .init(fuses: false, interleaves: interleaves))
    let session = Session(
      program, state: State<Double>([w], seed: 1), workers: Workers(count: 1))
    let feed = Feed<Double>()
    feed[axis: "rows"] = 40
    feed.set(x, (0..<120).map { sin(Double($0)) })
    try session.run(feed)
    let before = session.output(0)[0]
    let profile = try Profile(of: session, feed, runs: 3)
    #expect(session.output(0)[0] < before)
    let operations = profile.entries.flatMap(\.operations)
    #expect(operations.count { $0 == "matMul" } >= 4 && operations.contains("tanh"))
    #expect(interleaves == profile.entries.contains { $0.operations.count > 1 })
    #expect(profile.entries.allSatisfy { $0.seconds > 0 } && profile.runs == 3)
    #expect(profile.description.split(separator: "\n").count == profile.entries.count + 1)

    let object = try JSONSerialization.jsonObject(with: profile.trace) as? [String: Any]
    let events = try #require(object?["traceEvents"] as? [[String: Any]])
    #expect(events.count == profile.entries.count)
    #expect(events.allSatisfy { $0["ph"] as? String == "X" && $0["args"] is [String: String] })
    var end = 0.0
    for event in events {
      let start = try #require(event["ts"] as? Double)
      #expect(start >= end - 1e-6)
      end = start + (try #require(event["dur"] as? Double))
    }
  }

  @Test("a program that interleaves nothing computes the same values")
  func sameValues() throws {
    for row in PrimitiveCase.catalog where row.value.type.elements == .real {
      let feed = Feed<Double>()
      row.fill(feed, rows: 5, seed: 4)
      let whole = try evaluate(row.valueAndPullbacks, feed)
      let single = try evaluate(row.valueAndPullbacks, feed, options: .init(interleaves: false))
      #expect(zip(whole, single).allSatisfy { agree($0, $1, 1e-13) }, "\(row.testDescription)")
    }
  }
}
