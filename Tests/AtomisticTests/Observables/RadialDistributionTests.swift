import Atomistic
import Tensors
import TestSupport
import Testing

@Suite("Radial distribution functions")
struct RadialDistributionTests {
  static let pair = ElementPair(.argon, .argon)

  /// A face-centred cubic crystal of argon with `edge` conventional cells along each axis.
  static func crystal(_ edge: Int, constant: Double) -> Structure {
    let basis: [SIMD3<Double>] = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]
    var positions: [SIMD3<Double>] = []
    for x in 0..<edge {
      for y in 0..<edge {
        for z in 0..<edge {
          positions += basis.map { (SIMD3(Double(x), Double(y), Double(z)) + $0) * constant }
        }
      }
    }
    return Structure(
      elements: Array(repeating: .argon, count: positions.count), positions: positions,
      cell: Cell(cubic: constant * Double(edge)))
  }

  @Test("an ideal gas has 1, within half the cell and beyond, in cells of changing shape")
  func idealGas() throws {
    var random = RandomStream(seed: 4)
    let (atoms, frames) = (400, 30)
    var distribution = RadialDistribution(
      pairs: [Self.pair], frames: frames, range: 18, bins: 9)
    for frame in 0..<frames {
      let edge = 20 + Double(frame % 3)
      let cell = Cell(Matrix3([edge, 0, 0], [4, edge, 0], [-3, 5, edge + 2]))
      let positions = (0..<atoms).map { _ in
        cell.cartesian([random.uniformDouble(), random.uniformDouble(), random.uniformDouble()])
      }
      try distribution.add(
        Structure(
          elements: Array(repeating: .argon, count: atoms), positions: positions, cell: cell))
    }
    let curve = distribution.curves()[0]
    for (g, error) in zip(curve.g, try #require(curve.error)).dropFirst() {
      // An atom's own images come in at the lattice vectors: up to 1/N more than one.
      #expect(abs(g - 1) < 0.02 + 5 * error, "\(curve.g)")
      #expect(error < 0.02)
    }
  }

  @Test("a crystal has the same shells whichever cell describes it", arguments: [1, 2])
  func crystal(edge: Int) throws {
    let constant = 5.3
    var distribution = RadialDistribution(pairs: [Self.pair], frames: 1, range: 8, bins: 400)
    try distribution.add(Self.crystal(edge, constant: constant))
    let curve = distribution.curves()[0]
    let shells = [(0.5, 12.0), (1, 18), (1.5, 42), (2, 54)].map { ($0.squareRoot(), $1) }
    for (distance, count) in shells {
      let bin = Int(distance * constant / 0.02)
      #expect(curve.g[(bin - 1)...(bin + 1)].contains { $0 > 5 })
      #expect(curve.coordination[bin + 2] == count)
      #expect(curve.coordination[bin - 3] < count)
    }
    #expect(curve.error == nil)
    #expect(abs(curve.peak.position - constant * 0.5.squareRoot()) < 0.02)
    #expect(curve.peak.coordination == 12)
    // The coordination is the integral of g: ρ ∫ 4π r² g dr.
    let density = 4 / (constant * constant * constant)
    let integral = curve.r.indices.reduce(0.0) {
      $0 + density * curve.g[$1] * 4 * Double.pi * curve.r[$1] * curve.r[$1] * 0.02
    }
    #expect(abs(integral - curve.coordination[399]) < 0.01)
  }

  @Test("pairs of two elements are counted around the first")
  func pairs() throws {
    let cell = Cell(cubic: 20)
    let water = Structure(
      elements: [.oxygen, .hydrogen, .hydrogen],
      positions: [[0.1, 0, 0], [19.4, 0.7, 0], [0.7, 0.75, 0]], cell: cell)
    let pairs = ElementPair.all(of: water)
    #expect(pairs.map(\.description) == ["O-O", "O-H", "H-H"])
    var distribution = RadialDistribution(
      pairs: pairs + [ElementPair(.hydrogen, .oxygen)], frames: 1, range: 2, bins: 40)
    try distribution.add(water)
    #expect(distribution.curves().map { $0.coordination[39] } == [0, 2, 1, 1])
  }

  @Test("frames that tell nothing are refused")
  func faults() {
    var distribution = RadialDistribution(pairs: [ElementPair(.oxygen, .argon)], frames: 2)
    let open = Structure(elements: [.argon], positions: [.zero])
    #expect(throws: FrameFault.self) { try distribution.add(open) }
    let argon = Structure(elements: [.argon], positions: [.zero], cell: Cell(cubic: 9))
    #expect(throws: FrameFault.self) { try distribution.add(argon) }
  }

  @Test(
    "water of density functional theory has its first O-O peak where it should be",
    .enabled(if: SharedData.has("data/water-pbe0ts/water.extxyz"), "\(SharedData.absence)"))
  func water() throws {
    let trajectory = try Trajectory(SharedData.path("data/water-pbe0ts/water.extxyz")!)
    let frames = trajectory.frames(from: 0.5)
    #expect(trajectory.count == 320 && frames == 160..<320)
    var distribution = RadialDistribution(
      pairs: [ElementPair(.oxygen, .oxygen), ElementPair(.oxygen, .hydrogen)],
      frames: frames.count)
    try trajectory.forEach(in: frames) { frame throws(FrameFault) in try distribution.add(frame) }
    let curves = distribution.curves()
    #expect((2.68...2.82).contains(curves[0].peak.position), "\(curves[0].peak)")
    #expect((2...4).contains(curves[0].peak.height), "\(curves[0].peak)")
    #expect((3.5...6).contains(curves[0].peak.coordination), "\(curves[0].peak)")
    #expect((0.93...1.03).contains(curves[1].peak.position), "\(curves[1].peak)")
    #expect(abs(curves[1].peak.coordination - 2) < 0.02, "\(curves[1].peak)")
  }
}
