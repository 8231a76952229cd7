import Graph
import Tensors
import TestSupport
import Testing

@Suite("Substituting symbols")
struct SubstitutionTests {
  private let x = Symbol.placeholder("x", [3])
  private let y = Symbol.placeholder("y", [3])

  private func value(_ symbols: [Symbol]) throws -> [[Double]] {
    let feed = Feed<Double>()
    for (symbol, values) in [(x, [0.3, -1, 2]), (y, [0.5, 0.7, -0.2])] { feed.set(symbol, values) }
    return try evaluate(symbols, feed)
  }

  @Test("puts a symbol that depends on the one it replaces once in its place")
  func shift() throws {
    func function(_ x: Symbol) -> Symbol { (x.tanh() * y + x.square()).sum() }
    let moved = Symbol.substituting(
      [x: x + y], in: [function(x), gradient(of: function(x), by: x)])
    let expected = [function(x + y), gradient(of: function(x + y), by: x)]
    #expect(
      largestDifference(
        try value(moved).joined(), try value(expected).joined()) < 1e-15)
  }

  @Test("exchanges symbols, replaces results of operations, and leaves the rest as it is")
  func exchange() throws {
    let product = x * y
    let outputs = Symbol.substituting([x: y, y: x], in: [x - y, product])
    #expect(try value(outputs)[0] == value([y - x])[0])
    let other = Symbol.substituting([product: x], in: [product.exp(), y.exp(), product])
    #expect(try value(other) == value([x.exp(), y.exp(), x]))
    let untouched = y.exp()
    #expect(Symbol.substituting([x: y], in: [untouched]) == [untouched])
  }
}
