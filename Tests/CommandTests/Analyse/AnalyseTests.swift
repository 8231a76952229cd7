import Atomistic
import Foundation
import Tensors
import TestSupport
import Testing

@testable import AtomFlowTool

@Suite("Trajectories are analysed")
struct AnalyseTests {
  /// Argon on a lattice that shakes at 200 waves per centimetre while its cell grows.
  static func trajectory(seed: Int, frames: Int = 240) -> [Structure] {
    var random = RandomStream(seed: UInt64(seed))
    let phases = (0..<8).map { _ in 2 * Double.pi * random.uniformDouble() }
    let wave = 2 * Double.pi * 200 * VelocityAutocorrelation.speedOfLight
    return (0..<frames).map { frame in
      let time = 5 * Double(frame)
      let edge = 8 + 0.001 * Double(frame) + 0.0001 * Double(seed)
      let positions = phases.enumerated().map { atom, phase in
        let site = SIMD3(Double(atom / 4), Double(atom / 2 % 2), Double(atom % 2))
        let shift = 0.2 * sin(wave * time + phase)
        return site * (edge / 2) + SIMD3(shift, 0, 0)
      }
      return Structure(
        elements: Array(repeating: .argon, count: 8), positions: positions,
        velocities: phases.map { SIMD3(0.2 * wave * cos(wave * time + $0), 0, 0) },
        cell: Cell(cubic: edge), labels: Labels(energy: -0.8 + 0.001 * Double(frame % 10)),
        info: ["time": "\(time)"])
    }
  }

  static func inFolder(_ body: (URL) throws -> Void) throws {
    try withTemporaryDirectory { folder in
      for seed in [1, 2] {
        let file = folder.appendingPathComponent("\(seed).extxyz").path
        try ExtendedXYZ.write(trajectory(seed: seed), to: file)
      }
      try body(folder)
    }
  }

  /// Runs a command with and without several trajectories; returns the JSON of both.
  static func analyse(
    _ name: String, _ options: String..., in folder: URL
  ) throws -> (one: JSONTree, two: JSONTree, table: [[Substring]]) {
    var trees: [JSONTree] = []
    var table: [[Substring]] = []
    for files in [["1.extxyz"], ["1.extxyz", "2.extxyz"]] {
      let outputs = ["--json", "--csv", "a.csv", "--svg", "a.svg"]
      let run = try BuiltTool(["analyse", name] + files + outputs + options, in: folder)
      #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
      trees.append(JSONTree(try JSONSerialization.jsonObject(with: Data(run.output.utf8))))
      let svg = try String(
        contentsOf: folder.appendingPathComponent("a.svg"), encoding: .utf8)
      let figure = try ParsedFigure(svg)
      #expect(figure.texts.contains { $0.contains("(") })
      let csv = try String(contentsOf: folder.appendingPathComponent("a.csv"), encoding: .utf8)
      table = csv.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      #expect(Set(table.map(\.count)).count == 1 && table.count > 1)
      let text = try BuiltTool(["analyse", name] + files + options, in: folder)
      #expect(text.status == 0 && !text.output.contains("{") && text.output.contains("\n"))
    }
    return (trees[0], trees[1], table)
  }

  @Test("density is the mean over the last half, with its error")
  func density() throws {
    try Self.inFolder { folder in
      let (one, two, table) = try Self.analyse("density", in: folder)
      let expected = try [1, 2].map { seed in
        try Self.trajectory(seed: seed).suffix(120).map { try $0.requiredDensity() }
          .reduce(0, +) / 120
      }
      #expect(abs(one["density"]["mean"].real - expected[0]) < 1e-12)
      #expect(one["density"]["error"].real > 0)
      #expect(abs(two["density"]["mean"].real - (expected[0] + expected[1]) / 2) < 1e-12)
      #expect(abs(two["density"]["error"].real - abs(expected[0] - expected[1]) / 2) < 1e-12)
      #expect(table[0] == ["trajectory", "time_fs", "density_g_per_mL"] && table.count == 481)
      let whole = try BuiltTool("analyse", "density", "1.extxyz", "--from", "0", in: folder)
      #expect(whole.output.contains("over 240 frames"))
    }
  }

  @Test("radial distribution functions have a peak at the distance of neighbours")
  func rdf() throws {
    try Self.inFolder { folder in
      let (one, two, table) = try Self.analyse("rdf", "--range", "7", "--bin", "0.1", in: folder)
      for tree in [one, two] {
        let peak = tree["rdf"]["Ar-Ar"]["peak"]
        #expect((3.5...4.5).contains(peak["position"].real))
        #expect(tree["rdf"]["Ar-Ar"]["r"].elements.count == 70)
        // Six, twelve and part of eight neighbours of the simple cubic lattice.
        let neighbors = tree["rdf"]["Ar-Ar"]["coordination"].elements.last?.real ?? 0
        #expect((18...26).contains(neighbors), "\(neighbors)")
      }
      #expect(one["rdf"]["Ar-Ar"]["error"].elements.count == 70)
      #expect(two["rdf"]["Ar-Ar"]["deviation"].elements.count == 70)
      #expect(table.count == 71)
    }
  }

