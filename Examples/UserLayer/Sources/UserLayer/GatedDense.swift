import Graph

/// A layer that lets only part of its input through: `y = tanh(x·W) ∘ (x·V)`, of shape [rows, outputs].
struct GatedDense: Sendable {
  let gate, value: Variable

  init(_ name: String, _ inputs: Int, _ outputs: Int) {
    gate = Variable("\(name).gate", [inputs, outputs], initializer: .xavierUniform)
    value = Variable("\(name).value", [inputs, outputs], initializer: .xavierUniform)
  }

  func callAsFunction(_ x: Symbol) -> Symbol {
    x.matmul(gate.symbol).tanh() * x.matmul(value.symbol)
  }
}
