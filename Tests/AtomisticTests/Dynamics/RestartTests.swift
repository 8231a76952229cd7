import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("Restarts and files of a trajectory")
struct RestartTests {
  @Test("a resumed trajectory is the same bit for bit", arguments: DynamicsFixtures.ensembles)
  func resume(ensemble: Ensemble) throws {
    try withTemporaryDirectory { folder in
      let start = DynamicsFixtures.water
      let whole = try DynamicsFixtures.dynamics(
        start, FlexibleWater(), ensemble, temperature: 900)
      let file = folder.appendingPathComponent("restart")
      // In the middle of the life of a list of neighbours.
      try whole.advance(1)
      let lists = whole.calculator.listCount
      while whole.calculator.listCount == lists { try whole.advance() }
      try whole.advance(2)
      try DynamicsRestart(
        whole, plan: DynamicsPlan(steps: 100), trajectory: TrajectoryMark(byteCount: 7)
      )
      .write(to: file)
      let restart = try DynamicsRestart(contentsOf: file)
      #expect(restart.settings == whole.settings && restart.step == whole.step)
      #expect(restart.plan == DynamicsPlan(steps: 100) && restart.trajectory.byteCount == 7)
      let resumed = try Dynamics<Double>(resuming: restart, FlexibleWater())
      #expect(resumed.energyError(since: restart) == 0)
      #expect(resumed.sample == whole.sample && resumed.frame == whole.frame)
      try whole.advance(40)
      try resumed.advance(40)
      #expect(resumed.sample == whole.sample)
      #expect(resumed.frame == whole.frame)
    }
  }

