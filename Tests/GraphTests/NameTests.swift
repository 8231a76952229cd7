import Graph
import Tensors
import Testing

@Suite("Names in printed programs")
struct NameTests {
  let x = Symbol.placeholder("x", ["rows", 3])
  let w = Symbol.placeholder("w", [3, 3])

  @Test("stand beside numbers, also of values that stand for named ones")
  func names() {
    let sum = (x.sum(along: 1) + 0).named("sum")
    let again = x.sum(along: 1).tanh().named("shape")
    #expect(
      Program([sum, again, again.named("other").sum()]).description == """
        for blocks of rows:
          %1 "sum": real[rows] = sum[axis: 1](x)
          %2 "shape": real[rows] = fused[#0; tanh(0)](%1)
        %3: real[] = sum[axis: 0](%2)
        return %1, %2, %3
        """)
  }

  @Test("change no values and are not needed for equal expressions to be one")
  func values() throws {
    let product = x.matmul(w)
    let (named, plain) = (product.named("product"), x.matmul(w))
    #expect(named != product)
    let program = Program([named - plain.transposed().transposed(), named])
    #expect(program.description.components(of: "matMul") == 1, "\(program)")
    #expect(x.named("y") == x)
  }

  @Test("are shown with exponents, and constants of many elements by their first ones")
  func attributes() {
    let values = Symbol.constant(Tensor((0..<20).map(Double.init), shape: [20]))
    let power = Symbol.placeholder("y", [20]).power(3) + values
    #expect(
      Program([power]).description == """
        %1: real[20] = constant[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, …]()
        %2: real[20] = fused[#0; power[exponent: 3.0](0); #1; add(1, 2)](y, %1)
        return %2
        """)
  }
}

extension String {
  /// How often a word occurs.
  fileprivate func components(of word: String) -> Int {
    indices.count { self[$0...].hasPrefix(word) }
  }
}
