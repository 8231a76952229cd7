import Tensors
import Testing

@Suite("Traps")
struct TrapTests {
  @Test("print their sentence and the caller's place")
  func sentence() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        ensure(2 < 1, "Trap: two is not less than \(1)")
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("TensorTests/TrapTests.swift:"))
    #expect(text.contains("Fatal error: Trap: two is not less than 1\n"))
  }

  @Test("build no sentence while the condition holds")
  func unread() {
    var read = 0
    func sentence() -> String {
      read += 1
      return ""
    }
    ensure(1 < 2, sentence())
    #expect(read == 0)
  }

  @Test("come from the library's checks with the library's place")
  func library() async throws {
    let result = try #require(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Workers(count: 0)
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("Workers: a team needs at least one thread, not 0"))
    #expect(text.contains("Tensors/Workers.swift"))
  }
}
