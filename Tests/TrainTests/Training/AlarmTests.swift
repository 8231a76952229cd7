import TestSupport
import Testing
import Train

@Suite("Monitors warn by alarms of their own")
struct AlarmTests {
  @Test("an alarm warns of the first number beyond its bound, then of those farther out")
  func law() {
    func steps(_ condition: Monitor.Alarm.Condition, _ values: [Double]) -> [String] {
      var alarm = Monitor.Alarm(condition) { "\($0) at \($1)" }
      return values.enumerated().compactMap { alarm.warning(for: $1, step: $0) }
    }
    #expect(steps(.above(1), [0, 1, 2, 2, 1.5, .nan, 3, 0]) == ["2.0 at 2", "3.0 at 6"])
    #expect(steps(.below(1), [2, 1, 0.5, 0.7, 0.5, -1]) == ["0.5 at 2", "-1.0 at 5"])
  }

  private func warnings(_ optimizer: any Optimizer) throws -> [String] {
    try withTemporaryDirectory { directory in
      var warnings: [String] = []
      try CurveRun<Double>(optimizer: optimizer).train(in: directory) { report in
        if case .warning(let text) = report { warnings.append(text) }
      }
      return warnings
    }
  }

  @Test("a filter that rejects steps says so, whatever kind of label they are of")
  func rejection() throws {
    let broken = ExtendedKalmanFilter(processNoise: .constant(-1e3))
    let warnings = try warnings(broken)
    // The first step has a covariance that is still positive; both kinds of label come up in 20 steps.
    #expect(warnings.count == 19)
    for (number, text) in warnings.enumerated() {
      #expect(
        text.hasPrefix("the filter has rejected \(number + 1) step(s) up to step \(number + 2),"))
    }
    #expect(try self.warnings(ExtendedKalmanFilter()) == [])
  }

  @Test("a run asks the monitors of an optimizer it does not know")
  func anotherPackage() throws {
    #expect(try warnings(ClippedFilter(clipNorm: 1e9)) == [])
    let warnings = try warnings(ClippedFilter(clipNorm: 1e-9))
    #expect(!warnings.isEmpty)
    for text in warnings { #expect(text.hasPrefix("a change of norm ")) }
  }
}
