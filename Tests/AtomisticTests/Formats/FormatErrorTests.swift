import Atomistic
import Testing

@Suite("Sentences on files")
struct FormatErrorTests {
  @Test("have no control characters of the file, and not more of it than fits a line or two")
  func sentence() {
    let error = FormatError(
      file: "a.xyz", line: 3, key: String(repeating: "k", count: 10_000), expected: "a number",
      found: "\u{1b}[31m\u{7f}\u{9b}\n" + String(repeating: "x", count: 10_000))
    #expect(error.description.hasPrefix("a.xyz, line 3, kkk"))
    #expect(error.description.contains("found ?[31m???xxx"))
    #expect(error.description.count < 700)
  }
}
