import AtomFlowTool

/// A command with every kind of parameter, written with the public interface alone.
struct ExampleCommand: Command {
  enum Ensemble: String, CaseIterable, ArgumentValue { case nve, nvt, npt }

  struct Broken: Error, CustomStringConvertible { var description: String { "it is broken." } }

  static let name = "data make"
  static let summary = "Make an example"
  static let discussion =
    "It makes nothing, "
    + "but in so many words that the line has to be broken somewhere before its end."
  static let example = "atomflow data make a.xyz b.xyz -o c.xyz\natomflow data make --help"

  static let inputs = Positional<String>("IN", .several, help: "What to read.")
  static let output = Option<String>("output", letter: "o", "FILE", .required, help: "A file.")
  static let steps = Option<Int>("steps", letter: "n", "N", default: 100, help: "Steps.")
  static let pressure = Option<Double>("pressure", "BAR", help: "The pressure.")
  static let ensemble = Option<Ensemble>("ensemble", "NAME", default: .nvt, help: "Which one.")
  static let set = Option<String>("set", "KEY=VALUE", .repeated, help: "Change a key.")
  static let verbose = Flag("verbose", letter: "v", help: "Say more.")
  static let parameters: [any Parameter] = [
    inputs, output, steps, pressure, ensemble, set, verbose,
  ]

  let arguments: Arguments

  init(_ arguments: Arguments) throws(UsageError) {
    self.arguments = arguments
    if arguments.value(Self.steps) < 0 { throw .rule("--steps should not be negative.") }
  }

  func run(in tool: Tool) throws {
    switch arguments.value(Self.output) {
    case "broken": throw Broken()
    case "interrupted": throw Interrupted(continuation: "data make --resume")
    default: break
    }
  }
}
