import Tensors

/// The elements of one symbol where a mask is not zero, those of another elsewhere.
///
/// Elements that are not chosen have no influence on the value, not even as NaN. Their cotangent is
/// zero, which an infinite derivative further down still turns into NaN: choose a safe operand first,
/// as `norm` does.
struct Select: TernaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at mask: Vector, _ x: Vector, _ y: Vector) -> Vector {
    var result = y
    for lane in 0..<Vector.scalarCount { result[lane] = mask[lane] != 0 ? x[lane] : y[lane] }
    return result
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let zero = Symbol.fill(0, cotangent.shape)
    return [nil, operands[0].select(cotangent, zero), operands[0].select(zero, cotangent)]
  }

  func vanishes(whereZero isZero: [Bool]) -> Bool { isZero[2] && (isZero[0] || isZero[1]) }

  var isArithmetic: Bool { true }
}

extension Symbol {
  /// Returns the elements of `first` where this mask is not zero and those of `second` elsewhere.
  public func select(_ first: Symbol, _ second: Symbol) -> Symbol {
    Select()(self, first, second)
  }
}
