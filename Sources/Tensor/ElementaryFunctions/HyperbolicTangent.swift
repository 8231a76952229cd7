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
}
