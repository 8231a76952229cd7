import Testing

@testable import AtomFlowTool

@Suite("Progress is told neither too seldom nor too often")
struct ProgressLineTests {
  final class Screen { var text: [String] = [] }

  @Test("a terminal's line is written over, at most ten times a second")
  func terminal() {
    let (screen, start) = (Screen(), ContinuousClock.now)
    var progress = ProgressLine(
      "training", unit: "steps", total: 1000, isTerminal: true, now: start,
      write: { screen.text.append($0) })
    for step in 1...1000 {
      progress.update(step, note: "loss 0.5", now: start + .milliseconds(step))
    }
    #expect(screen.text.count == 10)
    #expect(screen.text[0] == "\rtraining: 100/1000 steps, 1000/s, 0:01 left, loss 0.5")
    progress.finish(1000, now: start + .seconds(1))
    #expect(
      screen.text[10] == "\rtraining: 1000/1000 steps, 1000/s, 0:01 taken"
        + String(repeating: " ", count: 10) + "\n")
  }

  @Test("a log has a line every ten seconds and one at the end")
  func log() {
    let (screen, start) = (Screen(), ContinuousClock.now)
    var progress = ProgressLine(
      "predicting", unit: "frames", total: 36_000, done: 10, isTerminal: false, now: start,
      write: { screen.text.append($0) })
    for second in 1...29 { progress.update(10 + second * 2, now: start + .seconds(second)) }
    progress.finish(68, note: "stopped", now: start + .seconds(29))
    #expect(
      screen.text == [
        "predicting: 30/36000 frames, 2.0/s, 4:59:45 left\n",
        "predicting: 50/36000 frames, 2.0/s, 4:59:35 left\n",
        "predicting: 68/36000 frames, 2.0/s, 4:59:26 left, stopped\n",
      ])
  }

  @Test("without a total, without time and without progress there is still a line")
  func unknowns() {
    let (screen, start) = (Screen(), ContinuousClock.now)
    var progress = ProgressLine(
      "reading", unit: "frames", total: nil, isTerminal: false, now: start,
      write: { screen.text.append($0) })
    progress.finish(0, now: start)
    progress.finish(5, now: start + .seconds(100))
    #expect(
      screen.text == ["reading: 0 frames, 0:00 taken\n", "reading: 5 frames, 0.05/s, 1:40 taken\n"])
  }
}
