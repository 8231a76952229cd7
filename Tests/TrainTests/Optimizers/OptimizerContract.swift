import Graph
import Tensors
import TestSupport
import Testing
import Train

/// A function to make small, as the sum of the squares of errors.
enum Valley: String, CaseIterable, Sendable {
  /// Three directions of different curvature.
  case parabola
  /// A bent valley.
  case rosenbrock

  private static let place = Variable("place", [2], initializer: .values([-0.8, 0.6]))

  var errors: Symbol {
    let place = Self.place.symbol
    let (x, y) = (place.slice(0, count: 1), place.slice(1, count: 1))
    return switch self {
    case .parabola: .concatenating([x - 1, 2 * (y + 0.5)], axis: 0)
    case .rosenbrock: .concatenating([1 - x, 10 * (y - x * x)], axis: 0)
    }
  }
}

@Suite("All optimizers keep the contract")
struct OptimizerContract {
  @Test(
    "the loss falls, alike each time, and monitors are numbers", arguments: OptimizerCase.all,
    Valley.allCases)
  func descent(example: OptimizerCase, valley: Valley) throws {
    let objective = Objective(errors: valley.errors)
    let step = objective.minimized(by: example.valley)
    let program = step.compiled(fetching: [objective.squaredError])
    func run() throws -> [Double] {
      let state = State<Double>(program.variables, seed: 0)
      let session = Session(program, state: state, workers: Workers(count: 1))
      var losses: [Double] = []
      var areNumbers = true
      let feed = Feed<Double>()
      for _ in 0..<example.valleySteps {
        try session.run(feed)
        losses.append(session.output(step.monitors.count)[0])
        areNumbers =
          areNumbers
          && step.monitors.indices.allSatisfy {
            session.output($0).count == 1 && session.output($0)[0].isFinite
          }
      }
      #expect(areNumbers)
      let counter = program.variables.first { $0.name == "optimizer.step" }!
      #expect(state[counter][0] == Double(example.valleySteps))
      return losses
    }
    let losses = try run()
    let (first, last) = (losses[0], losses[losses.count - 1])
    #expect(last < 1e-3 * first, "\(first), \(last)")
    #expect(try run() == losses)
  }

  @Test(
    "the updates are those of parameters and of memory that is not trained",
    arguments: OptimizerCase.all)
  func updates(example: OptimizerCase) {
    let objective = Objective(errors: Valley.parabola.errors)
    let step = objective.minimized(by: example.valley)
    let trained = step.updates.keys.filter(\.isTrainable)
    #expect(Set(trained) == Set(objective.parameters.variables))
    for (variable, value) in step.updates { #expect(value.type == variable.symbol.type) }
  }

  @Test(
    "a schedule is the same as a number and in a graph",
    arguments: [
      .constant(0.3), .exponential(initial: 0.1, factor: 0.5, every: 10),
      .exponential(initial: 0.1, factor: 1.5, every: 3, maximum: 2),
      .exponential(initial: 0.1, factor: 0.5, every: 10, minimum: 0.01),
      .exponential(initial: 0.1, factor: 0.5, every: 10, minimum: 0.02, maximum: 0.09),
      .piecewise(values: [1, 0.1, 0.01], boundaries: [1, 10]),
      .piecewise(values: [4], boundaries: []),
      .cosine(initial: 0.1, final: 0.01, steps: 100), .cosine(initial: 0.01, final: 0.1, steps: 9),
      .cosine(initial: 0.1, final: 0, steps: 10), .cosine(initial: 0.1, final: -0.1, steps: 10),
      .warmUp(steps: 9, then: .constant(0.3)),
      .warmUp(steps: 10, then: .cosine(initial: 0.1, final: 0.01, steps: 50)),
      .warmUp(steps: 2, then: .piecewise(values: [1, -1], boundaries: [7])),
      .piecewise(values: [1, -1, 0], boundaries: [1, 10]),
      .constant(0), .constant(-1), .exponential(initial: -1, factor: 0.5, every: 10),
      .exponential(initial: -1, factor: 0.5, every: 10, minimum: -0.5),
      .exponential(initial: 1, factor: 0.5, every: 10, minimum: -2, maximum: -1),
      .exponential(initial: 0, factor: 0.5, every: 10),
    ] as [ValueSchedule])
  func schedules(schedule: ValueSchedule) throws {
    let number = Symbol.placeholder("step", [])
    let program = Program([schedule.value(at: number)])
    let session = Session(
      program, state: State<Double>([], seed: 0), workers: Workers(count: 1))
    let steps = [0, 1, 2, 9, 10, 11, 25, 100, 1000]
    #expect(schedule.isPositive == steps.allSatisfy { schedule.value(at: $0) > 0 })
    #expect(schedule.isNegative == steps.contains { schedule.value(at: $0) < 0 })
    for step in steps {
      let feed = Feed<Double>()
      feed.set(number, [Double(step)])
      try session.run(feed)
      let expected = schedule.value(at: step)
      #expect(abs(session.output(0)[0] - expected) <= 1e-13 * abs(expected), "step \(step)")
    }
  }
}
