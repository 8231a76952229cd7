import Graph
import Tensors
import Testing

@Suite("Variables by name")
struct VariableTests {
  static let variables = ["H.hidden1.weights", "H.hidden1.bias", "O.output.weights", "scale"].map {
    Variable($0, $0 == "scale" ? [] : [2], initializer: .uniform(bound: 1))
  }

  @Test(
    "patterns are globs over the whole name",
    arguments: [
      ("H.*", "H.hidden1.bias", true), ("H.*", "OH.hidden1", false), ("*.bias", "H.a.bias", true),
      ("*.bias", "H.bias.a", false), ("*", "", true), ("", "", true), ("", "a", false),
      ("?", "a", true), ("?", "", false), ("a?c", "abc", true), ("a?c", "ac", false),
      ("*a*b", "xxaxxab", true), ("*a*b", "xxbxxa", false), ("a**", "a", true),
      ("H.hidden?.*s", "H.hidden1.weights", true), ("[H]", "H", false), ("*ab", "aab", true),
    ])
  func globs(pattern: String, name: String, expected: Bool) {
    #expect(VariablePattern(pattern).matches(name) == expected)
  }

  @Test("variables are divided in their order, and an idle pattern is an error")
  func division() throws {
    let parts = try Self.variables.divided(by: ["*.bias", "H.*"])
    #expect(parts.matching.map(\.name) == ["H.hidden1.weights", "H.hidden1.bias"])
    #expect(parts.others.map(\.name) == ["O.output.weights", "scale"])
    #expect(try Self.variables.divided(by: []).others == Self.variables)
    let error = #expect(throws: VariablePatternError.self) {
      try Self.variables.divided(by: ["H.*", "N.*", "*.biass"])
    }
    #expect(error?.patterns == ["N.*", "*.biass"])
    #expect(error?.description.contains("'N.*', '*.biass'; the variables are H.hidden1") == true)
  }

  @Test("parameters are counted by layer, in order")
  func summary() {
    let summary = ParameterSummary(Self.variables + [Self.variables[0]])
    #expect(summary.rows.map(\.layer) == ["H.hidden1", "O.output", "scale"])
    #expect(summary.rows.map(\.count) == [4, 2, 1])
    #expect(summary.count == 7)
    #expect(
      summary.description == """
        layer      parameters
        H.hidden1           4
        O.output            2
        scale               1
        total               7
        """)
  }

  @Test("variables without influence are those that no derivative reaches")
  func influence() {
    let symbols = Self.variables.map(\.symbol)
    let outputs = [symbols[0].square(), symbols[1].detached() + symbols[0]]
    let idle = Symbol.variablesWithoutInfluence(on: outputs, among: Self.variables)
    #expect(idle.map(\.name) == ["H.hidden1.bias", "O.output.weights", "scale"])
  }

  @Test("weights are saved and loaded by name, in either precision")
  func loading() throws {
    let source = State<Float>(Self.variables, seed: 1)
    let target = State<Double>(Self.variables.reversed(), seed: 2)
    let tensors = source.tensors(of: Self.variables)
    #expect(tensors["scale"]?.shape == [] && tensors["H.hidden1.bias"]?.scalarType == .float32)
    let result = try target.load(tensors, into: target.variables)
    #expect(result.isComplete && result.loaded == target.variables.map(\.name))
    for variable in Self.variables {
      #expect(Array(target[variable]) == source[variable].map(Double.init))
    }
  }

  @Test("what does not fit is named, and a strict load changes nothing")
  func mismatch() throws {
    let state = State<Double>(Self.variables, seed: 1)
    let before = Array(state.parameters.elements)
    var tensors = State<Double>(Self.variables, seed: 2).tensors(of: Self.variables)
    tensors["scale"] = nil
    tensors["N.output.weights"] = Tensor([1], shape: [1])
    tensors["H.hidden1.bias"] = Tensor([1, 2, 3], shape: [3])
    let error = #expect(throws: WeightsMismatch.self) {
      try state.load(tensors, into: Self.variables)
    }
    #expect(Array(state.parameters.elements) == before)
    #expect(
      error?.description
        == "the weights belong to another model, and nothing was loaded: 2 variables have values; "
        + "without a tensor: scale; tensors without a variable: N.output.weights; of another shape: "
        + "H.hidden1.bias is [3], expected [2]")
    let result = try state.load(tensors, into: Self.variables, strict: false)
    #expect(result == error?.weights)
    #expect(Array(state[Self.variables[0]]) == tensors["H.hidden1.weights"]?.doubles)
    #expect(Array(state[Self.variables[1]]) == Array(before[2..<4]))
  }
}
