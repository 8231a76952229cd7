import Glibc
import Tensors
import Testing

/// An elementary function, where it is swept, and how far off it may be.
struct Sweep: Sendable, CustomTestStringConvertible {
  let name: String
  let range: ClosedRange<Double>
  let single: @Sendable (SIMD8<Float>) -> SIMD8<Float>
  let double: @Sendable (SIMD8<Double>) -> SIMD8<Double>
  let exact: @Sendable (Float80) -> Float80
  var ulps = 2.0
  var testDescription: String { "\(name) on \(range)" }
}

/// The exact functions are evaluated in 80 bits, eleven more than a double's fraction.
let sweeps = [
  Sweep(name: "exp", range: -80...80, single: Float.exp, double: Double.exp, exact: expl, ulps: 1),
  Sweep(name: "log", range: 1e-6...4, single: Float.log, double: Double.log, exact: logl, ulps: 1),
  Sweep(name: "log", range: 0...1e30, single: Float.log, double: Double.log, exact: logl, ulps: 1),
  Sweep(name: "log1p", range: -0.99...3, single: Float.log1p, double: Double.log1p, exact: log1pl),
  Sweep(name: "sin", range: -10...10, single: Float.sin, double: Double.sin, exact: sinl),
  Sweep(name: "sin", range: -1e4...1e4, single: Float.sin, double: Double.sin, exact: sinl),
  Sweep(name: "sin", range: 9e4...3e6, single: Float.sin, double: Double.sin, exact: sinl),
  Sweep(name: "cos", range: -10...10, single: Float.cos, double: Double.cos, exact: cosl),
  Sweep(name: "cos", range: -1e4...1e4, single: Float.cos, double: Double.cos, exact: cosl),
  Sweep(
    name: "tanh", range: -10...10, single: Float.tanh, double: Double.tanh, exact: tanhl, ulps: 2.5),
  Sweep(
    name: "tanh", range: -0.4...0.4, single: Float.tanh, double: Double.tanh, exact: tanhl,
    ulps: 2.5),
  Sweep(
    name: "tanh", range: -1e-6...1e-6, single: Float.tanh, double: Double.tanh, exact: tanhl,
    ulps: 2.5),
  Sweep(
    name: "sigmoid", range: -80...80, single: Float.sigmoid, double: Double.sigmoid,
    exact: { 1 / (1 + expl(-$0)) }),
  Sweep(
    name: "softplus", range: -80...80, single: Float.softplus, double: Double.softplus,
    exact: { log1pl(expl($0)) }),
  Sweep(name: "erf", range: -4...4, single: Float.erf, double: Double.erf, exact: erfl),
  Sweep(
    name: "erfc", range: -2...8, single: Float.erfc, double: Double.erfc, exact: erfcl, ulps: 3),
  Sweep(name: "acos", range: -1...1, single: Float.acos, double: Double.acos, exact: acosl),
  Sweep(
    name: "squareRoot", range: 0...1e9, single: Float.squareRoot, double: Double.squareRoot,
    exact: sqrtl, ulps: 0.5001),
]

/// The greatest error over a sweep, in units in the last place, and where it is.
func greatestError<Scalar: RealScalar>(
  of function: (SIMD8<Scalar>) -> SIMD8<Scalar>, _ exact: (Float80) -> Float80,
  on range: ClosedRange<Double>
) -> (ulps: Double, at: Scalar) {
  var worst = (ulps: 0.0, at: Scalar(0))
  let vectors = 2000
  for vector in 0..<vectors {
    var x = SIMD8<Scalar>()
    for lane in 0..<8 {
      let part = (Double(vector * 8 + lane) + 0.37) / Double(vectors * 8)
      x[lane] = Scalar(range.lowerBound + part * (range.upperBound - range.lowerBound))
    }
    let y = function(x)
    for lane in 0..<8 {
      let expected = exact(Float80(x[lane]))
      let error = Double(abs(Float80(y[lane]) - expected) / Float80(Scalar(expected).ulp))
      if !(error <= worst.ulps) { worst = (error, x[lane]) }
    }
  }
  return worst
}

@Test("An elementary function is right to the last places", arguments: sweeps)
func accuracy(_ sweep: Sweep) {
  let single = greatestError(of: sweep.single, sweep.exact, on: sweep.range)
  let double = greatestError(of: sweep.double, sweep.exact, on: sweep.range)
  if getenv("SHOW_ULPS") != nil {
    print("\(sweep.testDescription): \(single.ulps) \(double.ulps)")
  }
  #expect(single.ulps <= sweep.ulps, "Float at \(single.at)")
  #expect(double.ulps <= sweep.ulps, "Double at \(double.at)")
}

