import Graph
import Tensors

extension PrimitiveCase {
  static let matrices: [PrimitiveCase] = [
    .init("MatMul", "", .real(["rows", 3], -1.5...1.5), .real([3, 2], -1...1)) {
      $0[0].matmul($0[1])
    },
    .init(
      "MatMul", "that contracts rows", .real(["rows", 3], -1.5...1.5),
      .real(["rows", 2], -1.5...1.5)
    ) { $0[0].matmul($0[1], transposed: true) },
    .init("MatMul", "with both transposed", .real([3, "rows"], -1...1), .real([2, 3], -1...1)) {
      $0[0].matmul($0[1], transposed: true, otherTransposed: true)
    },
    .init("MatMul", "of batches", .real(["rows", 2, 3], -1...1), .real(["rows", 2, 3], -1...1)) {
      $0[0].matmul($0[1], otherTransposed: true)
    },
    .init("MatMul", "of vectors", .real(["rows", 9, 1], -1...1), .real(["rows", 9, 10], -1...1)) {
      $0[0].matmul($0[1], transposed: true)
    },
    .init(
      "MatMul", "of outer products", .real(["rows", 3, 1], -1...1), .real(["rows", 1, 9], -1...1)
    ) {
      $0[0].matmul($0[1])
    },
    .init("MatMul", "with a shared left", .real([2, 3], -1...1), .real(["rows", 3, 4], -1...1)) {
      $0[0].matmul($0[1])
    },
    .init("MatMul", "with a shared matrix", .real(["rows", 2, 3], -1...1), .real([3, 2], -1...1)) {
      $0[0].matmul($0[1])
    },
    .init(
      "SegmentedMatMul", "", .real(["rows", 3], -1.5...1.5), .real(["rows", 2], -1.5...1.5),
      .index(["rows"], below: 3)
    ) { $0[0].segmentedMatMul($0[1], by: $0[2], count: 3) },
    .init(
      "SegmentedMatMul", "of two pairs", .real(["rows", 3], -1.5...1.5),
      .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5), .index(["rows"], below: 3)
    ) {
      $0[0].segmentedMatMul($0[1], by: $0[3], count: 3)
        + $0[0].exp().segmentedMatMul($0[2], by: $0[3], count: 3)
    },
    .init("LowerTriangle", "", .real(["rows", 3, 3], -0.8...0.8)) {
      $0[0].lowerTriangle(diagonal: 0.5)
    },
    .init("Cholesky", "", .real([3, 3], -0.8...0.8)) { ($0[0] + 4 * .identity(3)).cholesky() },
    .init("Cholesky", "of a batch", .real([2, 2, 2], -0.8...0.8)) {
      ($0[0] + 4 * Symbol.identity(2).repeated(2)).cholesky()
    },
    .init("TriangularSolve", "", .real([3, 3], -0.8...0.8), .real([3, "rows"], -1...1)) {
      ($0[0] + 2 * .identity(3)).triangularSolve($0[1])
    },
    .init("TriangularSolve", "transposed", .real([3, 3], -0.8...0.8), .real([3, "rows"], -1...1)) {
      ($0[0] + 2 * .identity(3)).triangularSolve($0[1], transposed: true)
    },
    .init("OrthogonalFactor", "", .real([3, 3], -0.8...0.8)) {
      ($0[0] + 2 * .identity(3)).orthogonalFactor()
    },
    .init("OrthogonalFactor", "of a batch", .real(["rows", 2, 2], -0.8...0.8)) {
      ($0[0] + 2 * Symbol.identity(2).repeated("rows")).orthogonalFactor()
    },
    .init(
      "DampedLeastSquares", "", .real(["rows", 3], -1.5...1.5), .real(["rows"], -1...1),
      .real([], 0.5...1)
    ) { $0[0].dampedLeastSquares($0[1], damping: $0[2]) },
    .init(
      "DampedLeastSquares", "of a batch of wide matrices", .real(["rows", 2, 4], -1.5...1.5),
      .real(["rows", 2], -1...1), .real(["rows"], 0.5...1)
    ) { $0[0].dampedLeastSquares($0[1], damping: $0[2]) },
    .init("CholeskySolve", "", .real([3, 3], -0.8...0.8), .real([3, "rows"], -1...1)) {
      ($0[0] + 4 * .identity(3)).choleskySolve($0[1])
    },
    .init("SymmetricEigenvalues", "", .real([3, 3], -0.8...0.8)) { $0[0].symmetricEigenvalues() },
    .init("SymmetricEigenvectors", "", .real([3, 3], -0.8...0.8)) { $0[0].symmetricEigenvectors() },
    .init("SymmetricProduct", "", .real([3, 3], -0.8...0.8), .real(["rows", 3], -1.5...1.5)) {
      $0[0].symmetricProduct($0[1])
    },
    .init(
      "SymmetricRankUpdate", "", .real([3, 3], -0.8...0.8), .real(["rows", 3], -1.5...1.5),
      .real([], 0.1...1)
    ) { $0[0].symmetricRankUpdate(subtracting: $0[1], addingToDiagonal: $0[2]).lowerTriangle() },
    .init(
      "SymmetricRankUpdate", "with a factor and some of the rows", .real([3, 3], -0.8...0.8),
      .real([], 0.1...1), .real([4, 3], -1.5...1.5), .real([], 0.1...1)
    ) {
      $0[0].symmetricRankUpdate(
        scaledBy: $0[1], subtracting: $0[2], count: .fill(2, .scalar), addingToDiagonal: $0[3]
      ).lowerTriangle()
    },
    .init("ReplaceRows", "", .real([5, 3], -1...1), .real([2, 3], -1...1)) {
      $0[0].replacingRows(from: .fill(2, .scalar), with: $0[1])
    },
    .init("ReplaceRows", "beyond the last", .real([4, 2], -1...1), .real(["rows", 2], -1...1)) {
      $0[0].replacingRows(from: .fill(3, .scalar), with: $0[1])
    },
  ]
}
