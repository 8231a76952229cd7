/// Follows atoms through periodic boundaries, from one frame to the next.
///
/// The displacement between frames is the shortest one between positions in the cell, so it does not
/// matter whether the file holds wrapped positions. Under changing cells, that of the later frame
/// counts, which leaves diffusion as it is.
///
/// Bullerjahn, von Bülow, Heidari, Hénin, Hummer, J. Chem. Theory Comput. 19 (2023) 3406.
struct PathFollower {
  /// The positions without jumps, in angstrom.
  private(set) var positions: [SIMD3<Double>] = []
  /// The number of displacements by more than 0.4 of the cell, which may have been misjudged.
  private(set) var doubtful = 0

  private var elements: [Element] = []
  private var wrapped: [SIMD3<Double>] = []

  mutating func add(_ frame: Structure) throws(FrameFault) {
    let now = frame.cell.map { cell in frame.positions.map(cell.wrapped) } ?? frame.positions
    defer { wrapped = now }
    guard !elements.isEmpty else {
      (elements, positions) = (frame.elements, frame.positions)
      return
    }
    guard frame.elements == elements else {
      throw FrameFault(
        expected: "the same atoms in the same order as in the frames before", found: frame.formula)
    }
    for atom in positions.indices {
      var step = now[atom] - wrapped[atom]
      if let cell = frame.cell {
        var fraction = cell.fractional(step)
        for axis in 0..<3 where cell.periodicity[axis] {
          fraction[axis] -= fraction[axis].rounded()
          if abs(fraction[axis]) > 0.4 { doubtful += 1 }
        }
        step = cell.cartesian(fraction)
      }
      positions[atom] += step
    }
  }
}
