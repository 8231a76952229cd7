import Graph
import TestSupport

/// How this library writes one case of `primitives.json`.
struct ReferenceExpression: Sendable {
  let name: String
  let expression: @Sendable (Inputs) -> Symbol

  init(_ name: String, _ expression: @escaping @Sendable (Inputs) -> Symbol) {
    self.name = name
    self.expression = expression
  }

  /// The inputs of a case by name.
  @dynamicMemberLookup
  struct Inputs {
    var symbols: [String: Symbol]
    subscript(dynamicMember name: String) -> Symbol { symbols[name]! }
  }

  static let all: [ReferenceExpression] =
    elementwise + shapes + reductions + matrices + rows + linearAlgebra + models

  static let elementwise: [ReferenceExpression] = [
    .init("add") { $0.a + $0.b },
    .init("add_scalar") { $0.a + 1.5 },
    .init("add_broadcast_row") { $0.a + $0.b.broadcast(to: [4, 3], axes: [1]) },
    .init("sub") { $0.a - $0.b },
    .init("sub_broadcast_col") {
      $0.a - $0.b.reshaped([4]).broadcast(to: [4, 3], axes: [0])
    },
    .init("scalar_sub") { 0.75 - $0.a },
    .init("mul") { $0.a * $0.b },
    .init("mul_scalar") { $0.a * -2.25 },
    .init("mul_broadcast_col") { $0.a * $0.b.broadcast(to: [4, 3], axes: [0]) },
    .init("mul_broadcast_3d") {
      $0.a * $0.b.reshaped([3]).broadcast(to: [2, 3, 4], axes: [1])
    },
    .init("mul_self") { $0.a * $0.a },
    .init("div") { $0.a / $0.b },
    .init("div_scalar") { $0.a / 3.2 },
    .init("scalar_div") { 1.7 / $0.a },
    .init("div_broadcast") { $0.a / $0.b.reshaped([4]).broadcast(to: [4, 3], axes: [0]) },
    .init("negate") { -$0.a },
    .init("square") { $0.a.square() },
    .init("pow_const_3") { $0.a.power(3) },
    .init("pow_const_4") { $0.a.power(4) },
    .init("pow_const_2p5") { $0.a.power(2.5) },
    .init("pow_const_m1p5") { $0.a.power(-1.5) },
    .init("pow_tensor") { $0.a.power($0.b) },
    .init("reciprocal") { $0.a.reciprocal() },
    .init("sqrt") { $0.a.squareRoot() },
    .init("rsqrt") { $0.a.power(-0.5) },
    .init("exp") { $0.a.exp() },
    .init("expm1") { $0.a.expm1() },
    .init("log") { $0.a.log() },
    .init("log1p") { $0.a.log1p() },
    .init("sin") { $0.a.sin() },
    .init("cos") { $0.a.cos() },
    .init("acos") { $0.a.acos() },
    .init("atan2") { $0.a.atan2($0.b) },
    .init("tanh") { $0.a.tanh() },
    .init("sigmoid") { $0.a.sigmoid() },
    .init("softplus") { $0.a.softplus() },
    .init("softplus_large") { $0.a.softplus() },
    .init("sigmoid_large") { $0.a.sigmoid() },
    .init("erf") { $0.a.erf() },
    .init("erfc") { $0.a.erfc() },
    .init("abs") { $0.a.absolute() },
    .init("maximum") { $0.a.maximum($0.b) },
    .init("minimum") { $0.a.minimum($0.b) },
    .init("relu") { $0.a.maximum(0) },
    .init("max_of_products") { ($0.a * $0.a).maximum($0.a * $0.b) },
    .init("select") { $0.mask.select($0.a, $0.b) },
    .init("select_compare") { $0.a.isGreater(than: 0.1).select($0.a.power(3), $0.a.sin()) },
  ]

  static let shapes: [ReferenceExpression] = [
    .init("reshape") { $0.a.reshaped([3, 4]) },
    .init("reshape_square") { $0.a.reshaped([6]).square() },
    .init("transpose_2d") { $0.a.transposed() },
    .init("transpose_3d") { $0.a.transposed([2, 0, 1]) },
    .init("slice") { $0.a.slice(1, count: 3).slice(0, count: 2, axis: 1) },
    .init("slice_strided") {
      $0.a.slice(0, count: 3, step: 2).slice(1, count: 2, axis: 1, step: 2)
    },
    .init("pad") { $0.a.padded(from: 1, total: 5).padded(from: 0, total: 4, axis: 1) },
    .init("concat_axis0") { .concatenating([$0.a, $0.b, $0.c], axis: 0) },
    .init("concat_axis1") { .concatenating([$0.a, $0.b], axis: 1) },
    .init("concat_square") { Symbol.concatenating([$0.a, $0.b, $0.a], axis: 0).square() },
    .init("stack") { .stacking([$0.a, $0.b], axis: 1) },
    .init("broadcast_to") { $0.a.reshaped([3]).broadcast(to: [2, 3, 4], axes: [1]) },
  ]

  static let reductions: [ReferenceExpression] = [
    .init("sum_axis0") { $0.a.sum(along: 0) },
    .init("sum_axis1_keep") { $0.a.sum(along: 1).inserting(axis: 1) },
    .init("sum_axes02") { $0.a.sum(along: [0, 2]) },
    .init("sum_all") { $0.a.sum() },
    .init("sum_of_squares_axis1") { $0.a.square().sum(along: 1) },
    .init("mean_axis1") { $0.a.mean(along: 1) },
    .init("mean_axes01") { $0.a.mean(along: [0, 1]) },
    .init("mean_all") { $0.a.mean() },
    .init("max_axis1") { $0.a.maximum(along: 1) },
    .init("max_axes02") { $0.a.maximum(along: [0, 2]) },
    .init("max_all") { $0.a.maximum(along: [0, 1]) },
    .init("min_axis0") { $0.a.minimum(along: 0) },
    .init("max_of_cubes_axis1") { $0.a.power(3).maximum(along: 1) },
    .init("cumsum_axis0") { $0.a.cumulativeSum(along: 0) },
    .init("cumsum_axis1") { $0.a.cumulativeSum(along: 1) },
    .init("cumsum_square") { $0.a.cumulativeSum(along: 0).square() },
    .init("logsumexp") { $0.a.logSumExp(along: 1) },
    .init("softmax") { $0.a.softmax(along: 1) },
    .init("norm_last") { $0.a.norm(along: 1) },
  ]
}
