/// The counter-based generator Philox4x32-10: a keyed bijection of 128-bit counters.
///
/// Any block of the sequence is computed on its own, so a stream is resumed from its position.
/// J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", SC11 (2011).
package enum Philox {
  /// The four random words of a counter under a key.
  package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (counter, key) = (counter, key)
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9e37_79b9, 0xbb67_ae85) }
      let first = UInt64(counter[0]) * 0xd251_1f53
      let second = UInt64(counter[2]) * 0xcd9e_8d57
      counter = SIMD4(
        UInt32(second >> 32) ^ counter[1] ^ key[0], UInt32(truncatingIfNeeded: second),
        UInt32(first >> 32) ^ counter[3] ^ key[1], UInt32(truncatingIfNeeded: first))
    }
    return counter
  }
}
