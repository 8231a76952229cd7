import Graph
import Testing

@Suite("Drawings")
struct DotTests {
  let x = Symbol.placeholder("x", ["rows", 3])
  let bias = Variable("bias \"b\"", [3], initializer: .constant(0))

  var value: Symbol { (x + bias.symbol.broadcast(to: x.shape, axes: [1])).sum(along: 0) }

  @Test("show the graph as it was written")
  func symbols() {
    #expect(
      Symbol.dot(of: [value]) == #"""
        digraph {
          n0 [label="x\nreal[rows, 3]", shape=ellipse];
          n1 [label="bias \"b\"\nreal[3]", shape=cylinder];
          n2 [label="broadcast\nreal[rows, 3]", shape=box];
          n3 [label="add\nreal[rows, 3]", shape=box];
          n4 [label="sum\nreal[3]", shape=box];
          n1 -> n2;
          n0 -> n3;
          n2 -> n3;
          n3 -> n4;
        }
        """#)
  }

  @Test("show the program as it is run")
  func program() {
    #expect(
      Program([value]).dot == #"""
        digraph {
          n0 [label="x\nreal[rows, 3]", shape=ellipse];
          n1 [label="bias \"b\"\nreal[3]", shape=cylinder];
          n2 [label="fused\nreal[rows, 3]", shape=box];
          n3 [label="sum\nreal[3]", shape=box];
          n0 -> n2;
          n1 -> n2;
          n2 -> n3;
        }
        """#)
  }
}
