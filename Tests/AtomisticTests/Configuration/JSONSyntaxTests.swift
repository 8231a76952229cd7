import Foundation
import Testing

@testable import Atomistic

@Suite("The text of configurations is JSON5")
struct JSONSyntaxTests {
  private func tree(_ text: String) throws -> JSONValue { try JSONValue(parsing: Data(text.utf8)) }

  private func fault(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: ConfigurationError.self) {
      try StrictJSON(Data(bytes), source: "config.json")
    }
    return error?.description ?? ""
  }

  @Test(
    "values are read as JSON5 says",
    arguments: [
      ("null", .null), (" true/* c **/ // d", .bool(true)), ("-12", .integer(-12)),
      ("0xFF", .integer(255)), ("-0Xf", .integer(-15)), ("+3", .integer(3)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(0x1p63)), ("1.5e-3", .number(0.0015)), (".5", .number(0.5)),
      ("5.", .integer(5)), ("0.0E+1", .integer(0)), ("-Infinity", .number(-.infinity)),
      (#""a\n\t\u00e9\ud834\udd1e\x41\'\"\\\/\#u{2028}""#, .string("a\n\té𝄞A'\"\\/\u{2028}")),
      ("'\"//[{'", .string("\"//[{")), ("[1,]", .array([.integer(1)])),
      (
        "\u{feff}{$a_1:{é:''},\u{b}'\\u0062' : [ ],\r\n 'a//\\'b': 1}",
        .object(["$a_1": .object(["é": .string("")]), "b": .array([]), "a//'b": .integer(1)])
      ),
    ] as [(String, JSONValue)])
  func trees(text: String, expected: JSONValue) throws {
    #expect(try tree(text) == expected)
  }

  @Test(
    "what is not JSON5 is refused with its line",
    arguments: [
      ("", "line 1: expected a value (text stands in quotes), found the end of the text."),
      ("\n{", "line 2: expected a key or '}', found the end of the text."),
      ("{a: 1", "line 1: expected a comma or '}', found the end of the text."),
      ("{a 1}", "expected a colon after the key \"a\", found \"1\"."), ("[1}", "found \"}\"."),
      ("[1 2]", "found \"2\"."), ("{a: 1,\n  b: 2\n  c: 3}", "line 3: expected a comma or '}'"),
      ("1 2", "expected the end of the text"), ("tru", "found \"tru\""),
      ("'abc", "expected a quote after the text, found none before the line ends"),
      ("{a:'x\n'}", "line 1: expected a quote"), ("/* abc", "expected */ after the comment"),
      ("/", "found \"/\""), ("[01]", "found \"01\""), ("[--1]", "found \"--1\""),
      ("[1e400]", "a number that 64 bits can hold"),
      ("\n[-0.01e-400]", "line 2: expected a number that"),
      ("[1e+]", "found \"1e+\""), ("[+]", "found \"+\""), ("{a: .5.}", "found \".5.\""),
      ("0x10000000000000000", "64 bits"),
      ("{a: 0x0x}", "found \"0x0x\""), ("0x", "found \"0x\""), ("1e", "found \"1e\""),
      (".", "found \".\""), ("{1: 2}", "which begins with a letter"), ("[,]", "found \",\""),
      (#"{a:'\ud800'}"#, "expected text in quotes with escapes"), (#"'\u12'"#, "escapes such as"),
      (#"['\8']"#, "escapes such as"), (#"{'\q': 1}"#, "escapes such as"),
      (#"{\u0062: 1}"#, "a key or '}'"),
      ("'one \\\nline'", "none before the line ends"), ("'a\tb'", "a control character before it"),
      ("[1]\0", "expected the end of the text"), ("{a·: 1}", "which begins with a letter"),
      ("{a: 1,\n\"\\u0061\": 2}", "line 2: expected each key once, found \"a\" again"),
      ("{a: 1, b: 2,\n'a': 3}", "line 2: expected each key"),
      ("{a: tanh}", "(text stands in quotes), found \"tanh\""),
    ])
  func faults(text: String, words: String) {
    let sentence = fault(Array(text.utf8))
    #expect(sentence.hasPrefix("config.json: this is not JSON5, line "))
    #expect(sentence.contains(words), "\(sentence)")
  }

  @Test(
    "bytes that are no UTF-8 are named wherever they are",
    arguments: ["{\u{1}factor: 1}", "{a: '\u{1}'}", "{\n// \u{1}\n}", "[1\u{1}]"])
  func encodings(text: String) {
    let sentence = fault(text.utf8.map { $0 == 1 ? 0xff : $0 })
    #expect(sentence.contains("line \(text.hasPrefix("{\n") ? 2 : 1): expected text in UTF-8"))
  }

  @Test("nesting has a limit instead of an overflow of the stack")
  func nesting() throws {
    for bracket in ["[", "{a:"] {
      #expect(fault(Array(String(repeating: bracket, count: 100_000).utf8)).contains("at most 100"))
    }
    let brackets = (0..<100).map { _ in ("[", "]") }
    let text = brackets.map(\.0).joined() + brackets.map(\.1).joined()
    #expect(throws: Never.self) { try tree(text) }
    var document = try StrictJSON(Data("{}".utf8), source: "config.json")
    let path = String(repeating: "a.", count: 10_000) + "a=1"
    #expect(throws: ConfigurationError.self) { try document.set(path, from: "--set") }
  }

  @Test("control characters of keys and texts stay out of sentences")
  func controlCharacters() throws {
    for text in [#"{"\u001b[31m": 1}"#, #"{"a": "\u001b[31m\u009b1m"}"#] {
      let document = try StrictJSON(Data(text.utf8), source: "config.json")
      let error = #expect(throws: ConfigurationError.self) {
        _ = try document.decode([String: Int].self)
        _ = try document.decode(NoKeys.self)
      }
      #expect(error?.description.contains("?[31m") == true, "\(String(describing: error))")
      let scalars = error?.description.unicodeScalars
      #expect(scalars?.contains { $0.properties.generalCategory == .control } == false)
    }
  }

  private struct NoKeys: Codable {}

  @Test("of many numbers that do not fit the first is named, without a decoding for each")
  func misfits() throws {
    struct Lists: Codable {
      var a: [Double]
      var b: [Int8]
    }
    let numbers = Array(repeating: "1000", count: 5000).joined(separator: ",")
    for (text, place) in [
      ("{a: [\(numbers)], b: [7, \(numbers)]}", "b[1]"), ("{b: [\(numbers)], a: [1]}", "b[0]"),
    ] {
      let document = try StrictJSON(Data(text.utf8), source: "config.json")
      let error = #expect(throws: ConfigurationError.self) { try document.decode(Lists.self) }
      #expect(
        error?.description == "config.json: '\(place)' should be a whole number, and not too "
          + "large, but is the number 1000.")
    }
  }
}
