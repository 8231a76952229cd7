import Foundation
import Layers

/// An atom near another one.
public struct OracleNeighbor {
  /// The vector from the central atom.
  public let displacement: SIMD3<Double>
  /// The atomic number.
  public let element: Int
  /// The index of the atom of which the neighbour is a periodic image.
  public let atom: Int

  /// Makes a neighbour.
  public init(displacement: SIMD3<Double>, element: Int, atom: Int) {
    self.displacement = displacement
    self.element = element
    self.atom = atom
  }
}

/// Symmetry functions written down as in the papers, one function and one pair at a time.
///
/// The oracle of the fast kernels shares no arithmetic with them: it has its own windows.
public enum SymmetryFunctionOracle {
  /// The value of a function and its gradient by the displacement of each neighbour.
  ///
  /// The gradient by the central atom's position is minus the sum of these gradients.
  public static func evaluate(
    _ function: SymmetryFunction, _ neighbors: [OracleNeighbor]
  ) -> (value: Double, gradients: [SIMD3<Double>]) {
    switch function {
    case .radial(let radial): evaluate(radial, neighbors)
    case .narrowAngular(let angular): evaluate(angular, neighbors, narrow: true)
    case .wideAngular(let angular): evaluate(angular, neighbors, narrow: false)
    }
  }

  private static func evaluate(
    _ function: RadialSymmetryFunction, _ neighbors: [OracleNeighbor]
  ) -> (value: Double, gradients: [SIMD3<Double>]) {
    var value = 0.0
    var gradients = [SIMD3<Double>](repeating: .zero, count: neighbors.count)
    for (j, neighbor) in neighbors.enumerated() where neighbor.element == function.neighbor {
      let r = length(neighbor.displacement)
      let (g, slope) = factor(r, eta: function.eta, shift: function.shift, function.cutoff)
      value += g
      gradients[j] = slope / r * neighbor.displacement
    }
    return (value, gradients)
  }

  private static func evaluate(
    _ function: AngularSymmetryFunction, _ neighbors: [OracleNeighbor], narrow: Bool
  ) -> (value: Double, gradients: [SIMD3<Double>]) {
    var value = 0.0
    var gradients = [SIMD3<Double>](repeating: .zero, count: neighbors.count)
    func factor(_ r: Double) -> (Double, Double) {
      self.factor(r, eta: function.eta, shift: function.shift, function.cutoff)
    }
    let lengths = neighbors.map { length($0.displacement) }
    let factors = lengths.map(factor)
    let pair = (function.firstNeighbor, function.secondNeighbor)
    let scale = pow(2, 1 - function.zeta)
    for j in neighbors.indices {
      for k in neighbors.indices.dropFirst(j + 1) {
        let (element, other) = (neighbors[j].element, neighbors[k].element)
        guard (min(element, other), max(element, other)) == pair else { continue }
        let (a, b) = (neighbors[j].displacement, neighbors[k].displacement)
        let (ra, rb) = (lengths[j], lengths[k])
        let ((ga, slopeA), (gb, slopeB)) = (factors[j], factors[k])
        let c = b - a
        let rc = length(c)
        let (gc, slopeC) = narrow ? factor(rc) : (1, 0)
        let cosine = (a * b).sum() / (ra * rb)
        let base = max(0, 1 + function.lambda * cosine)
        let angle = scale * pow(base, function.zeta)
        value += angle * ga * gb * gc
        let angleSlope =
          base > 0 ? scale * function.zeta * function.lambda * pow(base, function.zeta - 1) : 0
        let cosineByA: SIMD3<Double> = b / (ra * rb) - cosine / (ra * ra) * a
        let cosineByB: SIMD3<Double> = a / (ra * rb) - cosine / (rb * rb) * b
        let byC = angle * ga * gb * slopeC / rc * c
        let angular = angleSlope * ga * gb * gc
        gradients[j] += angular * cosineByA
        gradients[j] += angle * slopeA * gb * gc / ra * a
        gradients[j] -= byC
        gradients[k] += angular * cosineByB
        gradients[k] += angle * ga * slopeB * gc / rb * b
        gradients[k] += byC
      }
    }
    return (value, gradients)
  }

  /// `exp(-η (r - r_s)²) f_c(r)` and its derivative.
  private static func factor(
    _ r: Double, eta: Double, shift: Double, _ cutoff: Cutoff
  ) -> (Double, Double) {
    let gaussian = exp(-eta * (r - shift) * (r - shift))
    let (window, slope) = self.window(cutoff, r)
    return (gaussian * window, gaussian * (slope - 2 * eta * (r - shift) * window))
  }

  /// A window and its derivative.
  public static func window(_ cutoff: Cutoff, _ r: Double) -> (value: Double, derivative: Double) {
    let radius = cutoff.radius
    guard r < radius else { return (0, 0) }
    let height = cutoff.function == .normalizedTanhCubed ? 1 / pow(tanh(1.0), 3) : 1
    switch cutoff.function {
    case .hard:
      return (1, 0)
    case .tanhCubed, .normalizedTanhCubed:
      let t = tanh(1 - r / radius)
      return (height * t * t * t, -3 * height * t * t * (1 - t * t) / radius)
    case .cosine, .exponential, .polynomial1, .polynomial2, .polynomial3, .polynomial4:
      let inner = cutoff.innerFraction * radius
      guard r >= inner else { return (1, 0) }
      let (value, derivative) = window(cutoff.function, x: (r - inner) / (radius - inner))
      return (value, derivative / (radius - inner))
    }
  }

  private static func window(_ function: CutoffFunction, x: Double) -> (Double, Double) {
    switch function {
    case .cosine:
      return ((cos(.pi * x) + 1) / 2, -.pi / 2 * sin(.pi * x))
    case .exponential:
      let value = exp(1 - 1 / (1 - x * x))
      return (value, -2 * x / pow(1 - x * x, 2) * value)
    case .polynomial1:
      return polynomial(x, [1, 0, -3, 2])
    case .polynomial2:
      return polynomial(x, [1, 0, 0, -10, 15, -6])
    case .polynomial3:
      return polynomial(x, [1, 0, 0, 0, -35, 84, -70, 20])
    case .polynomial4:
      return polynomial(x, [1, 0, 0, 0, 0, -126, 420, -540, 315, -70])
    case .hard, .tanhCubed, .normalizedTanhCubed:
      preconditionFailure("SymmetryFunctionOracle: \(function) is not a function of x")
    }
  }

  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> (Double, Double) {
    var (value, derivative) = (0.0, 0.0)
    for coefficient in coefficients.reversed() {
      derivative = derivative * x + value
      value = value * x + coefficient
    }
    return (value, derivative)
  }

  private static func length(_ vector: SIMD3<Double>) -> Double {
    (vector * vector).sum().squareRoot()
  }
}
