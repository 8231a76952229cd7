/// Calls a closure again and again and takes the time.
public struct Stopwatch: Sendable {
  /// How long the calls before the first sample go on; two at least are made.
  public var warmUp: Duration
  /// How long samples are taken for.
  public var budget: Duration
  /// The fewest samples, unless they take twenty times the budget.
  public var fewestSamples: Int

  /// Makes a stopwatch.
  public init(warmUp: Duration, budget: Duration, fewestSamples: Int) {
    self.warmUp = warmUp
    self.budget = budget
    self.fewestSamples = fewestSamples
  }

  /// Takes a median that is worth keeping.
  public static let standard = Stopwatch(
    warmUp: .milliseconds(50), budget: .milliseconds(600), fewestSamples: 7)

  /// Only shows that the case works and how long it takes roughly.
  public static let quick = Stopwatch(
    warmUp: .milliseconds(2), budget: .milliseconds(40), fewestSamples: 3)

  /// Takes one of many short turns of a comparison.
  public static let turn = Stopwatch(
    warmUp: .milliseconds(20), budget: .milliseconds(150), fewestSamples: 1)

  private static let mostSamples = 1000

  /// Times a closure.
  ///
  /// - Parameters:
  ///   - calls: The calls in a sample. Where the cost of a call differs from one to the next, as
  ///     where work is put off, a sample has to hold a whole cycle. By default so many that a sample
  ///     takes at least half a millisecond.
  ///   - body: The timed work; its setup is done before.
  /// - Returns: The times of a call.
  public func measure(calls: Int? = nil, _ body: () throws -> Void) rethrows -> Summary {
    let clock = ContinuousClock()
    let start = clock.now
    var warmUpCalls = 0
    while warmUpCalls < 2 || (clock.now - start < warmUp && warmUpCalls < (calls ?? .max)) {
      try body()
      warmUpCalls += 1
    }
    let once = (clock.now - start) / Double(warmUpCalls)
    let calls = calls ?? max(1, Int((Duration.microseconds(500) / once).rounded(.up)))

    var samples: [Double] = []
    let first = clock.now
    while true {
      let elapsed = try clock.measure { for _ in 0..<calls { try body() } }
      samples.append(elapsed / .seconds(1) / Double(calls))
      let total = clock.now - first
      let isEnough = samples.count >= fewestSamples && total >= budget
      if isEnough || total >= budget * 20 || samples.count == Self.mostSamples { break }
    }
    return Summary(samples, callsPerSample: calls)
  }
}
