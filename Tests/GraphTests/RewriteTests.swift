import Graph
import Testing

@Suite("Rewrite laws")
struct RewriteTests {
  /// A law before and after, as the unfused program that is left.
  struct Law: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let after: String
    let before: @Sendable () -> Symbol

    init(_ equation: String, _ after: String, _ before: @escaping @Sendable () -> Symbol) {
      (testDescription, self.after, self.before) = (equation, after, before)
    }
  }

  static let x = Symbol.placeholder("x", ["n", 3])
  static let y = Symbol.placeholder("y", ["n", 3])
  static let w = Symbol.placeholder("w", [4, 3])
  static let one = Symbol.placeholder("one", [1, 3])
  static let vector = Symbol.placeholder("vector", [3])
  static let index = Symbol.placeholder("index", ["k"], .index)
  static let segment = Symbol.placeholder("segment", ["n"], .index)

  static let laws: [Law] = [
    Law("x + 0 = x", "return x") { x + 0 },
    Law("x - 0 = x", "return x") { x - 0 },
    Law("0 - x = -x", "%2: real[n, 3] = negate(x)\nreturn %2") { 0 - x },
    Law("x · 1 = x", "return x") { 1 * x },
    Law("x / 1 = x", "return x") { x / 1 },
    Law("-(-x) = x", "return x") { -(-x) },
    Law("x + (-y) = x - y", "%2: real[n, 3] = subtract(x, y)\nreturn %2") { x + (-y) },
    Law("(-x) + y = y - x", "%2: real[n, 3] = subtract(y, x)\nreturn %2") { -x + y },
    Law("x - (-y) = x + y", "%2: real[n, 3] = add(x, y)\nreturn %2") { x - (-y) },
    Law(
      "f(c) is a constant", "%0: real[n, 3] = fill[value: -3.0, shape: [n, 3]]()\nreturn %0"
    ) { -(Symbol.fill(1, ["n", 3]) + 2) },
    Law(
      "x · 0 stays, for the sake of NaN",
      """
      %1: real[n, 3] = fill[value: 0.0, shape: [n, 3]]()
      %2: real[n, 3] = multiply(x, %1)
      return %2
      """
    ) { x * 0 },
    Law(
      "a sum of zeros is zero", "%0: real[4] = fill[value: 0.0, shape: [4]]()\nreturn %0"
    ) { Symbol.fill(0, ["n", 4]).sum(along: 0) },
    Law(
      "Σ c = n c", "%0: real[n] = fill[value: 6.0, shape: [n]]()\nreturn %0"
    ) { Symbol.fill(2, ["n", 3]).sum(along: 1) },
    Law(
      "a broadcast constant is a constant",
      "%0: real[n, 3] = fill[value: 2.0, shape: [n, 3]]()\nreturn %0"
    ) { Symbol.fill(2, [3]).broadcast(to: ["n", 3], axes: [1]) },
    Law("transposing twice is nothing", "return x") { x.transposed().transposed() },
    Law("reshaping twice is once", "return x[n, 1, 3]") {
      x.flattened().reshaped(["n", 1, 3])
    },
    Law("reshaping back is nothing", "return x") { x.flattened().reshaped(["n", 3]) },
    Law(
      "broadcasting twice is once",
      "%1: real[2, n, 3] = broadcast[shape: [2, n, 3], axes: [2]](vector)\nreturn %1"
    ) { vector.repeated("n").repeated(2) },
    Law(
      "a sum of what is repeated is a multiple",
      """
      %1: real[3] = fill[value: 5.0, shape: [3]]()
      %2: real[3] = multiply(vector, %1)
      return %2
      """
    ) { vector.repeated(5).sum(along: 0) },
    Law(
      "a sum moves inside a broadcast",
      """
      %1: real[] = sum[axis: 0](vector)
      %2: real[n] = broadcast[shape: [n], axes: []](%1)
      return %2
      """
    ) { vector.repeated("n").sum(along: 1) },
    Law(
      "products take the transposition along",
      "%2: real[n, 4] = matMul[transposeA: false, transposeB: true](x, w)\nreturn %2"
    ) { x.matmul(w.transposed()) },
    Law(
      "ones times a row repeat the row",
      "%2: real[n, 3] = broadcast[shape: [n, 3], axes: [1]](one[3])\nreturn %2"
    ) { Symbol.fill(1, ["n", 1]).matmul(one) },
    Law(
      "a segmented product with ones is a segmented sum",
      """
      %2: real[4, 3] = segmentSum[axis: 0, count: 4](x, segment)
      return %2[4, 3, 1]
      """
    ) { x.segmentedMatMul(.fill(1, ["n", 1]), by: segment, count: 4) },
    Law("gathering 0, 1, 2, … by an index is the index", "return index") {
      Symbol.indices(below: 9).gathered(by: index)
    },
    Law("gathering by 0, 1, 2, … is nothing", "return x") {
      x.gathered(by: .indices(below: "n"))
    },
    Law("summing by 0, 1, 2, … is nothing", "return x") {
      x.segmentSum(by: .indices(below: "n"), count: "n")
    },
    Law("a slice of what was concatenated", "return y") {
      Symbol.concatenating([x, y], axis: 1).slice(3, count: 3, axis: 1)
    },
    Law("a slice of all is nothing", "return x") { x.slice(0, count: 3, axis: 1) },
    Law("a detached value is the value", "return x") { x.detached() },
    Law(
      "equal expressions are computed once",
      "for blocks of n:\n  %2: real[n, 3] = exp(x)\n  %3: real[n, 3] = multiply(%2, %2)\nreturn %3"
    ) {
      x.exp() * x.exp()
    },
  ]

  @Test("turn this into that", arguments: laws)
  func rewriting(law: Law) {
    let program = Program([law.before()], options: .init(simplifies: true, fuses: false))
    // The number of a value depends on what was rewritten before it.
    #expect(renumbered(program.description) == renumbered(law.after))
  }

  /// The text with values numbered in order of appearance.
  func renumbered(_ text: String) -> String {
    var numbers: [Substring: Int] = [:]
    return text.split(separator: "%", omittingEmptySubsequences: false).enumerated().map {
      guard $0 > 0 else { return String($1) }
      let digits = $1.prefix { $0.isNumber }
      let number = numbers[digits] ?? numbers.count
      numbers[digits] = number
      return "%\(number)" + $1.dropFirst(digits.count)
    }.joined()
  }
}