  @Test("a network in single precision goes on as well, with its count")
  func network() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("restart")
      let settings = DynamicsSettings(.nvt(Thermostat(temperature: 200)))
      let whole = try Dynamics<Float>(
        ModelFixtures.crystal, ModelFixtures.network, settings: settings, temperature: 200,
        random: RandomStream(seed: 3))
      try whole.advance(10)
      try DynamicsRestart(
        whole, plan: DynamicsPlan(steps: 20), trajectory: TrajectoryMark(byteCount: 0)
      )
      .write(to: file)
      let restart = try DynamicsRestart(contentsOf: file)
      #expect(restart.precision == .float32)
      let resumed = try Dynamics<Float>(resuming: restart, ModelFixtures.network)
      try whole.advance(10)
      try resumed.advance(10)
      #expect(resumed.frame == whole.frame && resumed.extrapolations == whole.extrapolations)
      #expect(whole.extrapolations!.total > 0)
    }
  }

  @Test("files that are no restarts are refused")
  func damage() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("restart")
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.crystal, DynamicsFixtures.argon, .nve)
      try DynamicsRestart(
        dynamics, plan: DynamicsPlan(steps: 1), trajectory: TrajectoryMark(byteCount: 0)
      )
      .write(to: file)
      let whole = try SafeTensors(contentsOf: file)
      func refused(_ words: String, _ change: (inout SafeTensors) -> Void) throws {
        var content = whole
        change(&content)
        try content.write(to: file)
        let error = #expect(throws: (any Error).self) { _ = try DynamicsRestart(contentsOf: file) }
        #expect("\(error!)".contains(words), "\(error!)")
      }
      try refused("'format'") { $0.metadata["format"] = "2" }
      try refused("'head'") { $0.metadata["head"] = "{}" }
      try refused("'elements'") { $0.tensors["elements"] = Tensor([0, 1], shape: [2]) }
      try refused("'elements'") { $0.tensors["elements"] = nil }
      try refused("'velocities'") { $0.tensors["velocities"] = $0.tensors["cell"] }
      try refused("'positions'") {
        let bad = Tensor([Double](repeating: .nan, count: 96), shape: [32, 3])
        $0.tensors["positions"] = bad
      }
      try refused("'cell'") {
        $0.tensors["cell"] = Tensor([Double](repeating: 1, count: 9), shape: [3, 3])
      }
      try refused("'list.cell'") {
        $0.tensors["list.cell"] = Tensor([0.01, 0, 0, 0, 20, 0, 0, 0, 20], shape: [3, 3])
      }
    }
  }

  @Test(
    "values of the head that no trajectory has are refused with their key",
    arguments: [
      ("\"frameEvery\":100", "\"frameEvery\":0", "frameEvery"),
      ("\"logEvery\":10", "\"logEvery\":-1", "logEvery"),
      ("\"restartEvery\":1000", "\"restartEvery\":0", "restartEvery"),
      ("\"steps\":9", "\"steps\":-9", "steps"), ("\"skin\":1", "\"skin\":-1", "skin"),
      ("\"timestep\":0.5", "\"timestep\":0", "timestep"),
      ("\"temperature\":310", "\"temperature\":-310", "temperature"),
      ("\"time\":40", "\"time\":0", "time"), ("\"time\":70", "\"time\":0", "time"),
      ("\"compressibility\":0.1", "\"compressibility\":-0.1", "compressibility"),
      ("\"step\":0", "\"step\":-1", "numbers of steps"),
      ("\"trajectoryByteCount\":3", "\"trajectoryByteCount\":9223372036854775807", "numbers of"),
      ("\"precision\":\"float64\"", "\"precision\":\"half\"", "precision"),
    ])
  func heads(part: String, other: String, words: String) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("restart")
      let ensemble = Ensemble.npt(
        Thermostat(temperature: 310, time: 40),
        Barostat(pressure: 1, time: 70, compressibility: 0.1))
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.crystal, DynamicsFixtures.argon, ensemble)
      try DynamicsRestart(
        dynamics, plan: DynamicsPlan(steps: 9), trajectory: TrajectoryMark(byteCount: 3)
      )
      .write(to: file)
      var content = try SafeTensors(contentsOf: file)
      let head = try #require(content.metadata["head"])
      try #require(head.contains(part), "\(head)")
      content.metadata["head"] = head.replacingOccurrences(of: part, with: other)
      try content.write(to: file)
      let error = #expect(throws: ModelFileError.self) { try DynamicsRestart(contentsOf: file) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("a restart with one wrong bit is refused, whichever it is")
  func bits() throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("restart")
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.water, FlexibleWater(), .nvt(Thermostat(temperature: 300)))
      try DynamicsRestart(
        dynamics, plan: DynamicsPlan(steps: 9), trajectory: TrajectoryMark(byteCount: 3)
      )
      .write(to: file)
      try forEachWrongBit(of: file, seed: 12) { bit in
        #expect(throws: (any Error).self, "bit \(bit)") { try DynamicsRestart(contentsOf: file) }
      }
    }
  }

  @Test("a run that is killed before its first interval goes on from its start")
  func fromStart() throws {
    try withTemporaryDirectory { folder in
      let plan = DynamicsPlan(steps: 8, frameEvery: 4, logEvery: 2, restartEvery: 100)
      func begin() throws -> Dynamics<Double> {
        try DynamicsFixtures.dynamics(DynamicsFixtures.crystal, DynamicsFixtures.argon, .nve)
      }
      let paths = ["whole", "parts"].map { folder.appendingPathComponent($0).path }
      let restart = folder.appendingPathComponent("restart")
      let whole = try run(try begin(), plan, try TrajectoryWriter(creating: paths[0]), restart)
      var none = plan
      none.steps = 0
      let first = try run(try begin(), none, try TrajectoryWriter(creating: paths[1]), restart)
      #expect(first.rows.map(\.step) == [0])
      var state = try DynamicsRestart(contentsOf: restart)
      state.plan = plan
      let second = try run(
        try Dynamics(resuming: state, DynamicsFixtures.argon), plan,
        try TrajectoryWriter(resuming: paths[1], at: state.trajectory), restart)
      #expect(first.rows + second.rows == whole.rows)
      let texts = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(texts[0] == texts[1])
    }
  }

  @Test("a run that ends early right after a frame writes it once")
  func lastFrameOnce() throws {
    try withTemporaryDirectory { folder in
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.water, FlexibleWater(), .nve, timestep: 6,
        limits: DynamicsLimits(temperature: 2000))
      let path = folder.appendingPathComponent("frames").path
      #expect(throws: DynamicsError.self) {
        _ = try run(
          dynamics, DynamicsPlan(steps: 1000, frameEvery: 1), try TrajectoryWriter(creating: path),
          folder.appendingPathComponent("restart"))
      }
      let steps = try ExtendedXYZ.read(path).structures.compactMap { $0.info["step"] }
      #expect(steps == (0...dynamics.step).map(String.init))
    }
  }

  /// Runs with all files, and returns the rows of the log.
  private func run(
    _ dynamics: Dynamics<Double>, _ plan: DynamicsPlan, _ trajectory: TrajectoryWriter,
    _ restart: URL, interruptedAt end: Int? = nil
  ) throws -> (isDone: Bool, rows: [DynamicsSample]) {
    var rows: [DynamicsSample] = []
    let hooks = DynamicsHooks(
      log: { sample, _, rate in
        rows.append(sample)
        #expect(rate >= 0)
      }, isInterrupted: { dynamics.step == end })
    let run = DynamicsRun(
      dynamics, plan: plan, trajectory: trajectory, restartFile: restart, hooks: hooks)
    return (try run.run(), rows)
  }

  @Test("an interrupted run goes on with the same files")
  func files() throws {
    try withTemporaryDirectory { folder in
      let plan = DynamicsPlan(steps: 30, frameEvery: 6, logEvery: 4, restartEvery: 10)
      func begin() throws -> Dynamics<Double> {
        try DynamicsFixtures.dynamics(
          DynamicsFixtures.water, FlexibleWater(), .nvt(Thermostat(temperature: 300)))
      }
      let paths = ["whole", "parts"].map { folder.appendingPathComponent($0).path }
      let restart = folder.appendingPathComponent("restart")
      let whole = try run(
        try begin(), plan, try TrajectoryWriter(creating: paths[0]), restart)
      #expect(whole.isDone && whole.rows.map(\.step) == [0, 4, 8, 12, 16, 20, 24, 28])
      let last = try Data(contentsOf: restart)

      let first = try run(
        try begin(), plan, try TrajectoryWriter(creating: paths[1]), restart, interruptedAt: 13)
      #expect(!first.isDone && first.rows.last?.step == 12)
      // A killed run may have written more.
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[1]))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("24\nhalf a fra".utf8))
      let state = try DynamicsRestart(contentsOf: restart)
      let second = try run(
        try Dynamics(resuming: state, FlexibleWater()), plan,
        try TrajectoryWriter(resuming: paths[1], at: state.trajectory), restart)
      #expect(second.isDone && first.rows + second.rows == whole.rows)
      let texts = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
      #expect(texts[0] == texts[1])
      #expect(try Data(contentsOf: restart) == last)
      let frames = try ExtendedXYZ.read(paths[0]).structures
      #expect(frames.map { $0.info["step"] } == ["0", "6", "12", "18", "24", "30"])
      #expect(frames[1].velocities != nil && frames[1].labels.stress != nil)
      #expect(frames[1].info["time"] == "3.0" && frames[1].info["pressure"] != nil)
    }
  }

  @Test("the last good frame is kept where a run ends early")
  func lastFrame() throws {
    try withTemporaryDirectory { folder in
      let dynamics = try DynamicsFixtures.dynamics(
        DynamicsFixtures.water, FlexibleWater(), .nve, timestep: 6,
        limits: DynamicsLimits(temperature: 2000))
      let path = folder.appendingPathComponent("frames").path
      let restart = folder.appendingPathComponent("restart")
      #expect(throws: DynamicsError.self) {
        _ = try run(
          dynamics, DynamicsPlan(steps: 1000, frameEvery: 1000),
          try TrajectoryWriter(creating: path), restart)
      }
      let frames = try ExtendedXYZ.read(path).structures
      #expect(frames.count == 2 && frames[1].info["step"] == "\(dynamics.step)")
      #expect(
        frames[1]
          == {
            var frame = dynamics.frame; frame.info = frames[1].info; return frame
          }())
      #expect(try DynamicsRestart(contentsOf: restart).step == 0)
    }
  }
}
