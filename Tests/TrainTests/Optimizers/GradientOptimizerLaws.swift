import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("Optimizers of gradients")
struct GradientOptimizerLaws {
  /// A matrix and a vector, and errors whose gradient both have, that of the vector far larger.
  private static let matrix = Variable("matrix", [2, 3], initializer: .xavierUniform)
  private static let vector = Variable("vector", [3], initializer: .values([0.4, -0.7, 0.1]))

  private static var errors: Symbol {
    let row = Symbol.constant([0.3, -1.1]).inserting(axis: 0).matmul(matrix.symbol).flattened()
    return row.tanh() + 30 * vector.symbol - .constant([1, 2, 3])
  }

  private static func weights(_ state: State<Double>) -> [Double] {
    Array(state[matrix]) + Array(state[vector])
  }

  private static let start = weights(State<Double>([matrix, vector], seed: 3))

  /// The weights after each of some steps.
  private func trace(
    _ optimizer: any Optimizer, steps: Int, at evaluations: [Int: Double] = [:]
  ) throws -> [[Double]] {
    let step = Objective(errors: Self.errors, parameters: [Self.matrix, Self.vector])
      .minimized(by: optimizer)
    let program = step.compiled()
    let evaluation = Program([], updates: step.updatesAtEvaluation)
    let state = State<Double>(program.variables + evaluation.variables, seed: 3)
    let session = Session(program, state: state, workers: Workers(count: 1))
    let judge = Session(evaluation, state: state, workers: Workers(count: 1))
    return try (0..<steps).map { number in
      if let loss = evaluations[number] {
        let feed = Feed<Double>()
        feed.set(Step.validationLoss, [loss])
        try judge.run(feed)
      }
      try session.run(Feed())
      return Self.weights(state)
    }
  }

  @Test("AdamW without decay is Adam")
  func withoutDecay() throws {
    let adam = Adam(learningRate: .constant(0.01), clipNorm: .together(1))
    #expect(try trace(AdamW(adam, weightDecay: 0), steps: 20) == trace(adam, steps: 20))
  }

  @Test("AdamW subtracts η λ w of the weights before the step, whatever the gradient")
  func decay() throws {
    let rate = ValueSchedule.piecewise(values: [0.1, 0.05], boundaries: [2])
    let adam = Adam(learningRate: rate)
    let (plain, decayed) = (
      try trace(adam, steps: 1)[0], try trace(AdamW(adam, weightDecay: 0.5), steps: 1)[0]
    )
    let expected = zip(plain, Self.start).map { $0 - 0.1 * 0.5 * $1 }
    #expect(largestDifference(decayed, expected) < 1e-15)
    // Where no gradient is, weights shrink by 1 - η λ in each step.
    let w = Variable("w", [2], initializer: .values([2, -4]))
    let still = Objective(errors: 0 * w.symbol).minimized(by: AdamW(adam, weightDecay: 0.5))
    let program = still.compiled()
    let other = State<Double>(program.variables, seed: 1)
    let session = Session(program, state: other, workers: Workers(count: 1))
    for _ in 0..<4 { try session.run(Feed()) }
    let factor = 0.95 * 0.95 * 0.975 * 0.975
    #expect(largestDifference(Array(other[w]), [2 * factor, -4 * factor]) < 1e-14)
  }

  @Test("a bound for each variable scales the gradient of each for itself, as Keras's clipnorm")
  func clipping() throws {
    let rate = 0.125
    func change(_ clipping: GradientClipping?) throws -> [Double] {
      let after = try trace(
        GradientDescent(learningRate: .constant(rate), clipNorm: clipping), steps: 1)[0]
      return zip(after, Self.start).map { ($1 - $0) / rate }
    }
    func norm(_ values: some Sequence<Double>) -> Double {
      values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let free = try change(nil)
    let (small, large) = (norm(free[..<6]), norm(free[6...]))
    #expect(small > 0.1 && large > 10 * small)
    let bound = 2 * small
    let each = try change(.perVariable(bound))
    #expect(largestDifference(each[..<6], free[..<6]) < 1e-12)
    #expect(abs(norm(each[6...]) - bound) < 1e-12)
    let together = try change(.together(bound))
    let scale = bound / norm(free)
    #expect(largestDifference(together, free.map { $0 * scale }) < 1e-12)
  }

  @Test("a plateau of the validation loss halves the learning rate, counted anew after each fall")
  func plateau() throws {
    let rate = ValueSchedule.constant(1e-4)
    let waiting = GradientDescent(
      learningRate: rate, plateau: Plateau(factor: 0.5, patience: 2))
    // Evaluations before steps 0 … 7: two in a row without a smaller loss are at 2 and at 6, not at 4.
    let losses = [5.0, 6, 5, 7, 4, 4, 4, 9]
    let found = try trace(
      waiting, steps: 8,
      at: Dictionary(uniqueKeysWithValues: losses.enumerated().map { ($0, $1) }))
    let scheduled = GradientDescent(
      learningRate: .piecewise(values: [1e-4, 0.5e-4, 0.25e-4], boundaries: [2, 6]))
    #expect(largestDifference(found.joined(), try trace(scheduled, steps: 8).joined()) < 1e-15)
    // Without evaluations it is the schedule alone.
    #expect(
      try trace(waiting, steps: 8) == trace(GradientDescent(learningRate: rate), steps: 8))
  }
}
