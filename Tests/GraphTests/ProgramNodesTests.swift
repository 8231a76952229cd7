import Graph
import Testing

@Suite("The nodes of a program")
struct ProgramNodesTests {
  let x = Symbol.placeholder("x", ["rows", 3])
  let bias = Variable("bias", [3], initializer: .constant(0))

  /// Name, operation and operands of all nodes, one line each.
  func lines(_ program: Program) -> [String] {
    program.nodes.map { "\($0.name) = \($0.operation)(\($0.operands.joined(separator: ", ")))" }
  }

  @Test("come after those that they are computed from")
  func order() {
    let value = (x + bias.symbol.broadcast(to: x.shape, axes: [1])).sum(along: 0)
    let program = Program([value])
    #expect(
      lines(program) == [
        "x = placeholder()", "bias = variable()", "value2 = fused(x, bias)", "value3 = sum(value2)",
      ])
    #expect(program.nodes.map(\.type) == [x.type, .real([3]), x.type, .real([3])])
  }

  @Test("tell views of memory from what is computed")
  func view() {
    #expect(lines(Program([x.flattened()])) == ["x = placeholder()", "value1 = view(x)"])
  }

  @Test("tell the old value of a variable from the one written in its place")
  func update() {
    let program = Program([], updates: [bias: bias.symbol * 2])
    #expect(lines(program) == ["bias = variable()", "value1 = fused(bias)"])
  }
}
