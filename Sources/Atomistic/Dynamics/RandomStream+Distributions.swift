import Glibc
package import Tensors

extension RandomStream {
  /// Three independent numbers from the standard normal distribution.
  mutating func normalVector() -> SIMD3<Double> { [normal(), normal(), normal()] }

  /// The sum of the squares of so many independent numbers from the standard normal distribution.
  package mutating func sumOfSquaredNormals(_ count: Int) -> Double {
    if count < 2 { return (0..<count).reduce(0) { sum, _ in sum + squaredNormal() } }
    return 2 * gamma(shape: Double(count) / 2)
  }

  private mutating func squaredNormal() -> Double {
    let value = normal()
    return value * value
  }

  /// A number from the gamma distribution of a shape of at least 1 and the scale 1.
  ///
  /// Source: G. Marsaglia, W. W. Tsang, ACM Trans. Math. Softw. 26, 363 (2000).
  mutating func gamma(shape: Double) -> Double {
    ensure(shape >= 1, "RandomStream: the shape of a gamma distribution is at least 1 here")
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(1 - uniformDouble()) < x * x / 2 + d - d * cube + d * log(cube) { return d * cube }
    }
  }
}
