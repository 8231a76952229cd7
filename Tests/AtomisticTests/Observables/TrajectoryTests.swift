import Atomistic
import Foundation
import TestSupport
import Testing

@Suite("Trajectories are read frame by frame")
struct TrajectoryTests {
  static func frame(_ number: Int, edge: Double = 10, time: Double? = nil) -> Structure {
    Structure(
      elements: [.argon, .argon], positions: [[0, 0, 0], [Double(number) + 1, 0, 0]],
      cell: Cell(cubic: edge), labels: Labels(energy: -Double(number)),
      info: time.map { ["time": "\($0)"] } ?? [:])
  }

  static func write(_ frames: [Structure], to folder: URL) throws -> String {
    let path = folder.appendingPathComponent("run.extxyz").path
    try ExtendedXYZ.write(frames, to: path)
    return path
  }

  static func frames(_ trajectory: Trajectory, in range: Range<Int>) throws -> [Structure] {
    var found: [Structure] = []
    try trajectory.forEach(in: range) { found.append($0) }
    return found
  }

  @Test("the frames are those of the whole file", arguments: [0, 0.5, 0.9])
  func same(fraction: Double) throws {
    try withTemporaryDirectory { folder in
      // Long enough to be read in several parts.
      let atoms = 400
      let all = (0..<90).map { number in
        Structure(
          elements: Array(repeating: .argon, count: atoms),
          positions: (0..<atoms).map { [Double($0) * 3.1, Double(number) / 7, 1 / 3.0] },
          velocities: (0..<atoms).map { [Double($0) / 9, 1 / 3.0, 0] })
      }
      let path = try Self.write(all, to: folder)
      let size = try #require(
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
      #expect(size > 2 << 20)
      let trajectory = try Trajectory(path)
      #expect(trajectory.count == 90)
      let range = trajectory.frames(from: fraction)
      #expect(range.upperBound == 90 && range.lowerBound == Int(90 * fraction))
      #expect(try Self.frames(trajectory, in: range) == Array(all[range]))
    }
  }

  @Test("other formats and blank lines are read")
  func formats() throws {
    try withTemporaryDirectory { folder in
      let all = (0..<3).map { Self.frame($0) }
      let path = folder.appendingPathComponent("a.xyz").path
      let text = String(decoding: ExtendedXYZ.text(all), as: UTF8.self)
      try Data("\n\n\(text.replacing("\n2\n", with: "\n\n2\n"))\n".utf8)
        .write(to: URL(fileURLWithPath: path))
      #expect(try Self.frames(Trajectory(path), in: 0..<3) == all)
      var whole = all
      for index in whole.indices { whole[index].labels.forces = [.zero, .zero] }
      let data = folder.appendingPathComponent("a.data").path
      try RunnerData.write(whole, to: data)
      let trajectory = try Trajectory(data)
      #expect(trajectory.count == 3)
      #expect(try Self.frames(trajectory, in: 1..<3).count == 2)
    }
  }

  @Test("faults have the line of the file, and a frame that is cut off is refused")
  func faults() throws {
    try withTemporaryDirectory { folder in
      let path = try Self.write((0..<4).map { Self.frame($0) }, to: folder)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      func fault(_ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var message = ""
        do {
          let trajectory = try Trajectory(path)
          _ = try Self.frames(trajectory, in: trajectory.frames(from: 0.5))
        } catch { message = "\(error)" }
        return message
      }
      #expect(try fault(text.replacing("Ar 4.0", with: "Ar x")).contains("line 16, position"))
      #expect(try fault(String(text.dropLast(15))).contains("cut off"))
      #expect(try fault(text + "water\n").contains("line 17"))
      #expect(try fault("\n").contains("frames"))
      #expect(try fault("99999999999999\nx\n").contains("line 2"))
    }
  }

  @Test("faults of an observable name the frame")
  func frameFaults() throws {
    try withTemporaryDirectory { folder in
      let path = try Self.write((0..<4).map { Self.frame($0) }, to: folder)
      let error = #expect(throws: FormatError.self) {
        try Trajectory(path).forEach(in: 2..<4) { _ throws(FrameFault) in
          throw FrameFault(expected: "an orange", found: "an apple")
        }
      }
      let sentence = "\(path), frame 2 (counted from 0): expected an orange, found an apple"
      #expect(error?.description == sentence)
    }
  }

  @Test("bohr taken for angstrom is noticed here, too")
  func units() throws {
    try withTemporaryDirectory { folder in
      let water = StructureFixtures.water(molecules: 2, seed: 3, scale: 1.8897261)
      let path = try Self.write([water, water, water], to: folder)
      let error = #expect(throws: FormatError.self) { try Self.frames(Trajectory(path), in: 0..<3) }
      #expect(error?.description.contains("--length-unit bohr") == true)
    }
  }

  @Test("the time between frames is that of the headers, or the user's")
  func clock() throws {
    try withTemporaryDirectory { folder in
      let path = try Self.write((0..<4).map { Self.frame($0, time: 5 * Double($0)) }, to: folder)
      let trajectory = try Trajectory(path)
      var clock = try FrameClock(of: trajectory, in: 1..<4, interval: nil)
      #expect(clock.interval == 5)
      try trajectory.forEach(in: 1..<4) { frame throws(FrameFault) in try clock.check(frame) }
      #expect(throws: FrameFault.self) { try clock.check(Self.frame(0, time: 30)) }
      #expect(try FrameClock(of: trajectory, in: 0..<4, interval: 0.5).interval == 0.5)
      #expect(try !clock.endsEarly(trajectory, in: 1..<4))
      for (last, isEarly) in [(11.0, true), (14, true), (15, false), (16, false), (10, false)] {
        let times = [0, 5, 10, last]
        let cut = try Trajectory(
          Self.write(times.map { Self.frame(0, time: $0) }, to: folder))
        let clock = try FrameClock(of: cut, in: 0..<4, interval: nil)
        #expect(try clock.endsEarly(cut, in: 0..<4) == isEarly, "\(last)")
        #expect(try !clock.endsEarly(cut, in: 0..<3))
      }
      let other = try Self.write((0..<4).map { Self.frame($0) }, to: folder)
      let error = #expect(throws: FormatError.self) {
        try FrameClock(of: Trajectory(other), in: 0..<4, interval: nil)
      }
      #expect(error?.description.contains("--timestep") == true)
    }
  }

  @Test("densities are exact, and datasets are counted by density and energy")
  func histogram() throws {
    let structure = Self.frame(3, edge: 4)
    let exact = 2 * Element.argon.mass * 1.66053906660 / 64
    #expect(abs(try structure.requiredDensity() - exact) < 1e-12)
    var datasets = [EnergyDensityHistogram.Dataset(), EnergyDensityHistogram.Dataset()]
    for number in 0..<8 { try datasets[number % 2].add(Self.frame(number, edge: 10)) }
    let histogram = EnergyDensityHistogram(datasets, bins: 7)
    #expect(histogram.energyEdges.first == -3.5 && histogram.energyEdges.last == 0)
    #expect(histogram.counts.map { $0.joined().reduce(0, +) } == [4, 4])
    #expect(histogram.counts[0].joined().count { $0 > 0 } == 4)
    let edges = histogram.densityEdges
    #expect(edges[0] < datasets[0].densities[0] && edges[7] > datasets[0].densities[0])
    var none = EnergyDensityHistogram.Dataset()
    #expect(throws: FrameFault.self) {
      try none.add(Structure(elements: [.argon], positions: [.zero], cell: Cell(cubic: 9)))
    }
  }
}
