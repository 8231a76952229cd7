import Layers
import TestSupport
import Testing

/// The oracle itself is checked against numbers that were made elsewhere.
@Suite(
  "Symmetry function oracle",
  .enabled(if: SharedData.has("reference"), Comment(rawValue: SharedData.absence)))
struct SymmetryFunctionOracleTests {
  static let atomicNumbers = ["H": 1, "O": 8]

  @Test(
    "descriptors of molecules and of cells smaller than twice the cutoff",
    arguments: ["A", "B", "C"], ["tanh3", "cos"])
  func descriptors(system name: String, cutoff: String) throws {
    let reference = try SharedData.json("reference/bpnn.json")
    let system = reference["systems"][name]
    let elements = system["elements"].elements.map { Self.atomicNumbers[$0.text]! }
    let positions = vectors(system["positions"].reals)
    let cell = system["cell"].isNull ? nil : vectors(system["cell"].reals)
    let expected = system["variants"]["\(cutoff)_unscaled"]["descriptors"].reals
    for (atom, element) in elements.enumerated() {
      let own = reference["symmetry_functions"][element == 1 ? "H" : "O"].elements
      let functions = own.map { Self.function($0, cutoff == "cos" ? .cosine : .tanhCubed) }
      let neighbors = SymmetryFunctionOracle.neighbors(
        of: atom, positions: positions, elements: elements, cell: cell,
        cutoff: reference["r_c"].real)
      for (column, function) in functions.enumerated() {
        let value = SymmetryFunctionOracle.evaluate(function, neighbors).value
        let target = expected[atom * functions.count + column]
        #expect(abs(value - target) <= 1e-11 * abs(target) + 1e-18, "atom \(atom), \(function)")
      }
    }
  }

  private static func function(_ json: JSONTree, _ shape: CutoffFunction) -> SymmetryFunction {
    let cutoff = Cutoff(shape, radius: json["r_c"].real)
    let type = json["type"].text
    guard type != "G2" else {
      return .radial(
        RadialSymmetryFunction(
          neighbor: atomicNumbers[json["neighbour"].text]!, eta: json["eta"].real,
          shift: json["r_s"].real, cutoff: cutoff))
    }
    let pair = json["neighbours"].elements.map { atomicNumbers[$0.text]! }
    let angular = AngularSymmetryFunction(
      neighbors: pair[0], pair[1], eta: json["eta"].real, lambda: json["lambda"].real,
      zeta: json["zeta"].real, cutoff: cutoff)
    return type == "G9 wide" ? .wideAngular(angular) : .narrowAngular(angular)
  }

  private func vectors(_ numbers: [Double]) -> [SIMD3<Double>] {
    stride(from: 0, to: numbers.count, by: 3).map {
      SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
    }
  }
}

@Suite("Gradients of the symmetry function oracle")
struct SymmetryFunctionOracleGradientTests {
  static let cutoff = Cutoff(.cosine, radius: 5, innerFraction: 0.1)
  static let angular = AngularSymmetryFunction(
    neighbors: 8, 1, eta: 0.03, lambda: -1, zeta: 2.5, shift: 0.4, cutoff: cutoff)
  static let functions: [SymmetryFunction] = [
    .radial(RadialSymmetryFunction(neighbor: 1, eta: 0.2, shift: 1.5, cutoff: cutoff)),
    .narrowAngular(angular), .wideAngular(angular),
  ]

  @Test("gradients agree with central differences", arguments: functions)
  func gradients(function: SymmetryFunction) {
    let places: [(SIMD3<Double>, Int)] = [
      (SIMD3(1.1, 0.3, -0.4), 1), (SIMD3(-0.7, 1.9, 0.8), 8), (SIMD3(0.2, -1.3, 2.1), 1),
      (SIMD3(-2.4, -0.6, 1.2), 6), (SIMD3(2.9, 1.7, 0.5), 8),
    ]
    func evaluate(_ moved: Int, _ axis: Int, _ step: Double) -> Double {
      var neighbors: [OracleNeighbor] = []
      for (index, place) in places.enumerated() {
        var displacement = place.0
        if index == moved { displacement[axis] += step }
        neighbors.append(
          OracleNeighbor(displacement: displacement, element: place.1, atom: index))
      }
      return SymmetryFunctionOracle.evaluate(function, neighbors).value
    }
    let neighbors = places.enumerated().map {
      OracleNeighbor(displacement: $1.0, element: $1.1, atom: $0)
    }
    let (value, gradients) = SymmetryFunctionOracle.evaluate(function, neighbors)
    #expect(value > 1e-3)
    for index in places.indices {
      for axis in 0..<3 {
        let step = 1e-5
        let difference = (evaluate(index, axis, step) - evaluate(index, axis, -step)) / (2 * step)
        #expect(abs(gradients[index][axis] - difference) < 1e-9)
      }
    }
  }
}
