import Graph
import Tensors
import TestSupport
import Testing
import Train

@Suite("Wild labels")
struct InnovationGateLaws {
  private static let truth = [0.4, -0.7, 1.1]

  /// The largest distance of the weights of a linear model from the true ones after 2000 steps on 50 labels
  /// with small errors, of which one may be a thousand times too large.
  private func distance(
    _ wild: WildLabels, isOneWild: Bool
  ) throws -> (distance: Double, wild: Double) {
    let w = Variable("w", [3, 1], initializer: .constant(0))
    let (x, y) = (Symbol.placeholder("x", [2, 3]), Symbol.placeholder("y", [2]))
    let filter = ExtendedKalmanFilter(processNoise: .constant(1e-6), wildLabels: wild)
    let step = Objective(errors: x.matmul(w.symbol).flattened() - y).minimized(by: filter)
    let program = step.compiled()
    let state = State<Double>(program.variables, seed: 0)
    let session = Session(program, state: state, workers: Workers(count: 1))
    var random = RandomStream(seed: 6, stream: 0)
    let rows = (0..<50).map { _ in (0..<3).map { _ in 2 * random.uniformDouble() - 1 } }
    var labels = rows.map { row in
      zip(row, Self.truth).reduce(0.01 * (random.uniformDouble() - 0.5)) { $0 + $1.0 * $1.1 }
    }
    if isOneWild { labels[17] *= 1000 }
    var count = 0.0
    for _ in 0..<2000 {
      let pair = [random.integer(below: 50), random.integer(below: 50)]
      let feed = Feed<Double>()
      feed.set(x, pair.flatMap { rows[$0] })
      feed.set(y, pair.map { labels[$0] })
      try session.run(feed)
      if let number = step.monitors.firstIndex(where: { $0.name == "wildLabels.labels" }),
        pair.contains(17)
      {
        count += session.output(number)[0]
      }
    }
    let distance = zip(state[w], Self.truth).map { abs($0 - $1) }.max() ?? .infinity
    return (distance, count)
  }

  @Test(
    "one label a thousand times too large is found and changes little",
    arguments: WildLabels.allCases)
  func oneWild(treatment: WildLabels) throws {
    let good = try distance(treatment, isOneWild: false)
    let found = try distance(treatment, isOneWild: true)
    #expect(good.distance < 0.01)
    switch treatment {
    case .off: #expect(found.distance > 1)
    case .weigh: #expect(found.distance < 0.1 && found.wild > 20, "\(found)")
    case .reject:
      #expect(found.distance < 0.01 && found.wild > 20, "\(found)")
    }
  }
}
