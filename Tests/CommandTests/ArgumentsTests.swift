import Testing

@testable import AtomFlowTool

@Suite("Words of a command line are sorted by their parameters")
struct ArgumentsTests {
  typealias Example = ExampleCommand

  func parse(_ line: String) throws -> Arguments {
    try Arguments(line.split(separator: " ").map(String.init), for: Example.parameters)
  }

  @Test("every spelling of an option gives its value")
  func values() throws {
    let line = "a -o out --steps=5 b --pressure -1.5 --set x=1 --verbose --set=y=2 --ensemble npt c"
    let arguments = try parse(line)
    #expect(arguments.all(Example.inputs) == ["a", "b", "c"])
    #expect(arguments.value(Example.output) == "out")
    #expect(arguments[Example.steps] == 5)
    #expect(arguments[Example.pressure] == -1.5)
    #expect(arguments[Example.ensemble] == .npt)
    #expect(arguments.all(Example.set) == ["x=1", "y=2"])
    #expect(arguments[Example.verbose])
  }

  @Test("defaults stand for what is absent")
  func defaults() throws {
    let arguments = try parse("a -o out")
    #expect(arguments[Example.steps] == 100)
    #expect(arguments[Example.pressure] == nil)
    #expect(arguments[Example.ensemble] == .nvt)
    #expect(arguments.all(Example.set) == [])
    #expect(!arguments[Example.verbose])
  }

  @Test("two hyphens end the options; one hyphen and negative numbers are arguments")
  func endOfOptions() throws {
    let arguments = try parse("-o - - -3 -- --steps -v")
    #expect(arguments.all(Example.inputs) == ["-", "-3", "--steps", "-v"])
    #expect(arguments.value(Example.output) == "-")
  }

  @Test(
    "wrong usage is told in a sentence",
    arguments: [
      ("a -o b --step 3", "there is no option --step; did you mean --steps?"),
      ("a -o b --zzzzzz", "there is no option --zzzzzz."),
      ("a -o b -x", "there is no option -x."),
      ("a -o b --steps many", "--steps should be a whole number, but is 'many'."),
      ("a -o b --steps 1.5", "--steps should be a whole number, but is '1.5'."),
      ("a -o b --pressure inf", "--pressure should be a finite number, but is 'inf'."),
      (
        "a -o b --ensemble ntp",
        "--ensemble should be one of nve, nvt, npt, but is 'ntp'; did you mean npt?"
      ),
      ("a -o b --steps", "--steps needs a value N."),
      ("a -o --verbose", "--output needs a value FILE."),
      ("a -o b --verbose=yes", "--verbose takes no value."),
      ("a -o b --steps 1 -n 2", "--steps is given twice."),
      ("a -o b -v -v", "--verbose is given twice."),
      ("a", "--output is missing."), ("-o b", "IN is missing."),
    ])
  func wrongUsage(line: String, sentence: String) {
    let error = #expect(throws: UsageError.self) { try parse(line) }
    #expect(error?.description == sentence)
  }

  @Test("positional arguments share their words from left to right")
  func places() throws {
    let (first, many) = (
      Positional<String>("A", help: ""), Positional<Int>("N", .repeated, help: "")
    )
    let (last, maybe) = (
      Positional<String>("Z", help: ""), Positional<String>("B", .optional, help: "")
    )
    let line = try Arguments(["a", "1", "2", "z"], for: [first, many, last])
    #expect(line.value(first) == "a" && line.all(many) == [1, 2] && line.value(last) == "z")
    let short = try Arguments(["a", "z"], for: [first, maybe, last])
    #expect(short.value(first) == "a" && short[maybe] == nil && short.value(last) == "z")
    let error = #expect(throws: UsageError.self) { try Arguments(["a", "b"], for: [first]) }
    #expect(error == .unexpected("b"))
    #expect(throws: UsageError.missing("Z")) { try Arguments(["a"], for: [first, many, last]) }
  }
}
