import Foundation
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Keys of version 0.1.0 are told what to write instead")
struct FormerKeyTests {
  /// A value that each former key had.
  private static let values: [String: String] = [
    "loss.energyWeight": "2", "loss.forceWeight": "0.5", "schedule.energiesPerStep": "1",
    "schedule.forcesPerStep": "10", "data.energyKey": "\"E\"", "data.forceKey": "null",
    "data.stressKey": "\"S\"", "network.hidden": "[25, 25]", "network.activation": "\"tanh\"",
    "network.initialization": "\"xavier\"", "network.descriptors": "\"water\"",
    "network.scaling": "{ range: [-1, 1] }",
  ]

  @Test("each with the name of the file", arguments: values.keys.sorted())
  func former(key: String) throws {
    try withTemporaryDirectory { folder in
      let path = key.split(separator: ".")
      let text = "{ \(path[0]): { \(path[1]): \(Self.values[key]!) } }"
      let file = folder.appendingPathComponent("old.json")
      try Data(text.utf8).write(to: file)
      let run = try BuiltTool("train", "old.json", in: folder)
      let advice = try #require(FormerKeys.advice[key])
      #expect(run.status == 1)
      let sentence = "/old.json: '\(key)': there is no such key; \(advice)"
      #expect(
        run.errors.contains(sentence) && run.errors.count { $0 == "\n" } == 1, "\(run.errors)")
    }
  }

  @Test("and none is left out")
  func all() { #expect(Set(Self.values.keys) == Set(FormerKeys.advice.keys)) }

  @Test("an assignment of a former key is named as it was given")
  func assignment() throws {
    try withTemporaryDirectory { folder in
      try Data("{}".utf8).write(to: folder.appendingPathComponent("new.json"))
      let run = try BuiltTool(
        "train", "new.json", "--set", "network.hidden=[4]", in: folder)
      #expect(
        run.status == 1
          && run.errors.contains(
            "--set network.hidden=[4]: 'network.hidden': there is no such key; write network: "
              + "{ behlerParrinello: { hidden: … } }"),
        "\(run.errors)")
    }
  }
}
