/// An atom in a bin that is about within reach of another one, seen from the latter's image.
struct NeighborCandidate: Sendable {
  /// The place of the atom in the arrays by bins.
  var slot: Int32
  /// The number of the segment that it is in.
  var segment: Int32

  /// The number of atoms that are tested at once, and that may be written beyond the last candidate.
  static let lanes = 4

  /// Writes down the atoms of segments that are about within reach; returns how many, and how many of
  /// these are so near the reach, or so near the centre, that the exact distance has to decide.
  ///
  /// Most atoms are not within reach, in no order that a processor could foresee: each is written, and
  /// the next one over it if it was none. `result` has room for all atoms and `lanes` more.
  static func collect(
    in segments: [NeighborGrid.Segment], of grid: NeighborGrid,
    into result: UnsafeMutablePointer<NeighborCandidate>
  ) -> (count: Int, doubts: Int) {
    // Coordinates in the cell are good to about 1e-13 of those given.
    let reach = grid.reach * grid.reach
    let slack = reach * 1e-6 + 1e-6
    return grid.coordinatesInBins.withUnsafeBufferPointer { coordinates in
      let x = coordinates.baseAddress.unsafelyUnwrapped
      let (y, z) = (x + grid.coordinateStride, x + 2 * grid.coordinateStride)
      var count = 0
      var doubts = SIMD4<UInt64>.zero
      for (number, segment) in segments.enumerated() {
        let center = segment.center
        for slot in stride(from: Int(segment.start), to: Int(segment.end), by: lanes) {
          let step = (center.x - four(x, slot), center.y - four(y, slot), center.z - four(z, slot))
          let square = step.0 * step.0 + step.1 * step.1 + step.2 * step.2
          // Signs, not comparisons, which would become branches.
          let last = Int64(segment.end) &- Int64(slot)
          let inside = bits(SIMD4<Int64>(0, 1, 2, 3) &- last)
          let near = (bits(square - (reach + slack)) & inside) &>> 63
          let sure = (bits(square - (reach - slack)) & bits(1e-6 - square)) &>> 63
          doubts &+= near & (sure ^ 1)
          for lane in 0..<lanes {
            result[count] = NeighborCandidate(
              slot: Int32(truncatingIfNeeded: slot &+ lane),
              segment: Int32(truncatingIfNeeded: number))
            count &+= Int(truncatingIfNeeded: near[lane])
          }
        }
      }
      return (count, Int(truncatingIfNeeded: doubts.wrappedSum()))
    }
  }

  @inline(__always)
  private static func four(_ values: UnsafePointer<Double>, _ index: Int) -> SIMD4<Double> {
    UnsafeRawPointer(values + index).loadUnaligned(as: SIMD4<Double>.self)
  }

  @inline(__always)
  private static func bits<Vector: SIMD>(_ vector: Vector) -> SIMD4<UInt64> {
    unsafeBitCast(vector, to: SIMD4<UInt64>.self)
  }
}
