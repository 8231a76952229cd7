import Tensors
import TestSupport
import Testing
import Train

@Suite("Training a network potential on several threads")
struct ThreadTests {
  @Test(
    "the number of threads changes nothing but round-off, and the same number not a bit",
    arguments: ["ekf", "adam"], [false, true])
  func threads(name: String, inDouble: Bool) throws {
    let optimizer = OptimizerCase.all.first { $0.name == name }!.network
    let boxes = try WaterFit<Double>.boxes()
    func check<Scalar: RealScalar>(_: Scalar.Type, _ tolerance: Double) throws {
      let fit = try WaterFit<Scalar>(boxes)
      let (one, two, again) = (
        try fit.train(optimizer, threads: 1, steps: 100),
        try fit.train(optimizer, threads: 2, steps: 100),
        try fit.train(optimizer, threads: 2, steps: 100)
      )
      #expect(two == again)
      // Smaller steps would run on one thread and compare nothing.
      #expect(one.sharedRowPhases.allSatisfy { $0 == 0 })
      #expect(two.sharedRowPhases.allSatisfy { $0 > 0 }, "\(two.sharedRowPhases)")
      let weights = largestDifference(two.weights, one.weights)
      let energies = largestDifference(two.energies, one.energies)
      #expect(weights < tolerance && energies < tolerance, "\(weights), \(energies)")
    }
    try inDouble ? check(Double.self, 1e-12) : check(Float.self, 1e-5)
  }
}
