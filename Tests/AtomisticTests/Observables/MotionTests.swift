import Foundation
import Tensors
import Testing

@testable import Atomistic

@Suite("Displacements and velocities over time")
struct MotionTests {
  @Test("a random walk has its diffusion coefficient, wrapped or not, in a breathing cell")
  func randomWalk() throws {
    var random = RandomStream(seed: 8)
    let (atoms, frames, interval, step) = (60, 600, 2.0, 0.1)
    var walk = [SIMD3<Double>](repeating: .zero, count: atoms)
    var displacement = MeanSquareDisplacement(
      elements: [.argon], frames: frames, interval: interval, longest: 100)
    for frame in 0..<frames {
      for atom in walk.indices {
        walk[atom] += step * SIMD3(random.normal(), random.normal(), random.normal())
      }
      let cell = Cell(Matrix3([4 + 0.01 * sin(Double(frame)), 0, 0], [1, 4, 0], [0, 1, 4]))
      let places = frame % 2 == 0 ? walk.map(cell.wrapped) : walk.map { $0 + 3 * cell.vectors.y }
      // In a cell that changes, the place of an atom is that in the cell.
      try displacement.add(
        Structure(
          elements: Array(repeating: .argon, count: atoms), positions: places, cell: cell))
      walk = walk.map(cell.wrapped)
    }
    #expect(displacement.doubtful == 0)
    let curve = displacement.curves()[0]
    #expect(curve.time.last == 100 && curve.msd[0] == 0)
    // <x²> = 3 step² a frame; D = <x²>/(6 t), in 0.1 cm²/s.
    let exact = 3 * step * step / (6 * interval) * 0.1
    let error = try #require(curve.diffusion.error)
    #expect(abs(curve.diffusion.mean - exact) < 0.1 * exact, "\(curve.diffusion) not \(exact)")
    #expect(error > 0.002 * exact && error < 0.15 * exact)
    #expect(abs(curve.msd[1] - 3 * step * step) < 0.02 * 3 * step * step)
    let exponent = try #require(curve.exponent)
    #expect(abs(exponent - 1) < 0.15, "\(exponent)")
  }

  @Test("straight motion goes on across boundaries, and is quadratic")
  func ballistic() throws {
    var displacement = MeanSquareDisplacement(
      elements: [.hydrogen, .oxygen], frames: 80, interval: 0.5, longest: 20)
    let cell = Cell(cubic: 3)
    for frame in 0..<80 {
      let x = 0.4 * Double(frame)
      try displacement.add(
        Structure(
          elements: [.oxygen, .hydrogen],
          positions: [cell.wrapped([x, 0, 0]), cell.wrapped([0, -2 * x, 0])], cell: cell))
    }
    let curves = displacement.curves()
    #expect(displacement.doubtful == 0)
    for lag in 0...40 {
      let square = 0.16 * Double(lag * lag)
      #expect(abs(curves[1].msd[lag] - square) < 1e-9)
      #expect(abs(curves[0].msd[lag] - 4 * square) < 1e-9)
    }
    for curve in curves { #expect(abs(try #require(curve.exponent) - 2) < 1e-9) }
  }

  @Test("atoms at rest, and a single lag, have no exponent")
  func noExponent() throws {
    for (speed, longest) in [(0.0, 5.0), (1.0, 0.5)] {
      var displacement = MeanSquareDisplacement(
        elements: [.argon], frames: 20, interval: 0.5, longest: longest)
      for frame in 0..<20 {
        try displacement.add(
          Structure(elements: [.argon], positions: [[speed * Double(frame), 0, 0]]))
      }
      #expect(displacement.curves()[0].exponent == nil)
    }
  }

  @Test("jumps of half a cell are counted as doubtful, and other atoms refused")
  func doubtful() throws {
    var follower = PathFollower()
    let cell = Cell(cubic: 3)
    for x in [0.0, 1.3] {
      try follower.add(Structure(elements: [.argon], positions: [[x, 0, 0]], cell: cell))
    }
    #expect(follower.doubtful == 1)
    #expect(throws: FrameFault.self) {
      try follower.add(Structure(elements: [.oxygen], positions: [.zero], cell: cell))
    }
  }

  @Test("harmonic oscillators show their frequencies in the spectrum")
  func oscillators() throws {
    // 3000 and 1000 waves per centimetre, seen every femtosecond.
    let (frames, interval) = (3000, 1.0)
    var correlation = VelocityAutocorrelation(
      elements: [.oxygen, .hydrogen], frames: frames, interval: interval, longest: 700)
    let wave = 2 * Double.pi * VelocityAutocorrelation.speedOfLight * interval
    for frame in 0..<frames {
      let t = Double(frame)
      try correlation.add(
        Structure(
          elements: [.hydrogen, .oxygen], positions: [.zero, [1, 0, 0]],
          velocities: [[0, 3 * cos(3000 * wave * t), 0], [cos(1000 * wave * t + 1), 0, 0]]))
    }
    let (curves, all) = correlation.curves()
    #expect(abs(curves[0].maximum - 1000) < 15 && abs(curves[1].maximum - 3000) < 15)
    // The hydrogen has nine times the square of the velocity, the oxygen 15.9 times the mass.
    #expect(abs(all.maximum - 1000) < 15)
    #expect(abs(curves[1].vacf[0] - 1) < 1e-12)
    for lag in stride(from: 0, to: 700, by: 35) {
      #expect(abs(curves[1].vacf[lag] - cos(3000 * wave * Double(lag))) < 0.01)
    }
    let step = all.wavenumber[1]
    for curve in curves + [all] {
      #expect(abs(curve.spectrum.reduce(0, +) * step - 1) < 0.01)
    }
    // The area of a peak is the oscillator's part of the kinetic energy.
    let (light, heavy) = (9 * Element.hydrogen.mass, Element.oxygen.mass)
    let upper = all.wavenumber.indices.filter { all.wavenumber[$0] > 2000 }
    let area = upper.reduce(0) { $0 + all.spectrum[$1] } * step
    #expect(abs(area - light / (light + heavy)) < 0.01)
  }

  @Test("frames without velocities are refused")
  func velocities() {
    var correlation = VelocityAutocorrelation(elements: [.argon], frames: 4, interval: 1)
    #expect(throws: FrameFault.self) {
      try correlation.add(Structure(elements: [.argon], positions: [.zero]))
    }
  }
}
