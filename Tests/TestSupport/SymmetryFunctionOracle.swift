import Foundation
public import Layers

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
    case .radial(let own):
      radial(neighbors, weight: only(own.neighbor)) {
        factor($0, eta: own.eta, shift: own.shift, own.cutoff)
      }
    case .weightedRadial(let own):
      radial(neighbors, weight: { Double($0) }) {
        factor($0, eta: own.eta, shift: own.shift, own.cutoff)
      }
    case .compactRadial(let own):
      radial(neighbors, weight: own.neighbor.map(only) ?? { Double($0) }) {
        bump(own.window, $0)
      }
    case .narrowAngular(let own), .wideAngular(let own):
      angular(
        neighbors, weight: only(own.firstNeighbor, own.secondNeighbor),
        narrow: function.typeNumber == 3,
        factor: { factor($0, eta: own.eta, shift: own.shift, own.cutoff) },
        angle: { power(own.lambda, own.zeta, $0) })
    case .weightedAngular(let own):
      angular(
        neighbors, weight: { Double($0 * $1) }, narrow: true,
        factor: { factor($0, eta: own.eta, shift: own.shift, own.cutoff) },
        angle: { power(own.lambda, own.zeta, $0) })
    case .compactNarrowAngular(let own), .compactWideAngular(let own):
      angular(
        neighbors,
        weight: own.neighbors.map { only($0.first, $0.second) } ?? { Double($0 * $1) },
        narrow: [21, 24].contains(function.typeNumber), factor: { bump(own.window, $0) },
        angle: { angle(own, $0) })
    }
  }

  private static func only(_ element: Int) -> (Int) -> Double { { $0 == element ? 1 : 0 } }

  private static func only(_ first: Int, _ second: Int) -> (Int, Int) -> Double {
    { (min($0, $1), max($0, $1)) == (first, second) ? 1 : 0 }
  }

  /// A sum over neighbours; factors come with their derivatives.
  private static func radial(
    _ neighbors: [OracleNeighbor], weight: (Int) -> Double, factor: (Double) -> (Double, Double)
  ) -> (value: Double, gradients: [SIMD3<Double>]) {
    var value = 0.0
    var gradients = [SIMD3<Double>](repeating: .zero, count: neighbors.count)
    for (j, neighbor) in neighbors.enumerated() {
      let (r, weight) = (length(neighbor.displacement), weight(neighbor.element))
      let (g, slope) = factor(r)
      value += weight * g
      gradients[j] = weight * slope / r * neighbor.displacement
    }
    return (value, gradients)
  }

  /// A sum over pairs of neighbours; the angular part comes with its derivative by the cosine.
  private static func angular(
    _ neighbors: [OracleNeighbor], weight: (Int, Int) -> Double, narrow: Bool,
    factor: (Double) -> (Double, Double), angle: (Double) -> (Double, Double)
  ) -> (value: Double, gradients: [SIMD3<Double>]) {
    var value = 0.0
    var gradients = [SIMD3<Double>](repeating: .zero, count: neighbors.count)
    let lengths = neighbors.map { length($0.displacement) }
    let factors = lengths.map(factor)
    for j in neighbors.indices {
      for k in neighbors.indices.dropFirst(j + 1) {
        let weight = weight(neighbors[j].element, neighbors[k].element)
        guard weight != 0 else { continue }
        let (a, b) = (neighbors[j].displacement, neighbors[k].displacement)
        let (ra, rb) = (lengths[j], lengths[k])
        let ((ga, slopeA), (gb, slopeB)) = (factors[j], factors[k])
        let c = b - a
        let rc = length(c)
        let (gc, slopeC) = narrow ? factor(rc) : (1, 0)
        let cosine = (a * b).sum() / (ra * rb)
        var (angle, angleSlope) = angle(cosine)
        angle *= weight
        angleSlope *= weight
        value += angle * ga * gb * gc
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

  /// `2^(1-ζ) (1 + λ cos θ)^ζ` and its derivative by the cosine.
  private static func power(_ lambda: Double, _ zeta: Double, _ cosine: Double) -> (Double, Double)
  {
    let (base, scale) = (max(0, 1 + lambda * cosine), pow(2, 1 - zeta))
    return (
      scale * pow(base, zeta), base > 0 ? scale * zeta * lambda * pow(base, zeta - 1) : 0
    )
  }

  /// The bump of an angle and its derivative by the cosine.
  private static func angle(
    _ function: CompactAngularSymmetryFunction, _ cosine: Double
  ) -> (Double, Double) {
    let window = CompactWindow(
      function.window.shape, from: function.lowerAngle, to: function.upperAngle)
    let (value, derivative) = bump(window, acos(cosine) * 180 / .pi)
    return (value, -derivative * 180 / .pi / (1 - cosine * cosine).squareRoot())
  }

  /// A bump between two ends and its derivative.
  private static func bump(_ window: CompactWindow, _ x: Double) -> (Double, Double) {
    let width = (window.upper - window.lower) / 2
    let signed = (x - (window.upper + window.lower) / 2) / width
    let t = abs(signed)
    guard t < 1 else { return (0, 0) }
    let place = window.isAsymmetric ? (2 - t) * t : t
    let function: CutoffFunction =
      switch window.shape {
      case .exponential: .exponential
      case .polynomial1: .polynomial1
      case .polynomial2: .polynomial2
      case .polynomial3: .polynomial3
      case .polynomial4: .polynomial4
      }
    let (value, derivative) = self.window(function, x: place)
    let inner = window.isAsymmetric ? 2 - 2 * t : 1
    return (value, derivative * inner * (signed < 0 ? -1 : 1) / width)
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
