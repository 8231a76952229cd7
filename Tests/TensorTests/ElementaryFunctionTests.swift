import Glibc
import Tensors
import Testing

/// An elementary function, where it is swept, and how far off it may be.
struct Sweep: Sendable, CustomTestStringConvertible {
  let name: String
  let range: ClosedRange<Double>
  let single: @Sendable (Float.Vector) -> Float.Vector
  let double: @Sendable (Double.Vector) -> Double.Vector
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
    name: "sine of half turns", range: -0.5...0.5,
    single: { Float.sineAndCosineOfHalfTurns($0).sine },
    double: { Double.sineAndCosineOfHalfTurns($0).sine }, exact: { sinl($0 * .pi) }, ulps: 3),
  Sweep(
    name: "cosine of half turns", range: -0.5...0.5,
    single: { Float.sineAndCosineOfHalfTurns($0).cosine },
    double: { Double.sineAndCosineOfHalfTurns($0).cosine }, exact: { sinl((0.5 - abs($0)) * .pi) },
    ulps: 3),
  Sweep(
    name: "tanh", range: -10...10, single: Float.tanh, double: Double.tanh, exact: tanhl, ulps: 2.5),
  Sweep(
    name: "tanh", range: -0.4...0.4, single: Float.tanh, double: Double.tanh, exact: tanhl,
    ulps: 2.5),
  Sweep(
    name: "tanh", range: -1e-6...1e-6, single: Float.tanh, double: Double.tanh, exact: tanhl,
    ulps: 2.5),
  Sweep(
    name: "tanh within one", range: -1...1, single: Float.tanhWithinOne,
    double: Double.tanhWithinOne, exact: tanhl, ulps: 2.5),
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
func greatestError<Vector: RealVector>(
  of function: (Vector) -> Vector, _ exact: (Float80) -> Float80,
  on range: ClosedRange<Double>
) -> (ulps: Double, at: Vector.Scalar) {
  typealias Scalar = Vector.Scalar
  var worst = (ulps: 0.0, at: Scalar(0))
  let vectors = 16000 / Scalar.lanes
  for vector in 0..<vectors {
    var x = Vector()
    for lane in 0..<Scalar.lanes {
      let part = (Double(vector * Scalar.lanes + lane) + 0.37) / Double(vectors * Scalar.lanes)
      x[lane] = Scalar(range.lowerBound + part * (range.upperBound - range.lowerBound))
    }
    let y = function(x)
    for lane in 0..<Scalar.lanes {
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
  func value(_ function: (Scalar.Vector) -> Scalar.Vector, _ x: Scalar) -> Scalar {
    function(.init(repeating: x))[Scalar.lanes - 1]
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
  let functions: [(Scalar.Vector) -> Scalar.Vector] = [
    Scalar.exp, Scalar.log, Scalar.log1p, Scalar.sin, Scalar.cos, Scalar.tanh, Scalar.sigmoid,
    Scalar.softplus, Scalar.erf, Scalar.erfc, Scalar.acos, Scalar.squareRoot,
  ]
  for (index, function) in functions.enumerated() {
    #expect(value(function, .nan).isNaN, "function \(index)")
  }
  let (two, three) = (Scalar.Vector(repeating: 2), Scalar.Vector(repeating: 3))
  #expect(Scalar.power(two, three)[Scalar.lanes - 1] == 8)
  #expect(Scalar.power(-two, three)[0] == -8)
  #expect(Scalar.power(two - 2, two - 2)[0] == 1)
  #expect(abs(Scalar.atan2(two, -two)[1] - Scalar(3 * Double.pi / 4)) <= Scalar(3).ulp)
}

/// Choices lane by lane, with a NaN in either place and in both.
func checkChoices<Scalar: RealScalar>(_: Scalar.Type) {
  let a: [Scalar] = [1, 2, .nan, 3, .nan, -.infinity, -0.5, 7]
  let b: [Scalar] = [2, 1, 3, .nan, .nan, .infinity, -0.25, 7]
  func check(
    _ expected: [Scalar], _ choice: (Scalar.Vector, Scalar.Vector) -> Scalar.Vector
  ) {
    for (index, number) in expected.enumerated() {
      // Neighbouring lanes hold other numbers.
      var (x, y) = (Scalar.Vector(), Scalar.Vector())
      for lane in 0..<Scalar.lanes {
        (x[lane], y[lane]) = (a[(index + lane) % 8], b[(index + lane) % 8])
      }
      let chosen = choice(x, y)[0]
      #expect(chosen == number || chosen.isNaN && number.isNaN, "\(a[index]), \(b[index])")
    }
  }
  check([2, 2, .nan, .nan, .nan, .infinity, -0.25, 7]) { Scalar.maximum($0, $1) }
  check([1, 1, .nan, .nan, .nan, -.infinity, -0.5, 7]) { Scalar.minimum($0, $1) }
  check([1, 2, .nan, 3, .nan, .infinity, 0.5, 7]) { x, _ in Scalar.abs(x) }
  check([1, 9, 9, 9, 9, -.infinity, -0.5, 9]) {
    Scalar.select($0, where: $0, isLessThan: $1, otherwise: .init(repeating: 9))
  }
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
