import Atomistic

/// Random and regular structures for the tests of structures and formats.
enum StructureFixtures {
  /// SplitMix64 of Steele, Lea and Flood: the same numbers for the same seed, everywhere.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    init(seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
      range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
    }

    mutating func vector(_ range: ClosedRange<Double>) -> SIMD3<Double> {
      [uniform(range), uniform(range), uniform(range)]
    }
  }

  /// Water molecules on a jittered simple cubic grid at 1 g/mL; lengths times `scale`.
  static func water(molecules edge: Int, seed: Int, scale: Double = 1) -> Structure {
    var generator = Generator(seed: seed)
    let spacing = 3.104
    var elements: [Element] = []
    var positions: [SIMD3<Double>] = []
    for x in 0..<edge {
      for y in 0..<edge {
        for z in 0..<edge {
          let place = SIMD3(Double(x), Double(y), Double(z)) * spacing
          let oxygen = place + generator.vector(-0.2...0.2)
          let axis = generator.vector(-1...1)
          let first = axis / axis.length
          let side = first.cross(generator.vector(-1...1))
          let second = -0.25 * first + 0.968 * side / side.length
          elements += [.oxygen, .hydrogen, .hydrogen]
          positions += [oxygen, oxygen + 0.97 * first, oxygen + 0.96 * second]
        }
      }
    }
    return Structure(
      elements: elements, positions: positions.map { $0 * scale },
      cell: Cell(cubic: Double(edge) * spacing * scale))
  }

  /// A structure with every label, a triclinic cell and numbers that need all digits.
  static func labelled(seed: Int) -> Structure {
    var generator = Generator(seed: seed)
    let elements: [Element] = [.oxygen, .hydrogen, .hydrogen, .carbon]
    let cell = Cell(
      Matrix3([9.1 + 0.1 * Double(seed), 0, 0], [1.0 / 3, 8.7, 0], [-2.0 / 7, 0.1, 10.0 / 1.1]))
    return Structure(
      elements: elements, positions: elements.map { _ in generator.vector(-20...20) },
      velocities: elements.map { _ in generator.vector(-0.1...0.1) }, cell: cell,
      labels: Labels(
        energy: generator.uniform(-3000...0),
        forces: elements.map { _ in generator.vector(-2...2) },
        stress: Matrix3(
          generator.vector(-0.1...0.1), generator.vector(-0.1...0.1), generator.vector(-0.1...0.1))),
      name: "fixture \"\(seed)\"", info: ["config_type": "liquid", "note": "a = b, 'c' \\ {d}"])
  }
}
