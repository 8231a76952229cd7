import Atomistic
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Tables of labels")
struct LabelTableTests {
  static let members = [4, 3, 2, 1, 0]

  static func table(_ property: Property, members: [Int] = members) -> LabelTable {
    LabelTable(property, LabelCase.structures, members: members, ModelFixtures.network)
  }

  @Test("structures without a label are left out")
  func missing() {
    let energies = Self.table(.energy)
    #expect(energies.structures == [3, 1, 0] && energies.count == 3)
    let offset = ModelFixtures.network.energyOffset(of: ModelFixtures.molecule)
    #expect(offset < -100 && energies.references[1] == [-241.5 - offset])
    #expect(energies.references[2] == nil)
    #expect(Self.table(.force).count == 3 * (4 + 5 + 6))
    #expect(Self.table(.stress).count == 12)
    let none = Self.table(.force, members: [4, 1])
    #expect(none.count == 0 && none.structures.isEmpty)
  }

  @Test("each force component knows its structure and its place there")
  func places() {
    let table = Self.table(.force)
    let expected = [3, 2, 0].flatMap { structure in
      (0..<3 * LabelCase.structures[structure].count).map { [structure, $0] }
    }
    let found = (0..<table.count).map { label in
      let place = table.place(of: label)
      return [place.structure, place.value]
    }
    #expect(found == expected)
  }
}

@Suite("Evaluation of labels")
struct LabelEvaluatorTests {
  @Test("metrics are over what has labels, energies per atom", arguments: LabelCase.all)
  func metrics(of example: LabelCase) throws {
    let data = try TrainingData(
      training: Array(LabelCase.structures[0..<2]),
      validation: Array(LabelCase.structures[2...]), reference: ReferenceEnergies([:]))
    let evaluator = try example.labels(data).evaluator(
      example.model.state(Double.self), workers: Workers(count: 1))
    let all = evaluator.errors(of: [0, 1, 2, 3, 4])
    #expect(all.map { $0?.count } == [3, 45, 12])
    let differences = try LabelErrorLaws.differences(example, data, of: [1, 4])
    let one = evaluator.errors(of: [1, 4])
    let error = try #require(differences[0][0])[0] / 6
    #expect(one[1] == nil && one[2] == nil)
    #expect(abs(one[0]!.max - abs(error)) < 1e-10 && one[0]!.count == 1)
    let forces = try LabelErrorLaws.differences(example, data, of: [2])[1][0]!
    let summary = ErrorSummary(forces)
    let found = try #require(evaluator.errors(of: [2])[1])
    #expect(abs(found.rmse - summary.rmse) < 1e-10 && abs(found.mae - summary.mae) < 1e-10)

    let evaluation = evaluator.evaluate()
    #expect(evaluator.metricNames.count == 12 && evaluation.metrics.count == 12)
    #expect(evaluator.metricNames[0] == "training.energy.rmse")
    #expect(evaluator.metricNames[11] == "validation.stress.mae")
    let validation = evaluator.errors(of: [2, 3, 4])
    var loss = 0.0
    for (term, errors) in zip(LabelCase.terms, validation) {
      loss += term.weight * errors!.rmse * errors!.rmse
    }
    #expect(abs(evaluation.loss - loss) < 1e-12 * loss)
  }

  @Test("a summary of errors")
  func summary() {
    let summary = ErrorSummary([3, -4, 0, 1])
    #expect(abs(summary.rmse - 6.5.squareRoot()) < 1e-15)
    #expect(summary.mae == 2 && summary.max == 4 && summary.count == 4)
    let empty = ErrorSummary([Double]())
    #expect(empty.rmse == 0 && empty.mae == 0 && empty.max == 0 && empty.count == 0)
  }

  @Test(
    "an error that is not a number is not lost",
    arguments: [[1, Double.nan], [Double.nan, 1]])
  func notNumbers(errors: [Double]) {
    let summary = ErrorSummary(errors)
    #expect(summary.rmse.isNaN && summary.mae.isNaN && summary.max.isNaN && summary.count == 2)
  }
}
