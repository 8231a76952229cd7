import Tensors

/// The density of the eigenvalues of Jᵀ J by stochastic Lanczos quadrature.
///
/// A few random vectors v of unit length each give a tridiagonal matrix T after k products; its eigenvalues
/// are nodes, the squares of the first elements of its eigenvectors their weights, which add up to 1:
///
///     n ⟨v f(A) v⟩ ≈ Σ_i n τ_i² f(θ_i) ≈ tr f(A)
///
/// Ubaru, Chen, Saad, SIAM J. Matrix Anal. Appl. 38 (2017) 1075.
struct LanczosDensity {
  /// The nodes, descending, those above zero.
  private(set) var values: [Double] = []
  /// The number of eigenvalues that each node stands for.
  private(set) var counts: [Double] = []

  /// Estimates the density with some vectors and some products each.
  init(
    of jacobian: LabelJacobian, vectors: Int = 6, steps: Int = 90, seed: UInt64
  ) {
    let n = jacobian.columns
    var random = RandomStream(seed: seed, stream: 4)
    var nodes: [(value: Double, count: Double)] = []
    for _ in 0..<vectors {
      let (values, weights) = Self.quadrature(jacobian, steps: min(steps, n), &random)
      nodes += zip(values, weights).map { ($0, $1 * Double(n) / Double(vectors)) }
    }
    // What rounding makes of zero eigenvalues is none of the density.
    let smallest = (nodes.map(\.value).max() ?? 0) * 1e-14
    for node in nodes.sorted(by: { $0.value > $1.value }) where node.value > smallest {
      values.append(node.value)
      counts.append(node.count)
    }
  }

  private static func quadrature(
    _ jacobian: LabelJacobian, steps: Int, _ random: inout RandomStream
  ) -> (values: [Double], weights: [Double]) {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    var vector = (0..<jacobian.columns).map { _ in random.normal() }
    let length = dot(vector, vector).squareRoot()
    for index in vector.indices { vector[index] /= length }
    var basis = [vector]
    var (diagonal, side): ([Double], [Double]) = ([], [])
    while true {
      var next = jacobian.squareProduct(basis[basis.count - 1])
      diagonal.append(dot(next, basis[basis.count - 1]))
      guard basis.count < steps else { break }
      // Twice, since rounding spoils what is orthogonal after the first time.
      for _ in 0..<2 {
        for old in basis {
          let share = dot(next, old)
          for index in next.indices { next[index] -= share * old[index] }
        }
      }
      let norm = dot(next, next).squareRoot()
      guard norm > 1e-12 * (diagonal.map(abs).max() ?? 0) else { break }
      side.append(norm)
      for index in next.indices { next[index] /= norm }
      basis.append(next)
    }
    let size = diagonal.count
    var matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      matrix[row * size + row] = diagonal[row]
      if row > 0 { matrix[row * size + row - 1] = side[row - 1] }
    }
    guard let system = try? SymmetricEigensystem(matrix, size: size) else { return ([], []) }
    return (
      system.values, (0..<size).map { system.vectors[$0 * size] * system.vectors[$0 * size] }
    )
  }
}