/// The values of a function at the ends of its range, which sweeps do not meet.
func checkSpecialValues<Scalar: RealScalar>(_: Scalar.Type) {
  func value(_ function: (SIMD8<Scalar>) -> SIMD8<Scalar>, _ x: Scalar) -> Scalar {
    function(SIMD8(repeating: x))[3]
  }
  let infinity = Scalar.infinity
  #expect(value(Scalar.exp, -infinity) == 0)
  #expect(value(Scalar.exp, infinity) == infinity)
  #expect(value(Scalar.exp, 1e4) == infinity)
  #expect(value(Scalar.exp, 0) == 1)
  let logarithm = value(Scalar.log, .leastNonzeroMagnitude)
  #expect(abs(value(Scalar.exp, logarithm * 0.999) / Scalar.leastNonzeroMagnitude - 1) <= 1)
  #expect(value(Scalar.log, 0) == -infinity)
  #expect(value(Scalar.log, infinity) == infinity)
  #expect(value(Scalar.log, 1) == 0)
  #expect(value(Scalar.log, -1).isNaN)
  #expect(value(Scalar.log1p, -1) == -infinity)
  #expect(value(Scalar.log1p, -2).isNaN)
  #expect(value(Scalar.log1p, infinity) == infinity)
  #expect(value(Scalar.log1p, 1e-30) == 1e-30)
  #expect(value(Scalar.tanh, infinity) == 1)
  #expect(value(Scalar.tanh, -infinity) == -1)
  #expect(value(Scalar.tanh, 1e-30) == 1e-30)
  #expect(value(Scalar.tanh, -0.0).sign == .minus)
  #expect(value(Scalar.sigmoid, infinity) == 1)
  #expect(value(Scalar.sigmoid, -infinity) == 0)
  #expect(value(Scalar.softplus, 1000) == 1000)
  #expect(value(Scalar.softplus, -1000) == 0)
  #expect(value(Scalar.softplus, infinity) == infinity)
  #expect(value(Scalar.sin, infinity).isNaN)
  #expect(value(Scalar.sin, 0) == 0)
  #expect(value(Scalar.cos, 0) == 1)
  #expect(value(Scalar.acos, 2).isNaN)
  #expect(value(Scalar.squareRoot, -1).isNaN)
  let functions: [(SIMD8<Scalar>) -> SIMD8<Scalar>] = [
    Scalar.exp, Scalar.log, Scalar.log1p, Scalar.sin, Scalar.cos, Scalar.tanh, Scalar.sigmoid,
    Scalar.softplus, Scalar.erf, Scalar.erfc, Scalar.acos, Scalar.squareRoot,
  ]
  for (index, function) in functions.enumerated() {
    #expect(value(function, .nan).isNaN, "function \(index)")
  }
  let (two, three) = (SIMD8<Scalar>(repeating: 2), SIMD8<Scalar>(repeating: 3))
  #expect(Scalar.power(two, three)[7] == 8)
  #expect(Scalar.power(-two, three)[0] == -8)
  #expect(Scalar.power(two - 2, two - 2)[0] == 1)
  #expect(abs(Scalar.atan2(two, -two)[5] - Scalar(3 * Double.pi / 4)) <= Scalar(3).ulp)
}

/// Choices lane by lane, with a NaN in either place and in both.
func checkChoices<Scalar: RealScalar>(_: Scalar.Type) {
  let a = SIMD8<Scalar>(1, 2, .nan, 3, .nan, -.infinity, -0.5, 7)
  let b = SIMD8<Scalar>(2, 1, 3, .nan, .nan, .infinity, -0.25, 7)
  func same(_ x: SIMD8<Scalar>, _ expected: [Scalar]) -> Bool {
    (0..<8).allSatisfy { x[$0] == expected[$0] || (x[$0].isNaN && expected[$0].isNaN) }
  }
  #expect(same(Scalar.maximum(a, b), [2, 2, .nan, .nan, .nan, .infinity, -0.25, 7]))
  #expect(same(Scalar.minimum(a, b), [1, 1, .nan, .nan, .nan, -.infinity, -0.5, 7]))
  #expect(same(Scalar.abs(a), [1, 2, .nan, 3, .nan, .infinity, 0.5, 7]))
  let chosen = Scalar.select(a, where: a, isLessThan: b, otherwise: SIMD8(repeating: 9))
  #expect(same(chosen, [1, 9, 9, 9, 9, -.infinity, -0.5, 9]))
}

@Test("Choices between numbers are made lane by lane")
func choices() {
  checkChoices(Float.self)
  checkChoices(Double.self)
}

@Test("Elementary functions have the right limits, and pass on what is not a number")
func specialValues() {
  checkSpecialValues(Float.self)
  checkSpecialValues(Double.self)
}
