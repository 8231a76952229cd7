import Foundation
import TestSupport
import Testing

@testable import Atomistic

/// A configuration with all that configurations have: nesting, lists, choices, defaults.
private struct Example: Codable, Equatable {
  enum Activation: String, Codable, CaseIterable { case tanh, softplus, identity }

  enum Optimizer: Codable, Equatable {
    case adam(learningRate: Double)
    case kalman(forgetting: Double)

    enum CodingKeys: String, CodingKey { case name, learningRate, forgetting }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      switch try container.decode(String.self, forKey: .name) {
      case "adam": self = .adam(learningRate: try container.decode(.learningRate, default: 0.001))
      case "kalman": self = .kalman(forgetting: try container.decode(.forgetting, default: 0.98))
      case let other: throw Unknown(description: "there is no optimizer \(other).")
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      switch self {
      case .adam(let rate):
        try container.encode("adam", forKey: .name)
        try container.encode(rate, forKey: .learningRate)
      case .kalman(let forgetting):
        try container.encode("kalman", forKey: .name)
        try container.encode(forgetting, forKey: .forgetting)
      }
    }
  }

  struct Unknown: Error, CustomStringConvertible { var description: String }

  struct Layer: Codable, Equatable {
    var size: Int
    var activation: Activation

    init(size: Int, activation: Activation) { (self.size, self.activation) = (size, activation) }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      size = try container.decode(Int.self, forKey: .size)
      activation = try container.decode(.activation, default: .tanh)
    }
  }

  var seed: Int
  var directory: String
  var layers: [Layer]
  var optimizer: Optimizer
  var references: [String: Double]
  var comment: String?
  var extra: JSONValue?
}

@Suite("Configurations are read strictly")
struct StrictJSONTests {
  private static let text = """
    {
      // the seed of everything
      seed: 9007199254740993,
      'directory': "runs/água",
      "layers": [{"size": 1e1, "activation": "tanh"}, {"size": 5, "activation": "identity",},],
      optimizer: {name: "adam", learningRate: 3e-4},
      references: {H: -13.5, O: .5},
      extra: {any: [1, null, true]},
    }
    """

  private func decode(_ text: String, set: [String] = []) throws -> Example {
    var document = try StrictJSON(Data(text.utf8), source: "config.json")
    for assignment in set { try document.set(assignment, from: "--set \(assignment)") }
    return try document.decode(Example.self)
  }

  private func fault(_ old: String, _ new: String) -> ConfigurationError.Fault? {
    let text = Self.text.replacingOccurrences(of: old, with: new)
    #expect(text != Self.text)
    return #expect(throws: ConfigurationError.self) { try decode(text) }?.fault
  }

  private func path(_ steps: KeyPathInDocument.Step...) -> KeyPathInDocument { .init(steps: steps) }

