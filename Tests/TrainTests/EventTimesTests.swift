import Foundation
import Synchronization
import TestSupport
import Testing
import Train

@Suite("Times of event files")
struct EventTimesTests {
  /// Writes the file of a part of a run, whose events are a second apart.
  private func write(
    _ directory: URL, from time: Double, steps: [Int], resumingAfter step: Int? = nil
  ) throws {
    let now = Mutex(time)
    let events = try EventFileWriter(directory: directory, resumingAfter: step) {
      now.withLock { $0 }
    }
    for step in steps {
      now.withLock { $0 += 1 }
      try events.addScalar("loss", 1, step: step)
    }
    try events.flush()
  }

  @Test("the time between the parts of a run does not count")
  func parts() throws {
    try withTemporaryDirectory { folder in
      try write(folder, from: 1000, steps: [100, 200, 300])
      // The second part begins an hour later and does the third step again.
      try write(folder, from: 4600, steps: [300, 400], resumingAfter: 200)
      let times = EventTimes(directory: folder)
      #expect(times.points.map(\.step).contains(400))
      #expect(times.seconds(atStep: 100) == 1 && times.seconds(atStep: 200) == 2)
      #expect(times.seconds(atStep: 300) == 3 && times.seconds(atStep: 400) == 4)
      #expect(times.seconds(atStep: 250) == nil)
    }
  }

  @Test("a file that is cut off tells what is whole")
  func cut() throws {
    try withTemporaryDirectory { folder in
      try write(folder, from: 1000, steps: [1, 2, 300, 70_000])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      let name = try #require(names.first)
      let file = folder.appendingPathComponent(name)
      let whole = EventTimes(directory: folder)
      #expect(whole.seconds(atStep: 70_000) == 4)
      try (try Data(contentsOf: file)).dropLast(5).write(to: file)
      let rest = EventTimes(directory: folder)
      #expect(rest.seconds(atStep: 300) == 3 && rest.seconds(atStep: 70_000) == nil)
    }
  }
}
