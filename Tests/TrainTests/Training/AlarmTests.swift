import Foundation
import TestSupport
import Testing

@testable import Train

@Suite("Monitors warn by alarms of their own")
struct AlarmTests {
  @Test("a watch counts the numbers beyond the bound and keeps the last sentence")
  func law() {
    func steps(_ condition: Monitor.Alarm.Condition, _ values: [Double]) -> [Int] {
      var watch = Monitor.Watch(Monitor.Alarm(condition) { "\($0) at \($1)" })
      let beyond = values.indices.filter { watch.add(values[$0], step: $0) }
      #expect(watch.count == beyond.count)
      #expect(watch.sentence == beyond.last.map { "\(values[$0]) at \($0)" } ?? "")
      return beyond
    }
    #expect(steps(.above(1), [0, 1, 2, 2, 1.5, .nan, 3, 0]) == [2, 3, 4, 6])
    #expect(steps(.below(1), [2, 1, 0.5, 0.7, 0.5, -1]) == [2, 3, 4, 5])
    #expect(steps(.rise(by: 2, steps: 3), [7, 8, 8, 8, 8, 9, 9, 10, 11, 11, 11, 11]) == [7, 8, 9])
    #expect(steps(.rise(by: 2, steps: 3), [0, 1, 2]) == [2])
  }

  private func warnings(
    _ optimizer: any Optimizer, steps: Int = 20
  ) throws -> (texts: [String], failure: TrainingFailure?) {
    try withTemporaryDirectory { directory in
      var warnings: [String] = []
      do {
        try CurveRun<Double>(optimizer: optimizer, steps: steps).train(in: directory) { report in
          if case .warning(let text) = report { warnings.append(text) }
        }
      } catch let failure as TrainingFailure {
        #expect(FileManager.default.fileExists(atPath: directory.path + "/best"))
        return (warnings, failure)
      }
      return (warnings, nil)
    }
  }

  /// A filter whose covariance is positive for one step alone.
  private let broken = ExtendedKalmanFilter(processNoise: .constant(-1e3))

  @Test("a filter that rejects steps says so once, and in the end how often")
  func rejection() throws {
    let (texts, failure) = try warnings(broken)
    #expect(failure == nil && texts.count == 2, "\(texts)")
    // Both kinds of label come up in 20 steps.
    #expect(texts[0].hasPrefix("the filter has rejected 1 step(s) up to step 2,"))
    #expect(texts[1].hasPrefix("the filter has rejected 19 step(s) up to step 20,"))
    #expect(texts[1].hasSuffix(" (19 times in the log)"))
    #expect(try warnings(ExtendedKalmanFilter()).texts == [])
  }

  @Test("a filter that rejects nearly all steps ends the run within a hundred of them")
  func death() throws {
    let failure = try #require(try warnings(broken, steps: 1000).failure)
    let sentence = failure.description
    #expect(sentence.hasPrefix("the filter has rejected nearly all of the last 100 steps, and "))
    let step = try #require(try /up to step (\d+)/.firstMatch(in: sentence))
    #expect(try #require(Int(step.1)) <= 101 && sentence.contains("float64; the models so far"))
    #expect(try warnings(ExtendedKalmanFilter(), steps: 300).failure == nil)
  }

  @Test("a run asks the monitors of an optimizer it does not know")
  func anotherPackage() throws {
    #expect(try warnings(ClippedFilter(clipNorm: 1e9)).texts == [])
    let texts = try warnings(ClippedFilter(clipNorm: 1e-9)).texts
    #expect(texts.count == 2)
    for text in texts { #expect(text.hasPrefix("a change of norm ")) }
  }
}
