import Foundation
import Layers
import Testing

@Suite("Symmetry functions")
struct SymmetryFunctionTests {
  static let near = Cutoff(.tanhCubed, radius: 6)
  static let far = Cutoff(.tanhCubed, radius: 12)

  static func radial(
    _ neighbor: Int, _ eta: Double, _ shift: Double = 0, _ cutoff: Cutoff = far
  ) -> SymmetryFunction {
    .radial(RadialSymmetryFunction(neighbor: neighbor, eta: eta, shift: shift, cutoff: cutoff))
  }

  static func angular(
    _ eta: Double, _ lambda: Double, _ zeta: Double, _ first: Int = 1, _ second: Int = 8,
    shift: Double = 0
  ) -> AngularSymmetryFunction {
    AngularSymmetryFunction(
      neighbors: first, second, eta: eta, lambda: lambda, zeta: zeta, shift: shift, cutoff: far)
  }

  /// In n2p2's order; each function but the first differs from the one before it in one field that
  /// outweighs all that follow.
  static let ordered: [SymmetryFunction] = [
    radial(8, 9, 9, near),
    radial(1, 0.1), radial(8, 0.1), radial(1, 0.1, 0.5), radial(1, 0.2),
    .radial(
      RadialSymmetryFunction(
        neighbor: 1, eta: 0, cutoff: Cutoff(.polynomial2, radius: 1, innerFraction: 0))),
    .radial(
      RadialSymmetryFunction(
        neighbor: 1, eta: 0, cutoff: Cutoff(.polynomial2, radius: 0.5, innerFraction: 0.2))),
    .narrowAngular(angular(0.01, 1, 4, 8, 8)),
    .narrowAngular(angular(0.02, 1, 1, 1, 1)), .narrowAngular(angular(0.02, 1, 1, 8, 1)),
    .narrowAngular(angular(0.02, 1, 1, 8, 8)),
    .narrowAngular(angular(0.02, -1, 4, 8, 8)), .narrowAngular(angular(0.02, 1, 4, 1, 1)),
    .narrowAngular(angular(0.02, -1, 1, 1, 1, shift: 0.5)),
    .wideAngular(angular(0.001, -1, 1, 1, 1)),
  ]

  @Test("are sorted as n2p2 numbers them", arguments: 1...5)
  func order(seed: Int) {
    var state = UInt64(seed)
    let shuffled = Self.ordered.map { function in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33, function)
    }.sorted { $0.0 < $1.0 }.map(\.1)
    #expect(shuffled.sorted() == Self.ordered)
  }

  @Test("another length unit leaves the value of eta r² alone")
  func units() {
    guard case .radial(let function) = Self.radial(1, 0.5, 2).scaled(byLength: 4) else {
      Issue.record("the kind of the function changed")
      return
    }
    #expect(function.eta == 0.03125)
    #expect(function.shift == 8)
    #expect(function.cutoff.radius == 48)
  }

  @Test("survive being encoded", arguments: ordered)
  func coding(function: SymmetryFunction) throws {
    let data = try JSONEncoder().encode(function)
    #expect(try JSONDecoder().decode(SymmetryFunction.self, from: data) == function)
  }

  @Test("every activation of n2p2 has a letter of its own")
  func letters() {
    #expect(String(Activation.allCases.compactMap(\.letter)) == "ltsprgcSeh")
    for activation in Activation.allCases {
      if let letter = activation.letter { #expect(Activation(letter: letter) == activation) }
    }
    #expect(Activation(letter: "T") == nil)
  }
}
