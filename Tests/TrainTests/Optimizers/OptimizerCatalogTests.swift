import Atomistic
import Foundation
import Graph
import Testing
import Train

@Suite("The catalogue of optimizers")
struct OptimizerCatalogTests {
  static let longer = OptimizerCatalog.standard.adding(ClippedFilter.self)

  private func decode(_ text: String) throws -> OptimizerChoice {
    try StrictJSON(Data(text.utf8), source: "config.json")
      .decode(OptimizerChoice.self, userInfo: [.optimizers: Self.longer])
  }

  @Test("has a row for each optimizer in Sources/Train/Optimizers, each in a file of its own")
  func completeness() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Sources/Train/Optimizers").standardized
    var found: [String: String] = [:]
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      let declarations = /(?:struct|enum|class|actor|extension) (\w+): ([^{]+)\{/
      for match in text.matches(of: declarations) {
        let protocols = match.2.split { !$0.isLetter }
        if protocols.contains("Optimizer") { found[String(match.1)] = file }
      }
    }
    let rows = OptimizerCatalog.standard.rows.map { "\($0)" }
    #expect(Set(found.keys) == Set(rows))
    for (type, file) in found { #expect(file == "\(type).swift") }
  }

  @Test("has a row in the contract for each of its rows")
  func contract() {
    let tested = OptimizerCase.all.map { type(of: $0.network).kind }
    #expect(Set(tested) == Set(Self.longer.kinds))
    for example in OptimizerCase.all {
      #expect(type(of: example.network).kind == type(of: example.valley).kind)
    }
  }

  @Test(
    "each optimizer has a default for every key, and writes all its keys", arguments: longer.kinds)
  func defaults(kind: String) throws {
    let choice = try decode("{\(kind): {}}")
    #expect(choice.kind == kind && type(of: choice.optimizer) == Self.longer[kind])
    let written = try StrictJSON.text(of: choice)
    #expect(try decode(written) == choice)
    #expect(try StrictJSON.text(of: decode(written)) == written)
    let error = #expect(throws: ConfigurationError.self) {
      try decode("{\(kind): {learningRte: 1}}")
    }
    let advice =
      written.contains("learningRate") ? "did you mean 'learningRate'?" : "the keys known there are"
    #expect(
      error?.description.hasPrefix(
        "config.json: unknown key '\(kind).learningRte'; \(advice)") == true)
  }

  @Test("settings are read as they were written", arguments: OptimizerCase.all)
  func roundTrip(example: OptimizerCase) throws {
    let choices = [OptimizerChoice(example.network), OptimizerChoice(example.valley)]
    for choice in choices { #expect(try decode(StrictJSON.text(of: choice)) == choice) }
    #expect(choices[0] != choices[1])
  }

  @Test("optimizers of two kinds differ")
  func equality() throws {
    let choices = try Self.longer.kinds.map { try decode("{\($0): {}}") }
    for (a, first) in choices.enumerated() {
      for (b, second) in choices.enumerated() { #expect((first == second) == (a == b)) }
    }
  }

  @Test(
    "what is wrong is said with its place and what is possible",
    arguments: [
      (
        "{clipedFilter: {}}",
        "it should have exactly one key of ekf, adam, adamW, soap, muon, sgd, spring, "
          + "levenbergMarquardt, lbfgs, gradientEKF, clippedFilter, but has 'clipedFilter'; did you mean 'clippedFilter'?"
      ),
      (
        "{lamb: {}}",
        "but has 'lamb'. An optimizer of another package is a type that conforms to Optimizer; it "
          + "is found when OptimizerCatalog.standard.adding(…) is the catalogue."
      ),
      ("{}", "but has none."), ("{sgd: {}, adam: {}}", "but has 'adam', 'sgd'."),
      ("{clippedFilter: {clipNorm: -1}}", "'clippedFilter.clipNorm': it must be larger than 0"),
      ("{clippedFilter: {clipNorm: 1e999}}", "64 bits can hold, found \"1e999\""),
      (
        "{sgd: {learningRate: {piecewise: {values: [1, 0], boundaries: [5]}}}}",
        "'sgd.learningRate': it must be larger than 0 at all steps, but is not."
      ),
      ("{ekf: {processNoise: -1}}", "'ekf.processNoise': it must not be negative at any step"),
      ("{adam: {firstDecay: 1}}", "'adam.firstDecay': it must be at least 0 and less than 1"),
    ])
  func faults(text: String, words: String) {
    let error = #expect(throws: ConfigurationError.self) { try decode(text) }
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
  }

  @Test("without a catalogue a decoder takes the standard one")
  func standard() throws {
    let known = try JSONDecoder().decode(OptimizerChoice.self, from: Data(#"{"adam": {}}"#.utf8))
    #expect(known == OptimizerChoice(Adam(learningRate: .constant(1e-3))))
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(OptimizerChoice.self, from: Data(#"{"clippedFilter": {}}"#.utf8))
    }
  }

  @Test(
    "two optimizers of one name, or a factor for a covariance that does not forget, are refused")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      _ = OptimizerCatalog.standard.adding(Adam.self)
    }
    await #expect(processExitsWith: .success) {
      _ = Covariance(count: 2, epsilon: 1).reduced(by: .fill(1, [1, 2]), noise: .fill(0, .scalar))
    }
    await #expect(processExitsWith: .failure) {
      _ = Covariance(count: 2, epsilon: 1).reduced(
        by: .fill(1, [1, 2]), forgetting: .fill(1, .scalar), noise: .fill(0, .scalar))
    }
  }
}
