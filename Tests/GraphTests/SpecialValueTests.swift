import Graph
import Tensors
import Testing

@Suite("Special values")
struct SpecialValueTests {
  static let inf = Double.infinity
  static let nan = Double.nan

  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operands: [[Double]]
    let expected: [Double]
    let expression: @Sendable ([Symbol]) -> Symbol
    init(
      _ name: String, _ operands: [Double]..., gives expected: [Double],
      _ expression: @escaping @Sendable ([Symbol]) -> Symbol
    ) {
      (testDescription, self.operands, self.expected) = (name, operands, expected)
      self.expression = expression
    }
  }

  static let rows: [Row] = [
    .init("exp", [nan, inf, -inf, 0, 1e4], gives: [nan, inf, 0, 1, inf]) { $0[0].exp() },
    .init("log", [nan, inf, 0, -1], gives: [nan, inf, -inf, nan]) { $0[0].log() },
    .init("log1p", [nan, inf, -1, -2, 0], gives: [nan, inf, -inf, nan, 0]) { $0[0].log1p() },
    .init("expm1", [nan, inf, -inf, 0], gives: [nan, inf, -1, 0]) { $0[0].expm1() },
    .init("square root", [nan, inf, 0, -1], gives: [nan, inf, 0, nan]) { $0[0].squareRoot() },
    .init("tanh", [nan, inf, -inf, 1e9], gives: [nan, 1, -1, 1]) { $0[0].tanh() },
    .init("sigmoid", [nan, inf, -inf, -1e4], gives: [nan, 1, 0, 0]) { $0[0].sigmoid() },
    .init("softplus", [nan, inf, -inf, 1e4], gives: [nan, inf, 0, 1e4]) { $0[0].softplus() },
    .init("absolute", [nan, -inf, -0.0, -2], gives: [nan, inf, 0, 2]) { $0[0].absolute() },
    .init("sign", [nan, -inf, 0, 5], gives: [nan, -1, 0, 1]) { $0[0].sign() },
    .init("isFinite", [nan, inf, -inf, 0, 1e300], gives: [0, 0, 0, 1, 1]) { $0[0].isFinite() },
    .init("erf", [nan, inf, -inf, 0], gives: [nan, 1, -1, 0]) { $0[0].erf() },
    .init("erfc", [nan, inf, -inf, 0], gives: [nan, 0, 2, 1]) { $0[0].erfc() },
    .init("acos", [nan, 2, 1, -1], gives: [nan, nan, 0, Double.pi]) { $0[0].acos() },
    .init("power 0", [nan, inf, 0, -2], gives: [1, 1, 1, 1]) { $0[0].power(0) },
    .init("power 3", [nan, inf, -inf, -2], gives: [nan, inf, -inf, -8]) { $0[0].power(3) },
    .init("power -1", [nan, inf, 0, -2], gives: [nan, 0, inf, -0.5]) { $0[0].power(-1) },
    .init("power 0.5", [nan, inf, 0, -2], gives: [nan, inf, 0, nan]) { $0[0].power(0.5) },
    .init("maximum", [nan, 1, inf, 2], [1, nan, 1, 3], gives: [nan, nan, inf, 3]) {
      $0[0].maximum($0[1])
    },
    .init("minimum", [nan, 1, -inf, 2], [1, nan, 1, 3], gives: [nan, nan, -inf, 2]) {
      $0[0].minimum($0[1])
    },
    .init("less", [nan, 1, 1, -inf], [1, nan, 1, inf], gives: [0, 0, 0, 1]) {
      $0[0].isLess(than: $0[1])
    },
    .init("less or equal", [nan, 1, 1], [1, nan, 1], gives: [0, 0, 1]) {
      $0[0].isLessOrEqual(to: $0[1])
    },
    .init("equal", [nan, inf, 1], [nan, inf, 2], gives: [0, 1, 0]) { $0[0].isEqual(to: $0[1]) },
    .init("select", [1, 0, nan], [1, nan, 1], [nan, 2, 2], gives: [1, 2, 1]) {
      $0[0].select($0[1], $0[2])
    },
    .init("divide", [1, 0, -1, inf], [0, 0, 0, inf], gives: [inf, nan, -inf, nan]) {
      $0[0] / $0[1]
    },
    .init("multiply by zero", [nan, inf, 2], gives: [nan, nan, 0]) { $0[0] * 0 },
    .init("atan2 at the origin", [0, 0, 1], [0, -1, 0], gives: [0, Double.pi, Double.pi / 2]) {
      $0[0].atan2($0[1])
    },
    .init("logSumExp", [1000, 1000], gives: [1000 + 0.6931471805599453]) {
      $0[0].reshaped([1, 2]).logSumExp(along: 1)
    },
    .init("softmax", [-1000, 1000], gives: [0, 1]) { $0[0].softmax(along: 0) },
    .init("Cholesky of an indefinite matrix", [1, 2, 2, 1], gives: [nan, nan, nan, nan]) {
      $0[0].reshaped([2, 2]).cholesky().flattened()
    },
    .init("maximum along an axis", [1, nan, 2, 3], gives: [nan, 3]) {
      $0[0].reshaped([2, 2]).maximum(along: 1)
    },
  ]

  @Test("come out as said", arguments: rows)
  func values(row: Row) throws {
    let symbols = row.operands.indices.map {
      Symbol.placeholder("x\($0)", [.fixed(row.operands[$0].count)])
    }
    let (double, single) = (Feed<Double>(), Feed<Float>())
    for (number, values) in row.operands.enumerated() {
      double.set(symbols[number], values)
      single.set(symbols[number], values.map { abs($0) == 1e300 ? 1e30 : $0 })
    }
    let value = row.expression(symbols)
    let found = (try evaluate([value], double)[0], try evaluate([value], single)[0])
    #expect(agree(found.0, row.expected, 1e-14), "\(found.0)")
    #expect(agree(found.1, row.expected, 1e-6), "\(found.1)")
  }

  static let slopes: [Row] = [
    .init("absolute at zero", [0, -2], gives: [0, -1]) { $0[0].absolute() },
    .init("maximum where equal goes to the first", [1, 0], gives: [1, 0]) {
      $0[0].maximum(.constant([1, 1]))
    },
    .init("minimum where equal goes to the first", [1, 2], gives: [1, 0]) {
      $0[0].minimum(.constant([1, 1]))
    },
    .init("maximum along an axis is shared", [2, 2, 1, 2], gives: [0.5, 0.5, 0, 1]) {
      $0[0].reshaped([2, 2]).maximum(along: 1)
    },
    .init("norm of a zero vector", [0, 0, 3, 4], gives: [0, 0, 0.6, 0.8]) {
      $0[0].reshaped([2, 2]).norm(along: 1)
    },
    .init("power 0", [0, 2], gives: [0, 0]) { $0[0].power(0) },
    .init("power 1.5 at zero", [0], gives: [0]) { $0[0].power(1.5) },
    .init("power 0.5 at zero", [0], gives: [inf]) { $0[0].power(0.5) },
    .init("a square root of what was chosen to be safe", [0, 4], gives: [0, 0.25]) {
      let isSafe = $0[0].isGreater(than: 1)
      return isSafe.select(isSafe.select($0[0], .fill(1, [2])).squareRoot(), .fill(0, [2]))
    },
    .init("a detached value", [3], gives: [3]) { $0[0] * $0[0].detached() },
  ]

  @Test("have the derivatives that are said", arguments: slopes)
  func derivatives(row: Row) throws {
    let x = Symbol.placeholder("x", [.fixed(row.operands[0].count)])
    let feed = Feed<Double>()
    feed.set(x, row.operands[0])
    let slope = gradient(of: row.expression([x]).sum(), by: x)
    let found = try evaluate([slope], feed)[0]
    #expect(agree(found, row.expected, 1e-14), "\(found)")
  }
}
