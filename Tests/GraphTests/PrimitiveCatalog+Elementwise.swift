import Graph
import Tensors

extension PrimitiveCase {
  static let elementwise: [PrimitiveCase] = [
    .init("Exp", "", .real(["rows", 2], -1.5...1.5)) { $0[0].exp() },
    .init("Sine", "", .real(["rows", 2], -1.5...1.5)) { $0[0].sin() },
    .init("Cosine", "", .real(["rows", 2], -1.5...1.5)) { $0[0].cos() },
    .init("Tanh", "", .real(["rows", 2], -1.5...1.5)) { $0[0].tanh() },
    .init("Sigmoid", "", .real(["rows", 2], -1.5...1.5)) { $0[0].sigmoid() },
    .init("Softplus", "", .real(["rows", 2], -1.5...1.5)) { $0[0].softplus() },
    .init("Absolute", "", .real(["rows", 2], -1.5...1.5)) { $0[0].absolute() },
    .init("Sign", "", .real(["rows", 2], -1.5...1.5)) { $0[0].sign() },
    .init("IsFinite", "", .real(["rows", 2], -1.5...1.5)) { $0[0].isFinite() },
    .init("Expm1", "", .real(["rows", 2], -1.5...1.5)) { $0[0].expm1() },
    .init("ErrorFunction", "", .real(["rows", 2], -1.5...1.5)) { $0[0].erf() },
    .init("ComplementaryErrorFunction", "", .real(["rows", 2], -1.5...1.5)) { $0[0].erfc() },
    .init("Negate", "", .real(["rows", 2], -1.5...1.5)) { -$0[0] },
    .init("Log", "", .real(["rows", 2], 0.3...2)) { $0[0].log() },
    .init("Log1p", "", .real(["rows", 2], 0.3...2)) { $0[0].log1p() },
    .init("SquareRoot", "", .real(["rows", 2], 0.3...2)) { $0[0].squareRoot() },
    .init("ArcCosine", "", .real(["rows", 2], -0.9...0.9)) { $0[0].acos() },
    .init("Power", "0", .real(["rows", 2], -1.5...1.5)) { $0[0].power(0) },
    .init("Power", "2", .real(["rows", 2], -1.5...1.5)) { $0[0].power(2) },
    .init("Power", "3", .real(["rows", 2], -1.5...1.5)) { $0[0].power(3) },
    .init("Power", "-2", .real(["rows", 2], -1.5...1.5)) { $0[0].power(-2) },
    .init("Power", "0.5", .real(["rows", 2], 0.3...2)) { $0[0].power(0.5) },
    .init("Power", "2.5", .real(["rows", 2], 0.3...2)) { $0[0].power(2.5) },
    .init("Power", "-1.5", .real(["rows", 2], 0.3...2)) { $0[0].power(-1.5) },
    .init("Power", "1.7", .real(["rows", 2], 0.3...2)) { $0[0].power(1.7) },
    .init("GeneralPower", "", .real(["rows", 2], 0.3...2), .real(["rows", 2], -1.5...1.5)) {
      $0[0].power($0[1])
    },
    .init("Add", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0] + $0[1]
    },
    .init("Subtract", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0] - $0[1]
    },
    .init("Multiply", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0] * $0[1]
    },
    .init("Multiply", "of one symbol", .real(["rows", 2], -1.5...1.5)) { $0[0] * $0[0] },
    .init("Divide", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], 0.3...2)) {
      $0[0] / $0[1]
    },
    .init("ArcTangent2", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].atan2($0[1])
    },
    .init("Maximum", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].maximum($0[1])
    },
    .init("Minimum", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].minimum($0[1])
    },
    .init("Less", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].isLess(than: $0[1])
    },
    .init("LessOrEqual", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].isLessOrEqual(to: $0[1])
    },
    .init("Equal", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5)) {
      $0[0].isEqual(to: $0[1])
    },
    .init(
      "Select", "", .real(["rows", 2], -1.5...1.5), .real(["rows", 2], -1.5...1.5),
      .real(["rows", 2], -1.5...1.5)
    ) { $0[0].isGreater(than: 0.1).select($0[1] * $0[1], $0[2].sin()) },
  ]
}
