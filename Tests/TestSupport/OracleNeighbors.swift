import Foundation

extension SymmetryFunctionOracle {
  /// All atoms and periodic images closer than `cutoff` to an atom, found by trying them all.
  ///
  /// The cell is three vectors, or `nil` for a molecule; it may be smaller than the cutoff.
  public static func neighbors(
    of center: Int, positions: [SIMD3<Double>], elements: [Int], cell: [SIMD3<Double>]?,
    cutoff: Double
  ) -> [OracleNeighbor] {
    var neighbors: [OracleNeighbor] = []
    for (atom, position) in positions.enumerated() {
      let direct = position - positions[center]
      for image in images(of: direct, cell, cutoff) {
        let squared = (image * image).sum()
        guard squared > 0, squared < cutoff * cutoff else { continue }
        neighbors.append(
          OracleNeighbor(displacement: image, element: elements[atom], atom: atom))
      }
    }
    return neighbors
  }

  /// The images of a vector that may be shorter than `cutoff`.
  private static func images(
    of vector: SIMD3<Double>, _ cell: [SIMD3<Double>]?, _ cutoff: Double
  ) -> [SIMD3<Double>] {
    guard let cell else { return [vector] }
    let volume = (cross(cell[0], cell[1]) * cell[2]).sum()
    var ranges: [ClosedRange<Int>] = []
    for axis in 0..<3 {
      let reciprocal = cross(cell[(axis + 1) % 3], cell[(axis + 2) % 3]) / volume
      let fraction = (reciprocal * vector).sum()
      let reach = cutoff * (reciprocal * reciprocal).sum().squareRoot()
      ranges.append(Int((-fraction - reach).rounded(.down))...Int((-fraction + reach).rounded(.up)))
    }
    var images: [SIMD3<Double>] = []
    for a in ranges[0] {
      for b in ranges[1] {
        for c in ranges[2] {
          images.append(vector + Double(a) * cell[0] + Double(b) * cell[1] + Double(c) * cell[2])
        }
      }
    }
    return images
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
