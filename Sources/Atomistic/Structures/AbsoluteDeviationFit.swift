import Tensors

/// The energies of elements for which the absolute deviations of structures' energies per atom are least.
///
///     Σ_i |e_i - Σ_k x_ik b_k|     e_i: energy per atom, x_ik: fraction of element k, b_k: its energy
///
/// A wrong energy counts with its size alone and not with its square, so that one among many moves the
/// fit by nothing. Solved by reweighted least squares, w_i = 1 / max(|r_i|, δ).
struct AbsoluteDeviationFit {
  /// An energy per atom and the fractions of elements, those that occur.
  struct Row {
    var energy: Double
    var fractions: [(element: Int, value: Double)]
  }

  /// The number of energies that the rows determine.
  let rank: Int
  /// `e_i - Σ_k x_ik b_k` for each row.
  let residuals: [Double]

  /// The residual δ in eV below which weights grow no more.
  private static let smallestResidual = 1e-5
  private static let mostIterations = 100

  /// Fits the energies of `elements` elements.
  ///
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  init(_ rows: [Row], elements: Int) throws(LinearAlgebra.Failure) {
    var residuals = rows.map(\.energy)
    var weights = rows.map { _ in 1.0 }
    var rank = 0
    for _ in 0..<Self.mostIterations {
      // Few elements occur in a structure: the normal equations are made in no time.
      var matrix = [Double](repeating: 0, count: elements * elements)
      var right = [Double](repeating: 0, count: elements)
      for (row, weight) in zip(rows, weights) {
        for (element, value) in row.fractions {
          right[element] += weight * value * row.energy
          for (other, fraction) in row.fractions {
            matrix[element * elements + other] += weight * value * fraction
          }
        }
      }
      let fit = try LeastSquares(
        matrix, rows: elements, columns: elements, rightHandSides: right, tolerance: 1e-12)
      rank = fit.rank
      var change = 0.0
      for (number, row) in rows.enumerated() {
        let residual = row.fractions.reduce(row.energy) {
          $0 - $1.value * fit.solution[$1.element]
        }
        change = max(change, abs(residual - residuals[number]))
        residuals[number] = residual
        weights[number] = 1 / max(abs(residual), Self.smallestResidual)
      }
      if change < Self.smallestResidual { break }
    }
    (self.rank, self.residuals) = (rank, residuals)
  }
}
