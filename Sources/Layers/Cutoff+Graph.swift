public import Graph
import Tensors

extension Cutoff {
  /// Returns `f_c(r)` of each distance, 0 with all its derivatives where `r >= radius`.
  public func callAsFunction(_ r: Symbol) -> Symbol {
    let isInside = r.isLess(than: radius)
    let zero = Symbol.fill(0, r.shape)
    switch function {
    case .hard:
      return isInside
    case .tanhCubed, .normalizedTanhCubed:
      let height = Cutoff(function, radius: 1).valueAndDerivative(at: 0.0).value
      let atZero = Cutoff(.tanhCubed, radius: 1).valueAndDerivative(at: 0.0).value
      let t = (1 - r * (1 / radius)).tanh()
      return isInside.select(t * t * t * (function == .tanhCubed ? 1 : height / atZero), zero)
    case .cosine, .exponential, .polynomial1, .polynomial2, .polynomial3, .polynomial4:
      let inner = innerFraction * radius
      let x = ((r - inner) * (1 / (radius - inner))).maximum(0)
      return isInside.select(function.fade(at: x), zero)
    }
  }
}

extension CutoffFunction {
  /// The shape in `0 <= x <= 1`.
  func fade(at x: Symbol) -> Symbol {
    let y = 1 - x
    switch self {
    case .cosine:
      return ((x * Double.pi).cos() + 1) * 0.5
    case .exponential:
      // The floor keeps derivatives finite at x = 1, where the exponential has long been 0.
      return (1 - 1 / (y * (1 + x)).maximum(1e-3)).exp()
    case .polynomial1:
      return y.power(2) * (1 + x * 2)
    case .polynomial2:
      return y.power(3) * (1 + x * (3 + x * 6))
    case .polynomial3:
      return y.power(4) * (1 + x * (4 + x * (10 + x * 20)))
    case .polynomial4:
      return y.power(5) * (1 + x * (5 + x * (15 + x * (35 + x * 70))))
    case .hard, .tanhCubed, .normalizedTanhCubed:
      trap("CutoffFunction: \(self) is not a function of x")
    }
  }
}
