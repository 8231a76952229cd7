/// One verb of a tool.
///
/// A command declares its parameters as static constants, lists them, and takes their values in its
/// initialiser:
///
///     struct Evaluate: Command {
///       static let file = Positional<String>("FILE", help: "The structures.")
///       static let json = Flag("json", help: "Print JSON instead of a table.")
///       static let parameters: [any Parameter] = [file, json]
///       …
///       init(_ arguments: Arguments) throws(UsageError) {
///         file = arguments.value(Self.file)
///         json = arguments[Self.json]
///       }
///       func run(in tool: Tool) throws { … }
///     }
public protocol Command {
  /// The word or words after the name of the program, such as `train` or `data info`.
  static var name: String { get }
  /// One line for the list of commands, without a full stop.
  static var summary: String { get }
  /// Paragraphs for the command's own help.
  static var discussion: String { get }
  /// Lines to copy into a terminal; `atomflow` at the start of a line becomes the name of the program.
  static var example: String { get }
  /// All that the command can be told.
  static var parameters: [any Parameter] { get }

  /// Takes the values; may throw `UsageError.rule` where they contradict each other.
  init(_ arguments: Arguments) throws(UsageError)

  /// Does the work.
  ///
  /// An error thrown here is printed as a sentence, and the tool ends with status 1; after `Interrupted`
  /// it ends with status 130. Results go to `StandardStreams.output`, warnings to `tool.warn`.
  func run(in tool: Tool) throws
}
