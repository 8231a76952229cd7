import Graph
import Tensors
import Testing

@Suite("Variables of one name")
struct VariableIdentityTests {
  private static func weights(_ count: Int = 2) -> Variable {
    Variable("w", [count], initializer: .constant(1))
  }

  @Test("are found if they were made separately, and not if one is shared")
  func duplicates() {
    let (a, b) = (Self.weights(), Self.weights())
    #expect(a == b && a.hashValue == b.hashValue)
    let shared = a.symbol + a.symbol.tanh()
    #expect(Symbol.duplicateVariables(of: [shared, a.symbol]) == [])
    #expect(Symbol.duplicateVariables(of: [a.symbol * b.symbol.exp()]) == ["w"])
    #expect(Symbol.duplicateVariables(of: [a.symbol, b.symbol]) == ["w"])
    #expect(Symbol.duplicateVariables(of: [a.symbol.sum() + b.symbol.sum(), b.symbol]) == ["w"])
    #expect(Symbol.duplicateVariables(of: [a.symbol, Self.weights(3).symbol]) == ["w"])
  }

  @Test("share a value if they agree in everything")
  func sharing() {
    let (a, b) = (Self.weights(), Self.weights())
    #expect(State<Double>([a, b], seed: 0).variables.count == 1)
    #expect(Program([a.symbol + b.symbol]).variables.count == 1)
  }

  @Test("are refused by programs and states if they differ")
  func refusal() async throws {
    let program = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let small = Variable("w", [2], initializer: .constant(1))
        let large = Variable("w", [3], initializer: .constant(1))
        _ = Program([small.symbol.sum() + large.symbol.sum()])
      })
    #expect(
      String(decoding: program.standardErrorContent, as: UTF8.self)
        .contains("two variables are called 'w' but differ"))
    let state = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let one = Variable("w", [2], initializer: .constant(1))
        let two = Variable("w", [2], initializer: .constant(2))
        _ = State<Double>([one, two], seed: 0)
      })
    #expect(
      String(decoding: state.standardErrorContent, as: UTF8.self)
        .contains("two different variables are called 'w'"))
  }
}
