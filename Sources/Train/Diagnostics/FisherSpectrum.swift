import Foundation
public import Tensors

/// The eigenvalues of the Fisher information of the loss L₁ = Σ |ξ| over labels,
///
///     I = ⟨∇L₁ ⊗ ∇L₁⟩ = Jᵀ J,
///
/// with the rows of a ``LabelJacobian``: the sign of an error cancels in the product. Shao et al. (2021)
/// find that this spectrum tells the models of Adam and of the Kalman filter apart.
public struct FisherSpectrum: Sendable, Hashable, Codable {
  /// Eigenvalues that are not zero, descending; of a density by Lanczos's method, its nodes.
  public var values: [Double]
  /// The number of eigenvalues that each value stands for: 1 where they are exact.
  public var counts: [Double]
  /// The number of weights n, and so of eigenvalues.
  public var weights: Int
  /// The number of labels.
  public var labels: Int
  /// Whether the values are the eigenvalues themselves.
  public var isExact: Bool

  /// The largest matrix that is diagonalised.
  public static let largestExactSize = 10_000

  /// Diagonalises the smaller one of Jᵀ J and J Jᵀ, which have the same eigenvalues except zeros; where
  /// both are larger than `largestExactSize`, estimates the density of eigenvalues.
  ///
  /// - Parameters:
  ///   - jacobian: The scaled rows of labels.
  ///   - exactSize: The largest matrix that is diagonalised.
  ///   - seed: The seed of the estimate's first vectors.
  /// - Throws: `LinearAlgebra.Failure` for elements that are not finite.
  public init(
    of jacobian: LabelJacobian, exactSize: Int = largestExactSize, seed: UInt64 = 1
  ) throws(LinearAlgebra.Failure) {
    (weights, labels) = (jacobian.columns, jacobian.rows)
    let size = min(jacobian.rows, jacobian.columns)
    guard size <= exactSize else {
      let density = LanczosDensity(of: jacobian, seed: seed)
      (values, counts, isExact) = (density.values, density.counts, false)
      return
    }
    let eigenvalues = try SymmetricEigensystem.values(of: jacobian.gram, size: size)
    values = eigenvalues.reversed().filter { $0 > 0 }
    counts = values.map { _ in 1 }
    isExact = true
  }

  /// The number of eigenvalues for each of even intervals of log₁₀ λ.
  public func histogram(from low: Double, to high: Double, bins: Int) -> [Double] {
    var result = [Double](repeating: 0, count: bins)
    for (value, count) in zip(values, counts) where value > 0 {
      let place = Int(((log10(value) - low) / (high - low) * Double(bins)).rounded(.down))
      if (0..<bins).contains(place) { result[place] += count }
    }
    return result
  }

  /// The eigenvalue in the middle of the whole spectrum, zeros included.
  public var median: Double {
    var rest = Double(weights) / 2
    for (value, count) in zip(values, counts) {
      rest -= count
      if rest <= 0 { return value }
    }
    return 0
  }
}

extension LabelJacobian {
  /// Jᵀ J or J Jᵀ, whichever is smaller.
  var gram: [Double] {
    let size = min(rows, columns)
    return [Double](unsafeUninitializedCapacity: size * size) { target, count in
      elements.withUnsafeBufferPointer { source in
        guard let j = source.baseAddress, let c = target.baseAddress, size > 0 else { return }
        let isPrimal = columns <= rows
        Double.multiply(
          j, transposed: isPrimal, leading: columns, j, transposed: !isPrimal, leading: columns,
          into: c, leading: size, rows: size, columns: size, inner: isPrimal ? rows : columns,
          alpha: 1, beta: 0)
      }
      count = size * size
    }
  }

  /// `Jᵀ (J v)`.
  func squareProduct(_ v: [Double]) -> [Double] {
    var (projected, result) = (
      [Double](repeating: 0, count: rows), [Double](repeating: 0, count: columns)
    )
    elements.withUnsafeBufferPointer { source in
      guard let j = source.baseAddress else { return }
      Double.multiply(
        j, transposed: false, leading: columns, v, transposed: false, leading: 1,
        into: &projected, leading: 1, rows: rows, columns: 1, inner: columns, alpha: 1, beta: 0)
      Double.multiply(
        j, transposed: true, leading: columns, projected, transposed: false, leading: 1,
        into: &result, leading: 1, rows: columns, columns: 1, inner: rows, alpha: 1, beta: 0)
    }
    return result
  }
}