  @Test("comments, bare keys and trailing commas are allowed; all values arrive")
  func values() throws {
    let example = try decode(Self.text)
    #expect(example.seed == 9_007_199_254_740_993)
    #expect(example.directory == "runs/água")
    #expect(
      example.layers == [.init(size: 10, activation: .tanh), .init(size: 5, activation: .identity)])
    #expect(example.optimizer == .adam(learningRate: 3e-4))
    #expect(example.references == ["H": -13.5, "O": 0.5])
    #expect(example.comment == nil)
    #expect(
      example.extra == .object(["any": .array([.integer(1), .null, .bool(true)])]))
  }

  @Test("the resolved text gives the same configuration and the same text")
  func encoding() throws {
    let example = try decode(Self.text)
    let text = try StrictJSON.text(of: example)
    #expect(try decode(text) == example)
    #expect(try StrictJSON.text(of: decode(text)) == text)
    #expect(text.hasPrefix("{\n  \"directory\" : \"runs/água\",\n  \"extra\""))
    let error = #expect(throws: ConfigurationError.self) { try StrictJSON.text(of: [Double.nan]) }
    #expect(error?.description.contains("nan") == true)
  }

  @Test("an unknown key is refused at any depth, with the nearest known one")
  func unknownKeys() {
    #expect(
      fault("seed:", "sed: 1, seed:")?.description == "unknown key 'sed'; did you mean 'seed'?")
    #expect(
      fault("\"size\": 5", "\"size\": 5, sise: 6")?.description
        == "unknown key 'layers[1].sise'; did you mean 'size'?")
    #expect(
      fault("name:", "forgetting: 1, name:")
        == .unknownKey(
          path(.key("optimizer"), .key("forgetting")), known: ["learningRate", "name"]))
    #expect(
      fault("name:", "zzzzzzzz: 1, name:")?.description
        == "unknown key 'optimizer.zzzzzzzz'; the keys known there are: learningRate, name.")
  }

  @Test("a missing key is named, and its misspelling too")
  func missingKeys() {
    #expect(
      fault("seed: 9007199254740993,", "")
        == .missingKey(
          path(.key("seed")),
          given: ["directory", "extra", "layers", "optimizer", "references"]))
    #expect(
      fault("\"size\": 5", "siez: 5")?.description
        == "the key 'layers[1].size' is required; is 'siez' a misspelling of it?")
  }

  @Test("a value of another type is named with what was expected and found")
  func mismatches() {
    #expect(
      fault("9007199254740993", "\"7\"")?.description
        == "'seed' should be a whole number, but is the text \"7\".")
    #expect(
      fault("9007199254740993", "0.5")?.description
        == "'seed' should be a whole number, and not too large, but is the number 0.5.")
    #expect(
      fault("\"size\": 5", "\"size\": 5.5")
        == .mismatch(
          path(.key("layers"), .index(1), .key("size")),
          expected: "a whole number, and not too large", found: "the number 5.5"))
    #expect(fault("9007199254740993", "9223372036854775809")?.description.contains("seed") == true)
    #expect(
      fault("3e-4", "NaN")?.description
        == "'optimizer.learningRate': the number must be finite.")
    #expect(
      fault("3e-4", "true")?.description
        == "'optimizer.learningRate' should be a number, but is true.")
    #expect(fault("\"runs/água\"", "3")?.description.contains("text in quotes") == true)
    #expect(fault("{H: -13.5, O: .5}", "[]")?.description.contains("a list of 0 values") == true)
    #expect(
      fault("-13.5", "null")
        == .mismatch(
          path(.key("references"), .key("H")), expected: "a number", found: "null"))
  }

  @Test("a wrong choice and a type's own rule are named")
  func choices() {
    #expect(
      fault("\"identity\"", "\"idenity\"")?.description
        == "'layers[1].activation': this cannot be \"idenity\"; did you mean \"identity\"?")
    #expect(
      fault("\"identity\"", "\"cosine\"")?.description
        == "'layers[1].activation': this cannot be \"cosine\"; "
        + "it is one of \"tanh\", \"softplus\", \"identity\".")
    #expect(
      fault("\"adam\"", "\"sgd\"")?.description == "there is no optimizer sgd.")
  }

  @Test("assignments change, add and refuse")
  func assignments() throws {
    let example = try decode(
      Self.text,
      set: [
        "optimizer.learningRate=1e-2", "layers[1].size=7", "layers.0.activation=softplus",
        "directory=a=b", "comment=", "references.C=-37", "seed=5",
        "extra={new: ['x']}",
      ])
    #expect(example.optimizer == .adam(learningRate: 0.01))
    #expect(example.layers.map(\.size) == [10, 7] && example.layers[0].activation == .softplus)
    #expect(example.directory == "a=b" && example.comment == "" && example.seed == 5)
    #expect(example.references["C"] == -37)
    #expect(example.extra == .object(["new": .array([.string("x")])]))
    for wrong in ["seed", "seed.x=1", "layers[2].size=1", "layers.x=1", "a..b=1", "=1"] {
      let error = #expect(throws: ConfigurationError.self) { try decode(Self.text, set: [wrong]) }
      guard case .assignment(wrong, _) = error?.fault else {
        Issue.record("\(wrong): \(String(describing: error))")
        continue
      }
    }
    let long = "layers[\(String(repeating: "9", count: 5000))]=1"
    let error = #expect(throws: ConfigurationError.self) { try decode(Self.text, set: [long]) }
    #expect(error.map { $0.fault.description.count < 300 } == true)
  }

  @Test(
    "a fault names the file or the assignment that it comes from",
    arguments: [
      (["optimiser.name=adam"], "--set optimiser.name=adam"),
      (["seed=x"], "--set seed=x"), (["seed=0.5", "seed=true"], "--set seed=true"),
      (["layers=[{size: 1}, {size: x}]"], "--set layers=[{size: 1}, {size: x}]"),
      (["layers[1].size=x", "seed=4"], "--set layers[1].size=x"),
      (["layers[1]={}"], "--set layers[1]={}"),
      (["optimizer.rate=1"], "--set optimizer.rate=1"),
      (["seed"], "--set seed"), (["layers[2].size=1"], "--set layers[2].size=1"),
    ] as [([String], String)])
  func sources(assignments: [String], source: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try decode(Self.text, set: assignments)
    }
    #expect(error?.source == source, "\(String(describing: error))")
  }

  @Test("a fault of a part that the file and assignments make together names all")
  func sourcesOfPart() {
    let text = Self.text.replacingOccurrences(of: "\"size\": 5, ", with: "")
    let error = #expect(throws: ConfigurationError.self) {
      try decode(text, set: ["seed=1", "layers[1].activation=tanh"])
    }
    #expect(
      error?.description == "config.json with --set layers[1].activation=tanh: the key "
        + "'layers[1].size' is required, but not given.")
  }

  @Test("a fault of the file is not blamed on assignments elsewhere")
  func sourceOfFile() {
    for (old, new) in [("\"size\": 5", "\"size\": 5.5"), ("seed:", "sed:")] {
      let text = Self.text.replacingOccurrences(of: old, with: new)
      let error = #expect(throws: ConfigurationError.self) {
        try decode(text, set: ["directory=a", "layers[0].size=4", "references.C=-37"])
      }
      #expect(error?.source == "config.json", "\(String(describing: error))")
    }
  }

  @Test("files are named in errors")
  func files() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("config.json")
      let error = #expect(throws: ConfigurationError.self) { try StrictJSON(contentsOf: file) }
      #expect(error?.source == file.path)
      try Data(Self.text.utf8).write(to: file)
      #expect(try StrictJSON(contentsOf: file).decode(Example.self).seed == 9_007_199_254_740_993)
    }
  }
}
