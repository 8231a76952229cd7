import Tensors

/// The logistic function `1 / (1 + exp(-x))` of each element.
struct Sigmoid: UnaryElementwise {
  @inline(__always)
  func value<Vector: RealVector>(at x: Vector) -> Vector { Vector.Scalar.sigmoid(x) }
  func derivative(at x: Symbol, result y: Symbol) -> Symbol { y * (1 - y) }
}

extension Symbol {
  /// Returns the logistic function `1 / (1 + exp(-x))` of each element.
  public func sigmoid() -> Symbol { Sigmoid()(self) }
}
