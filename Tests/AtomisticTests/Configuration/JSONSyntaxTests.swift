import Foundation
import Testing

@testable import Atomistic

@Suite("The text of configurations is JSON5")
struct JSONSyntaxTests {
  @Test(
    "values are read as JSON5 says",
    arguments: [
      ("null", .null), (" true/* c */ // d", .bool(true)), ("-12", .integer(-12)),
      ("0xFF", .integer(255)), ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(0x1p63)), ("1.5e-3", .number(0.0015)), (".5", .number(0.5)),
      ("-Infinity", .number(-.infinity)), (#""a\n\u00e9\ud834\udd1e""#, .string("a\né𝄞")),
      ("[1,]", .array([.integer(1)])),
      ("{$a_1:{é:''},}", .object(["$a_1": .object(["é": .string("")])])),
    ] as [(String, JSONValue)])
  func trees(text: String, expected: JSONValue) throws {
    #expect(try StrictJSON.tree(Data(text.utf8)) == expected)
  }

  @Test(
    "what is not JSON5 is refused",
    arguments: [
      "", "{", "{a: 1", "{a 1}", "[1}", "[1 2]", "{a: 1,\n  b: 2\n  c: 3}", "1 2", "tru", "'abc",
      "/* abc", "[01]", "[1e400]", "[--1]",
    ])
  func faults(text: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try StrictJSON(Data(text.utf8), source: "config.json")
    }
    #expect(error?.description.hasPrefix("config.json: ") == true)
  }

  @Test(
    "nothing behind the end of a document is read",
    arguments: [
      ("9223372036854775808", .number(0x1p63)), ("-1.5000000000000000", .number(-1.5)),
      ("/* half */         .5", .number(0.5)), ("               1e-5", .number(1e-5)),
      ("                 0x", nil), ("                 0xF", .integer(15)),
    ] as [(String, JSONValue?)])
  func end(text: String, expected: JSONValue?) {
    // Data of 14 bytes or less is copied; what is longer is read where it is.
    #expect(text.utf8.count > 14)
    var memory = Array((text + "77777777").utf8)
    memory.withUnsafeMutableBytes { memory in
      let data = Data(
        bytesNoCopy: memory.baseAddress!, count: text.utf8.count, deallocator: .none)
      #expect((try? StrictJSON.tree(data)) == expected)
    }
  }

  @Test("nesting has a limit instead of an overflow of the stack")
  func nesting() {
    faults(text: String(repeating: "[", count: 100_000))
    faults(text: String(repeating: "{a:", count: 100_000))
  }
}
