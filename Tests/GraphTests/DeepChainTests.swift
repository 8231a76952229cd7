import Graph
import Tensors
import Testing

@Suite("Long chains")
struct DeepChainTests {
  // A few seconds on an idle machine; anything quadratic would take hours.
  @Test(
    "of 100 000 operations are derived, compiled, run and released", .timeLimit(.minutes(10)))
  func chain() throws {
    let length = 100_000
    let x = Symbol.placeholder("x", [2])
    var value = x
    for _ in 0..<length / 2 { value = (value * x).sin() }
    let slope = gradient(of: value.sum(), by: x)
    let feed = Feed<Double>()
    feed.set(x, [0.5, 0.25])
    let results = try evaluate([value, slope], feed)
    let isFinite = results.joined().allSatisfy(\.isFinite)
    #expect(isFinite)
  }
}
