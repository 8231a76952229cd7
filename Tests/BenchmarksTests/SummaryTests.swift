import Benchmarks
import Testing

@Suite("Samples become medians and quartiles")
struct SummaryTests {
  @Test("quantiles are interpolated between sorted samples")
  func quantiles() {
    let summary = Summary([4, 1, 3, 2], callsPerSample: 5)
    #expect(summary.median == 2.5)
    #expect(summary.lowerQuartile == 1.75)
    #expect(summary.upperQuartile == 3.25)
    #expect(summary.minimum == 1)
    #expect(summary.samples == 4)
    #expect(summary.callsPerSample == 5)
  }

  @Test(
    "one outlier does not move the median", arguments: [[2.0], [1, 2, 900], [2, 2, 2, 2, 900]])
  func outliers(samples: [Double]) {
    #expect(Summary(samples).median == 2)
  }

  @Test("a sample is the mean of its calls, and the warm-up is none of them")
  func stopwatch() {
    let stopwatch = Stopwatch(warmUp: .zero, budget: .milliseconds(50), fewestSamples: 3)
    var calls = 0
    let summary = stopwatch.measure(calls: 4) { calls += 1 }
    #expect(summary.samples >= 3)
    #expect(summary.callsPerSample == 4)
    #expect(calls == 2 + summary.samples * 4)
    #expect(summary.minimum > 0 && summary.minimum <= summary.median)
  }

  @Test("short calls are gathered to samples that a clock can tell")
  func shortCalls() {
    let stopwatch = Stopwatch(warmUp: .zero, budget: .zero, fewestSamples: 2)
    let summary = stopwatch.measure {}
    #expect(summary.callsPerSample > 10)
  }

  @Test("an error of a call ends the measurement")
  func failure() {
    struct Failure: Error {}
    #expect(throws: Failure.self) { try Stopwatch.quick.measure { throw Failure() } }
  }
}
