import Layers
import Tensors
import TestSupport
import Testing

@Suite("Cutoff functions")
struct CutoffTests {
  static let radius = 6.0
  static let distances = (0...66).map { Double($0) / 10 }

  @Test(
    "value and derivative are those of the formula",
    arguments: CutoffFunction.allCases, [0.0, 0.3])
  func formula(function: CutoffFunction, alpha: Double) {
    let cutoff = Cutoff(function, radius: CutoffTests.radius, innerFraction: alpha)
    for r in CutoffTests.distances {
      let (value, derivative) = cutoff.valueAndDerivative(at: r)
      let expected = SymmetryFunctionOracle.window(cutoff, r)
      #expect(abs(value - expected.value) < 5e-14, "value at \(r)")
      #expect(abs(derivative - expected.derivative) < 1e-13, "derivative at \(r)")
    }
  }

  @Test("single precision follows", arguments: CutoffFunction.allCases)
  func singlePrecision(function: CutoffFunction) {
    let cutoff = Cutoff(function, radius: CutoffTests.radius, innerFraction: 0.1)
    for r in CutoffTests.distances {
      let (value, derivative) = cutoff.valueAndDerivative(at: Float(r))
      let expected = SymmetryFunctionOracle.window(cutoff, r)
      #expect(abs(Double(value) - expected.value) < 2e-6, "value at \(r)")
      #expect(abs(Double(derivative) - expected.derivative) < 4e-6, "derivative at \(r)")
    }
  }

  @Test("the derivative is the slope of the value", arguments: CutoffFunction.allCases)
  func slope(function: CutoffFunction) {
    let cutoff = Cutoff(function, radius: CutoffTests.radius, innerFraction: 0.2)
    let step = 1e-5
    for r in stride(from: 0.05, to: 5.99, by: 0.11) {
      let above = cutoff.valueAndDerivative(at: r + step).value
      let below = cutoff.valueAndDerivative(at: r - step).value
      let difference = (above - below) / (2 * step)
      #expect(abs(difference - cutoff.valueAndDerivative(at: r).derivative) < 1e-8)
    }
  }

  @Test("windows are 1 at the centre, except the un-normalised one", arguments: [0.0, 0.5])
  func height(alpha: Double) {
    for function in CutoffFunction.allCases {
      let cutoff = Cutoff(function, radius: 3, innerFraction: alpha)
      let value = cutoff.valueAndDerivative(at: 0.0).value
      let expected = function == .tanhCubed ? 0.44174415173115256 : 1
      #expect(abs(value - expected) < 1e-14)
    }
  }
}
