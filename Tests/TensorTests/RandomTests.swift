import Foundation
import Tensors
import Testing

@Test("Philox gives the published blocks")
func knownBlocks() {
  #expect(
    Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
      == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
  #expect(
    Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
      == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  #expect(
    Philox.block(
      counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      key: SIMD2(0xa409_3822, 0x299f_31d0))
      == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
}

@Test("A decoded stream goes on where the encoded one stopped", arguments: [0, 1, 4, 7])
func resumes(taken: Int) throws {
  var stream = RandomStream(seed: 7, stream: 3)
  for _ in 0..<taken { _ = stream.nextUInt32() }
  var resumed = try JSONDecoder().decode(
    RandomStream.self, from: JSONEncoder().encode(stream))
  #expect(resumed == stream)
  #expect(resumed.position == UInt64(taken))
  for _ in 0..<9 { #expect(resumed.nextUInt32() == stream.nextUInt32()) }
  #expect(resumed.normal() == stream.normal())
}

@Test("Streams of one seed differ, and so do seeds")
func streamsDiffer() {
  var first: [UInt64] = []
  for seed in 0..<3 {
    for stream in 0..<3 {
      var stream = RandomStream(seed: UInt64(seed), stream: UInt64(stream))
      first.append(stream.nextUInt64())
    }
  }
  #expect(Set(first).count == first.count)
}

@Test("Uniform and normal numbers have the right moments")
func moments() {
  var stream = RandomStream(seed: 1)
  let count = 40_000
  let error = 5 / Double(count).squareRoot()
  let uniform = (0..<count).map { _ in stream.uniformDouble() }
  #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
  #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < error / 12.0.squareRoot())
  let single = (0..<count).map { _ in Double(stream.uniformFloat()) }
  #expect(single.allSatisfy { $0 >= 0 && $0 < 1 })
  #expect(abs(single.reduce(0, +) / Double(count) - 0.5) < error / 12.0.squareRoot())
  let normal = (0..<count).map { _ in stream.normal() }
  func moment(_ power: Double) -> Double {
    normal.reduce(0) { $0 + pow($1, power) } / Double(count)
  }
  #expect(abs(moment(1)) < error)
  #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
  #expect(abs(moment(3)) < error * 15.0.squareRoot())
  #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
}

@Test("Integers below a bound are equally likely, and a shuffle keeps the elements")
func integers() {
  var stream = RandomStream(seed: 2)
  var counts = [Int](repeating: 0, count: 7)
  for _ in 0..<14_000 { counts[stream.integer(below: 7)] += 1 }
  #expect(counts.allSatisfy { abs($0 - 2000) < 5 * 45 })
  #expect(stream.integer(below: 1) == 0)
  // Without rejection, two thirds of the draws below this bound would fall into its lower half.
  let large = Int.max / 4 * 3
  let low = (0..<4000).count { _ in stream.integer(below: large) < large / 2 }
  #expect(abs(low - 2000) < 5 * 32)
  var elements = Array(0..<50)
  stream.shuffle(&elements)
  #expect(elements != Array(0..<50))
  #expect(elements.sorted() == Array(0..<50))
}
