import Foundation
import Layers
import TestSupport
import Testing

@testable import Atomistic

@Suite("What files of n2p2 and RuNNer leave out, and what does not concern them")
struct N2P2ToleranceTests {
  /// The fixture with a line in the place of another.
  static func settings(_ old: String, _ new: String) throws(FormatError) -> N2P2Settings {
    try N2P2Settings(
      parsing: N2P2Fixture.settings.replacing(old, with: new, maxReplacements: 1))
  }

  @Test("without a cutoff type the window is a cosine, and this is said")
  func cutoffType() throws {
    let settings = try Self.settings("cutoff_type 2", "")
    #expect(
      settings.elements.flatMap(\.symmetryFunctions)
        .allSatisfy { $0.cutoff == Cutoff(.cosine, radius: 12) })
    #expect(settings.remarks.count == 1 && settings.remarks[0].contains("cutoff_type"))
    #expect(try N2P2Settings(parsing: N2P2Fixture.settings).remarks.isEmpty)
  }

  @Test(
    "settings of terms that nothing switches on are kept aside",
    arguments: [
      "electrostatic_type 1", "global_hidden_layers_electrostatic 2",
      "nguyen_widrow_weights_ewald", "global_nodes_pair 15 15", "vdw_type 2", "ewald_alpha 0.2",
    ])
  func unusedTerms(line: String) throws {
    let settings = try Self.settings("kalman_epsilon 0.01", line)
    #expect(settings.elements == (try N2P2Settings(parsing: N2P2Fixture.settings)).elements)
    #expect(settings.otherSettings.map(\.line) == [17])
  }

  @Test(
    "keywords that switch on such terms are refused",
    arguments: ["use_electrostatics", "use_vdw", "use_ewald", "nn_type_short 2"])
  func usedTerms(line: String) {
    let error = #expect(throws: FormatError.self) {
      try Self.settings("kalman_epsilon 0.01", line)
    }
    #expect(error?.line == 17)
  }

  @Test("symmetry functions are read whatever the networks are")
  func symmetryFunctionsAlone() throws {
    let expected = try N2P2Settings(parsing: N2P2Fixture.settings).elements
    for line in ["normalize_nodes", "use_electrostatics", "element_nodes_short O 2 5", "nnp_gen 4"]
    {
      let text = N2P2Fixture.settings.replacing("kalman_epsilon 0.01", with: line)
        .replacing("global_hidden_layers_short 2", with: "global_hidden_layers_short many")
      let functions = try N2P2Settings.symmetryFunctions(parsing: text, file: "input.nn")
      for own in expected { #expect(functions[own.atomicNumber] == own.symmetryFunctions) }
    }
    try withTemporaryDirectory { folder in
      let file = folder.appending(path: "input.nn")
      let text = N2P2Fixture.settings + "normalize_nodes\n"
      try Data(text.utf8).write(to: file)
      let choice = try DescriptorSettings.inputNN(file.path).choice()
      #expect(choice.functions[1]?.count == 3)
      try Data(text.replacing("cutoff_type 2", with: "").utf8).write(to: file)
      var notes: [String] = []
      let cosine = try DescriptorSettings.inputNN(file.path).choice { notes.append($0) }
      #expect(cosine.functions[1]?[0].cutoff == Cutoff(.cosine, radius: 12))
      #expect(notes.count == 1 && notes[0].contains("cutoff_type"))
      try Data(text.dropLast().utf8).write(to: file)
      #expect(throws: FormatError.self) { try DescriptorSettings.inputNN(file.path).choice() }
    }
  }

  @Test(
    "the weights decide between two meanings of a line",
    arguments: [("O 1 5", 30, [5, 2]), ("O 1 5", 19, [1, 5]), ("O 2 5", 35, [3, 5])])
  func elementNodes(line: String, count: Int, expected: [Int]) throws {
    let text = N2P2Fixture.settings + "element_nodes_short \(line)\n"
    func read(_ count: Int?) throws(FormatError) -> [Int] {
      try N2P2Settings(parsing: text) { number throws(FormatError) in
        number == 8 ? count : nil
      }.elements[1].hiddenNodes
    }
    let sizes = [2] + expected + [1]
    #expect(count == zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 })
    #expect(try read(count) == expected)
    for other in [nil, count + 1] {
      let error = #expect(throws: FormatError.self) { try read(other) }
      #expect(error?.advice?.contains("weights.008.data") == true)
    }
  }

  @Test("a function whose minimum is its maximum is named with its element")
  func constantFunctions() throws {
    let settings = try N2P2Settings(parsing: N2P2Fixture.settings)
    let fixture = try N2P2Fixture.potential()
    let constant = N2P2Fixture.scaling.replacing("1 2 0.25 1.5", with: "1 2 0.25 0.25")
    let potential = N2P2Potential(
      settings: settings, scaling: try N2P2Scaling(parsing: constant, counts: [3, 2]),
      weights: fixture.elements.map(\.weights))
    #expect(potential.remarks.count == 1 && fixture.remarks.isEmpty)
    #expect(potential.remarks[0].contains("min = max for function 2 of H"))
  }

  @Test("symbols have any case")
  func symbols() throws {
    let settings = try Self.settings("elements O H", "elements o h")
    #expect(settings.elements.map(\.atomicNumber) == [1, 8])
  }

  @Test("an exponent beyond what a double can hold is refused", arguments: ["1e19", "1001"])
  func zeta(text: String) {
    let error = #expect(throws: FormatError.self) {
      try Self.settings("0.2 1.0 1.0 12.0", "0.2 1.0 \(text) 12.0")
    }
    #expect(error?.line == 18 && error?.expected.contains("zeta of at most") == true)
    let json = "{ type: \"narrowAngular\", neighbors: [\"H\", \"O\"], eta: 0.1, zeta: \(text) }"
    #expect(throws: (any Error).self) {
      try StrictJSON(Data(json.utf8), source: "functions").decode(
        SymmetryFunctionSettings.self, userInfo: [:])
    }
  }
}
