import Atomistic
import Tensors

/// Boxes of water for the cases, made from nothing and always the same.
enum WaterBoxes {
  /// The density in g/mL at which 64 molecules fill a cube of 12.44 angstrom.
  static let density = 0.9945

  /// One box; different numbers give different orientations.
  static func box(molecules: Int, number: Int = 0) -> Structure {
    var random = RandomStream(seed: 64, stream: UInt64(number))
    return WaterBox.structure(molecules: molecules, density: density, random: &random)
  }

  /// Boxes with the energies and forces of the classical model of water.
  static func labelled(count: Int, molecules: Int, workers: Workers) throws -> [Structure] {
    let calculator = Calculator<Double>(FlexibleWater(), computesStress: false, workers: workers)
    return try (0..<count).map { number in
      var structure = box(molecules: molecules, number: number)
      structure.labels = try calculator(structure)
      return structure
    }
  }
}