  @Test("motion has its amplitude and its frequency")
  func motion() throws {
    try Self.inFolder { folder in
      let (one, two, _) = try Self.analyse("msd", "--from", "0", "--lag", "200", in: folder)
      for tree in [one, two] {
        #expect(tree["msd"]["Ar"]["time"].elements.count == 41)
        // 2 · 0.2² sin²(ωt/2) averages to the square of the amplitude.
        let largest = tree["msd"]["Ar"]["msd"].elements.map(\.real).max() ?? 0
        #expect(abs(largest - 0.08) < 0.01)
        #expect(abs(tree["msd"]["Ar"]["diffusion"]["mean"].real) < 1e-4)
      }
      let (spectra, both, _) = try Self.analyse("vacf", "--from", "0", in: folder)
      for tree in [spectra, both] {
        #expect(abs(tree["vacf"]["Ar"]["maximum"].real - 200) < 20)
        #expect(abs(tree["vacf"]["all"]["maximum"].real - 200) < 20)
      }
    }
  }

  @Test("a diffusion coefficient of atoms that still fly freely comes with a warning")
  func flight() throws {
    try withTemporaryDirectory { folder in
      let frames = (0..<40).map { frame in
        Structure(
          elements: [.argon, .hydrogen],
          positions: [[0.1 * Double(frame), 0, 0], [0, sin(Double(frame)), 0]],
          cell: Cell(cubic: 20), info: ["time": "\(frame)"])
      }
      try ExtendedXYZ.write(frames, to: folder.appendingPathComponent("a.extxyz").path)
      let run = try BuiltTool("analyse", "msd", "a.extxyz", "--json", "--from", "0", in: folder)
      #expect(run.status == 0)
      let words = "the displacements grow as t^2.00 where the diffusion coefficient is fitted"
      #expect(run.errors.contains("warning: Ar: \(words)"), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
      let tree = JSONTree(try JSONSerialization.jsonObject(with: Data(run.output.utf8)))
      #expect(tree["msd"]["Ar"]["warning"].text.hasPrefix(words))
      #expect(abs(tree["msd"]["Ar"]["exponent"].real - 2) < 1e-6)
      #expect(!run.output.contains("\"warning\" : null"))
    }
  }

  @Test("datasets are spread over density and energy")
  func histogram() throws {
    try Self.inFolder { folder in
      let (one, two, table) = try Self.analyse("histogram", "--bins", "8", in: folder)
      #expect(one["histogram"]["datasets"].elements.count == 1)
      let both = two["histogram"]["datasets"].elements
      for dataset in both {
        #expect(dataset["structures"].real == 240)
        let counts = dataset["counts"].elements.flatMap { $0.elements.map(\.real) }
        #expect(counts.count == 64 && counts.reduce(0, +) == 240)
      }
      let energy = both[0]["energyPerAtom"]["mean"].real
      #expect(abs(energy - (-0.8 + 0.0045) / 8) < 1e-9)
      #expect(table[0].count == 6)
    }
  }

  @Test(
    "what cannot be is said in a sentence",
    arguments: [
      ("density 1.extxyz --from 1", 2, "less than 1"),
      ("density 1.extxyz --svg 1.extxyz", 2, "files of their own"),
      ("density 1.extxyz --svg no/a.svg", 1, "make it first"),
      ("density none.extxyz", 1, "expected a file"),
      ("rdf 1.extxyz --pair O-O", 1, "expected atoms of O"),
      ("rdf 1.extxyz --pair O", 2, "two elements"),
      ("rdf 1.extxyz --bin 9", 2, "--bin should divide"),
      ("msd 1.extxyz --element O", 1, "expected atoms of O"),
      ("msd 1.extxyz --timestep 0", 2, "above 0"),
      ("msd 1.extxyz --from 0.99", 1, "four frames"),
      ("vacf 1.extxyz --element O", 1, "expected atoms of O"),
      ("histogram 1.extxyz --bins 0", 2, "1...1000"),
    ])
  func faults(line: String, status: Int32, words: String) throws {
    try withTemporaryDirectory { folder in
      let file = folder.appendingPathComponent("1.extxyz").path
      try ExtendedXYZ.write(Self.trajectory(seed: 1, frames: 20), to: file)
      let run = try BuiltTool(
        ["analyse"] + line.split(separator: " ").map(String.init), in: folder)
      #expect(run.status == status && run.errors.contains(words), "\(run.errors)")
    }
  }
}
