import Atomistic
import Tensors

/// Boxes of water for the cases, made from nothing and always the same.
enum WaterBoxes {
  /// The density in g/mL at which 64 molecules fill a cube of 12.44 angstrom.
  static let density = 0.9945

  /// One box; different numbers give different places and orientations.
  ///
  /// Molecules leave their lattice and are bent a little, so that the ranges of the descriptors, by
  /// which they are scaled, are about as wide as those of a liquid.
  static func box(molecules: Int, number: Int = 0) -> Structure {
    var random = RandomStream(seed: 64, stream: UInt64(number))
    var box = WaterBox.structure(molecules: molecules, density: density, random: &random)
    func step(_ width: Double) -> SIMD3<Double> {
      width * SIMD3(random.normal(), random.normal(), random.normal())
    }
    for molecule in 0..<molecules {
      let shift = step(0.2)
      for atom in 3 * molecule..<3 * molecule + 3 { box.positions[atom] += shift + step(0.04) }
    }
    return box
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
