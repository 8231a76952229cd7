public import Layers

/// The symmetry functions of each element.
public struct DescriptorChoice: Sendable, Hashable {
  /// The functions of each element's atoms, sorted, by atomic number.
  public var functions: [Int: [SymmetryFunction]]

  /// The length unit of the functions' parameters.
  public var lengthUnit: LengthUnit

  /// Makes a choice.
  public init(functions: [Int: [SymmetryFunction]], lengthUnit: LengthUnit) {
    self.functions = functions.mapValues { $0.sorted() }
    self.lengthUnit = lengthUnit
  }

  /// The largest cutoff radius in angstrom.
  public var cutoff: Double {
    functions.values.joined().map(\.radius).max().map { $0 * lengthUnit.inAngstrom } ?? 0
  }

  /// The 27 functions of H and 30 functions of O for liquid water (Morawietz et al., PNAS 113, 8368
  /// (2016); Shao et al. 2021): cutoff 12 bohr with `tanh³(1 - r/r_c)`.
  public static var water: DescriptorChoice {
    let (hydrogen, oxygen) = (1, 8)
    let cutoff = Cutoff(.tanhCubed, radius: 12)
    func radial(_ neighbor: Int, shift: Double) -> [SymmetryFunction] {
      [
        (0.001, 0), (0.01, 0), (0.03, 0), (0.06, 0), (0.15, shift), (0.30, shift), (0.60, shift),
        (1.50, shift),
      ].map {
        .radial(
          RadialSymmetryFunction(neighbor: neighbor, eta: $0.0, shift: $0.1, cutoff: cutoff))
      }
    }
    func angular(
      _ first: Int, _ second: Int, _ parameters: [(eta: Double, zeta: Double)],
      lambdas: [Double] = [-1, 1]
    ) -> [SymmetryFunction] {
      parameters.flatMap { eta, zeta in
        lambdas.map {
          .narrowAngular(
            AngularSymmetryFunction(
              neighbors: first, second, eta: eta, lambda: $0, zeta: zeta, cutoff: cutoff))
        }
      }
    }
    return DescriptorChoice(
      functions: [
        hydrogen: radial(hydrogen, shift: 1.9) + radial(oxygen, shift: 0.9)
          + angular(hydrogen, oxygen, [(0.01, 4), (0.03, 1), (0.07, 1)])
          + angular(hydrogen, oxygen, [(0.2, 1)], lambdas: [1])
          + angular(oxygen, oxygen, [(0.001, 4), (0.03, 1)]),
        oxygen: radial(hydrogen, shift: 0.9) + radial(oxygen, shift: 4.0)
          + angular(hydrogen, hydrogen, [(0.01, 4), (0.03, 1), (0.07, 1)])
          + angular(hydrogen, oxygen, [(0.001, 4), (0.03, 1)])
          + angular(oxygen, oxygen, [(0.001, 4), (0.03, 1)]),
      ], lengthUnit: .bohr)
  }
}
