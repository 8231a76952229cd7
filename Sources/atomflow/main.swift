import Foundation

let tool = Tool(
  commands: [],
  output: StandardStreams.output, errors: StandardStreams.error)
exit(tool.run(Array(CommandLine.arguments.dropFirst())).rawValue)
