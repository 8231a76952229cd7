import Foundation
import Testing

@testable import Train

@Suite("JSON5 is read as its standard says")
struct JSON5ParserTests {
  @Test(
    "values",
    arguments: [
      ("null", .null), (" true/* c */ // d", .bool(true)), ("false", .bool(false)),
      ("-12", .integer(-12)), ("+0", .integer(0)), ("0xFF", .integer(255)),
      ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(0x1p63)),
      ("1.5e-3", .number(0.0015)), (".5", .number(0.5)), ("5.", .number(5)), ("-.5", .number(-0.5)),
      ("-Infinity", .number(-.infinity)), ("1e400", .number(.infinity)),
      (#""a\n\u00e9\ud834\udd1e\x41\q\'""#, .string("a\né𝄞Aq'")), ("'\"'", .string("\"")),
      ("\"a\\\nb\"", .string("ab")), ("[]", .array([])), ("[1,]", .array([.integer(1)])),
      ("{}", .object([:])),
      ("\u{FEFF}{$a_1:{é:''},}", .object(["$a_1": .object(["é": .string("")])])),
    ] as [(String, JSONValue)])
  func values(text: String, expected: JSONValue) throws {
    #expect(try JSON5Parser.parse(text) == expected)
  }

  @Test(
    "faults have the line and the column",
    arguments: [
      ("", 1, 1), ("{", 1, 2), ("{a: 1", 1, 6), ("{a 1}", 1, 4), ("[1}", 1, 3), ("[1 2]", 1, 4),
      ("{a: 1,\n  b: 2\n  c: 3}", 3, 3), ("{a: 1,\n  a: 2}", 2, 3), ("01", 1, 1), ("[,]", 1, 2),
      ("1 2", 1, 3), ("tru", 1, 1), ("'abc", 1, 5), ("/* abc", 1, 7), ("1.2.3", 1, 1),
      ("{1: 2}", 1, 2), (#""\ud834""#, 1, 8), ("--1", 1, 1), ("0x", 1, 1), ("1e", 1, 1),
    ])
  func faults(text: String, line: Int, column: Int) {
    let fault = #expect(throws: ConfigurationError.Fault.self) { try JSON5Parser.parse(text) }
    guard case .malformed(let reason) = fault else { return }
    #expect(reason.hasPrefix("line \(line), column \(column): "), "\(reason)")
  }

  @Test("nesting has a limit instead of an overflow of the stack")
  func nesting() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ConfigurationError.Fault.self) { try JSON5Parser.parse(deep) }
    let fine = String(repeating: "[", count: 199) + String(repeating: "]", count: 199)
    _ = try JSON5Parser.parse(fine)
  }
}
