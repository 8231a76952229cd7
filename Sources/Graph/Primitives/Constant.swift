public import Tensors

/// A tensor that is part of the graph.
struct Constant: Primitive {
  var elements: ElementKind
  var shape: [Int]
  var values: [Double]

  /// The first values alone, if there are many.
  var text: String {
    let first = values.prefix(8).map { elements == .real ? "\($0)" : "\(Int($0))" }
    let dots = values.count > first.count ? ", …" : ""
    return "constant[\(first.joined(separator: ", "))\(dots)]"
  }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.isEmpty, "takes no operands")
    return TensorType(elements, .fixed(shape))
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    switch elements {
    case .real:
      for index in values.indices { result.base[index] = Scalar(values[index]) }
    case .index:
      for index in values.indices { result.indices[index] = Int32(values[index]) }
    }
  }

  func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? {
    guard let bound = bound.constant else { return nil }
    return values.allSatisfy { $0 >= 0 && $0 < Double(bound) } ? [] : nil
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    trap("constant has no operand that could have slices")
  }
}

extension Symbol {
  /// A tensor that is part of the graph; integers become an index.
  public static func constant(_ tensor: Tensor) -> Symbol {
    let elements: ElementKind = tensor.scalarType == .int32 ? .index : .real
    return Constant(elements: elements, shape: tensor.shape, values: tensor.doubles)()
  }

  /// A vector that is part of the graph.
  public static func constant(_ values: [Double]) -> Symbol {
    constant(Tensor(values, shape: [values.count]))
  }
}
