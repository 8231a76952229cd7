import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Averaging of weights")
struct WeightAverageTests {
  private func trainer(_ average: Double?) throws -> Trainer<CurveFit<Double>> {
    try Trainer(
      CurveFit<Double>(), optimizer: Adam(learningRate: .constant(0.1)), seed: 1,
      weightAverage: average, workers: Workers(count: 1))
  }

  @Test(
    "models have the mean of all steps' weights by their age, and the training goes on without it")
  func mean() throws {
    let decay = 0.8
    let (averaged, plain) = (try trainer(decay), try trainer(nil))
    #expect(plain.modelState === plain.state)
    try averaged.updateModel()
    #expect(
      Array(averaged.modelState.parameters.elements) == Array(plain.state.parameters.elements))
    var history: [[Double]] = []
    for step in 1...6 {
      try averaged.advance()
      try plain.advance()
      let weights = Array(plain.state.parameters.elements)
      #expect(Array(averaged.state.parameters.elements) == weights)
      history.append(weights)
      try averaged.updateModel()
      let factors = (0..<step).map { pow(decay, Double(step - 1 - $0)) }
      let total = factors.reduce(0, +)
      let expected = weights.indices.map { place in
        zip(factors, history).reduce(0.0) { $0 + $1.0 * $1.1[place] } / total
      }
      #expect(largestDifference(averaged.modelState.parameters.elements, expected) < 1e-13)
    }
  }

  @Test("half a run and the other half have the same means as a whole one")
  func resume() throws {
    let run = CurveRun<Float>(
      optimizer: Adam(learningRate: .constant(0.01)), weightAverage: 0.9)
    let whole = try withTemporaryDirectory { directory in
      try run.train(in: directory)
      return try RunFiles(directory)
    }
    try withTemporaryDirectory { directory in
      try run.with { $0.stop = 7 }.train(in: directory)
      try run.with { $0.resumes = true }.train(in: directory)
      #expect(try RunFiles(directory) == whole)
    }
    // The models are those of the means.
    try withTemporaryDirectory { directory in
      try run.with { $0.weightAverage = nil }.train(in: directory)
      let files = try RunFiles(directory)
      #expect(files.last != whole.last && files.metrics != whole.metrics)
    }
  }

  @Test("an optimizer that compares losses of different steps is refused another batch in each")
  func fixedBatch() throws {
    let error = #expect(throws: TrainingFailure.self) {
      try Trainer(
        CurveFit<Double>(), optimizer: LBFGS(), seed: 1, workers: Workers(count: 1))
    }
    #expect(
      error?.description.hasPrefix("the optimizer 'lbfgs' needs the same labels in each step")
        == true)
  }
}
