// tanh |x| = e / (e + 2) with e = exp(2 |x|) - 1 = 2ⁿ (exp(r) - 1) + (2ⁿ - 1), which keeps the
// relative accuracy at small x (there n = 0) and needs no second branch.

extension Float {
  /// The hyperbolic tangent; at most 2.5 ulp off.
  @inlinable @inline(__always)
  public static func tanh(_ x: Float.Vector) -> Float.Vector {
    let sign = bits(x) & 0x8000_0000
    let magnitude = vector(bits(x) ^ sign)
    var twice = magnitude + magnitude
    twice.replace(with: 20, where: twice .> 20)
    let (fraction, power) = reducedExponential(twice)
    let scale = powerOfTwo(power)
    let e = (scale - 1).addingProduct(scale, fraction)
    return vector(bits(e / (e + 2)) | sign)
  }

  /// The hyperbolic tangent for |x| ≤ 1, by a polynomial alone; at most 2.5 ulp off.
  @inlinable @inline(__always)
  public static func tanhWithinOne(_ x: Float.Vector) -> Float.Vector {
    let z = x * x
    let rest = polynomial(
      z,
      [
        -0.333332787, 0.133321597, -0.0538709123, 0.021464819, -0.00791744288, 0.0022822284,
        -0.000353345207,
      ])
    return x.addingProduct(x * z, rest)
  }
}

extension Double {
  /// The hyperbolic tangent; at most 2.5 ulp off.
  @inlinable @inline(__always)
  public static func tanh(_ x: Double.Vector) -> Double.Vector {
    let sign = bits(x) & 0x8000_0000_0000_0000
    let magnitude = vector(bits(x) ^ sign)
    var twice = magnitude + magnitude
    twice.replace(with: 40, where: twice .> 40)
    let (fraction, power) = reducedExponential(twice)
    let scale = powerOfTwo(power)
    let e = (scale - 1).addingProduct(scale, fraction)
    return vector(bits(e / (e + 2)) | sign)
  }

  /// The hyperbolic tangent for |x| ≤ 1, by a polynomial alone; at most 2.5 ulp off.
  @inlinable @inline(__always)
  public static func tanhWithinOne(_ x: Double.Vector) -> Double.Vector {
    let z = x * x
    let rest = polynomial(
      z,
      [
        -0.33333333333332749, 0.13333333333283309, -0.053968253951267306, 0.021869488232283486,
        -0.0088632322305167004, 0.0035921044127471291, -0.0014557168199575857,
        0.000589606483114914, -0.0002380198811195974, 9.4733910333440010e-05,
        -3.6051423109118977e-05, 1.2315996648045483e-05, -3.4075610303484107e-06,
        6.5103509383670117e-07, -6.2246960896684052e-08,
      ])
    return x.addingProduct(x * z, rest)
  }
}
