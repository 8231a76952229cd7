import Tensors

/// The number that an extent stands for, as a real scalar.
struct ExtentValue: Primitive {
  var extent: Extent

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.isEmpty, "takes no operands")
    return .real(.scalar)
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.base[0] = Scalar(operands.attribute(0))
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("extentValue has no operand that could have slices")
  }

  var attributeExtents: [Extent] { [extent] }
}

extension Symbol {
  /// A scalar that holds the number an extent stands for.
  public static func size(of extent: Extent) -> Symbol {
    extent.constant.map { .fill(Double($0), .scalar) } ?? ExtentValue(extent: extent)()
  }
}
