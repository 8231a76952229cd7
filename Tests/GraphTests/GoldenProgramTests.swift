import Graph
import TestSupport
import Testing

@Suite("The printed programs of a small network's Jacobians")
struct GoldenProgramTests {
  let layers = [(3, 4), (4, 1)].enumerated().map { number, size in
    (
      Variable("w\(number)", [size.0, size.1], initializer: .xavierUniform),
      Variable("b\(number)", [size.1], initializer: .constant(0))
    )
  }

  func network(_ x: Symbol) -> Symbol {
    var value = x
    for (number, (matrix, bias)) in layers.enumerated() {
      value = value.matmul(matrix.symbol)
      value = value + bias.symbol.broadcast(to: value.shape, axes: [1])
      if number == 0 { value = value.tanh() }
    }
    return value.reshaped([x.shape[0]])
  }

  var parameters: [Symbol] { layers.flatMap { [$0.0.symbol, $0.1.symbol] } }

  @Test("stay the same: energies")
  func energies() {
    let x = Symbol.placeholder("x", ["rows", 3])
    let sample = Symbol.placeholder("sample", ["rows"], .index)
    let energies = network(x).segmentSum(by: sample, count: "samples")
    #expect(
      Program([energies, jacobian(of: energies, by: parameters)]).description == """
        ENERGY
        """)
  }

  @Test("stay the same: forces")
  func forces() {
    let x = Symbol.placeholder("x", ["terms", 3])
    let v = Symbol.placeholder("v", ["terms", 3])
    let force = Symbol.placeholder("force", ["terms"], .index)
    let slope = gradient(of: network(x).sum(), by: x)
    let forces = -(slope * v).sum(along: 1).segmentSum(by: force, count: "forces")
    #expect(
      Program([forces, jacobian(of: forces, by: parameters)]).description == """
        FORCE
        """)
  }
}
