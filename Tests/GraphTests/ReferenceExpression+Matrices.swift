import Graph

extension ReferenceExpression {
  static let matrices: [ReferenceExpression] = [
    .init("matmul_nn") { $0.a.matmul($0.b) },
    .init("matmul_nt") { $0.a.matmul($0.b, otherTransposed: true) },
    .init("matmul_tn") { $0.a.matmul($0.b, transposed: true) },
    .init("matmul_tt") { $0.a.matmul($0.b, transposed: true, otherTransposed: true) },
    .init("matmul_batched") { $0.a.matmul($0.b) },
    .init("matmul_batched_tb") { $0.a.matmul($0.b, otherTransposed: true) },
    .init("matmul_batched_ta") { $0.a.matmul($0.b, transposed: true) },
    .init("matmul_batched_shared_rhs") { $0.a.matmul($0.b) },
    .init("matvec") { $0.a.matmul($0.x.inserting(axis: 1)).reshaped([3]) },
    .init("outer") { $0.x.outer($0.y) },
    .init("matmul_aat") { $0.a.matmul($0.a, otherTransposed: true) },
    .init("einsum_id_id_i") { ($0.a * $0.b).sum(along: 1) },
    .init("einsum_pij_pj_pi") { $0.a.matmul($0.b.inserting(axis: 2)).reshaped([3, 2]) },
    .init("einsum_ia_ib_ab") { $0.a.matmul($0.b, transposed: true) },
  ]

  static let rows: [ReferenceExpression] = [
    .init("gather_rows") { $0.a.gathered(by: $0.index) },
    .init("gather_rows_1d") { $0.a.gathered(by: $0.index).square() },
    .init("gather_axis1") { $0.a.gathered(by: $0.index, axis: 1) },
    .init("segment_sum") { $0.a.segmentSum(by: $0.segment, count: 5) },
    .init("segment_sum_1d") { $0.a.square().segmentSum(by: $0.segment, count: 5) },
    .init("segment_mean") { $0.a.segmentMean(by: $0.segment, count: 5) },
    .init("segment_max") { $0.a.segmentMaximum(by: $0.segment, count: 5) },
    .init("segment_max_of_cubes") { $0.a.power(3).segmentMaximum(by: $0.segment, count: 5) },
    .init("scatter_add") { $0.a.scatterAdd($0.b, at: $0.index) },
    .init("scatter_add_square") {
      Symbol.fill(0, [5]).scatterAdd($0.a * $0.a, at: $0.index).square()
    },
    .init("gather_then_segment") {
      let messages = $0.a.gathered(by: $0.src) * $0.w.broadcast(to: [6, 2], axes: [0])
      return messages.segmentSum(by: $0.dst, count: 5)
    },
  ]

  static let linearAlgebra: [ReferenceExpression] = [
    .init("triangular_solve_lower") { $0.l.triangularSolve($0.b) },
    .init("triangular_solve_lower_transposed") { $0.l.triangularSolve($0.b, transposed: true) },
    .init("triangular_solve_upper") {
      $0.u.transposed().triangularSolve($0.b, transposed: true)
    },
    .init("cholesky") { $0.a.cholesky() },
    .init("spd_solve") { $0.a.choleskySolve($0.b) },
    .init("spd_solve_vector") { $0.a.choleskySolve($0.b.inserting(axis: 1)).reshaped([4]) },
    .init("general_solve") { $0.a.inverse3x3().matmul($0.b) },
    .init("inverse_3x3") { $0.a.inverse3x3() },
    .init("det_3x3") { $0.a.determinant3x3() },
    .init("logdet_spd") {
      let factor = $0.a.cholesky()
      let diagonal = (factor * .identity(4)).sum(along: 1)
      return 2 * diagonal.log().sum()
    },
    .init("symmetric_eigenvalues") { $0.a.symmetricEigenvalues() },
    .init("trace") { $0.a.trace() },
    .init("cross") { $0.a.cross($0.b) },
  ]

  static let models: [ReferenceExpression] = [
    .init("mlp_2layer_rows") {
      $0.x.layer($0.w1, $0.b1).tanh().layer($0.w2, $0.b2)
    },
    .init("mlp_2layer_energy") {
      $0.x.layer($0.w1, $0.b1).tanh().layer($0.w2, $0.b2).sum()
    },
    .init("mlp_3layer_energy") {
      let first = $0.x.layer($0.w1, $0.b1).tanh()
      return first.layer($0.w2, $0.b2).tanh().layer($0.w3, $0.b3).sum()
    },
    .init("radial_basis_tanh3") { $0.r.radialBasis(cutoff: $0.r.tanhCutoff) },
    .init("radial_basis_cos") {
      $0.r.radialBasis(cutoff: 0.5 * (($0.r * (Double.pi / 5)).cos() + 1))
    },
    .init("positions_to_descriptors") {
      let distance = ($0.x.gathered(by: $0.j) - $0.x.gathered(by: $0.i)).norm(along: 1)
      return distance.radialBasis(cutoff: distance.tanhCutoff).segmentSum(by: $0.i, count: 3)
    },
    .init("angular_term") {
      let product = ($0.a * $0.b).sum(along: 1)
      let cosine = product / ($0.a.norm(along: 1) * $0.b.norm(along: 1))
      return (1 - cosine).power(4)
    },
    .init("mse") { ($0.a - $0.b).square().mean() },
  ]
}

extension Symbol {
  fileprivate func layer(_ weights: Symbol, _ bias: Symbol) -> Symbol {
    let product = matmul(weights)
    return product + bias.broadcast(to: product.shape, axes: [1])
  }

  fileprivate var tanhCutoff: Symbol { (1 - self / 5).tanh().power(3) }

  /// `exp(-0.8 (r[i] - c[k])²)` times the cutoff.
  fileprivate func radialBasis(cutoff: Symbol) -> Symbol {
    let centres = Symbol.constant([0.5, 1.5, 2.5, 3.5])
    let shape: Shape = [self.shape[0], 4]
    let difference =
      broadcast(to: shape, axes: [0]) - centres.broadcast(to: shape, axes: [1])
    return (-0.8 * difference.square()).exp() * cutoff.broadcast(to: shape, axes: [0])
  }
}
