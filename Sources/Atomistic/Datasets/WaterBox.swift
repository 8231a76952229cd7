public import Tensors

/// Water molecules on a lattice, with random orientations: where simulations start.
public enum WaterBox {
  /// Places molecules in a cubic cell.
  ///
  /// They stand on the sites of a simple cubic lattice of at least as many sites, chosen at random.
  ///
  /// - Parameters:
  ///   - molecules: The number of molecules.
  ///   - density: The mass density in g/mL.
  ///   - bondLength: The length of a bond in angstrom.
  ///   - angle: The angle H-O-H in radians.
  ///   - random: The stream that orientations and sites are drawn from.
  /// - Returns: Molecules of one shape; oxygen, hydrogen, hydrogen of one after another.
  public static func structure(
    molecules: Int, density: Double, bondLength: Double = FlexibleWater.Parameters().bondLength,
    angle: Double = FlexibleWater.Parameters().angle, random: inout RandomStream
  ) -> Structure {
    ensure(
      molecules > 0 && density > 0, "WaterBox: molecules and density have to be positive")
    let mass = Double(molecules) * (Element.oxygen.mass + 2 * Element.hydrogen.mass)
    let edge = cubeRoot(mass * Units.atomicMassPerCubicAngstrom / density)
    var sites = 1
    while sites * sites * sites < molecules { sites += 1 }
    var order = Array(0..<sites * sites * sites)
    random.shuffle(&order)
    var structure = Structure(elements: [], positions: [], cell: Cell(cubic: edge))
    let (cosine, sine) = (
      Double.cos(.init(repeating: angle / 2))[0], Double.sin(.init(repeating: angle / 2))[0]
    )
    for site in order.prefix(molecules).sorted() {
      let place = SIMD3(site / sites / sites, site / sites % sites, site % sites)
      let center = (SIMD3<Double>(place) + 0.5) * (edge / Double(sites))
      let axis = direction(&random)
      let turn = axis.cross(direction(&random))
      let side = turn / turn.length
      structure.elements += [.oxygen, .hydrogen, .hydrogen]
      structure.positions += [
        center, center + bondLength * (cosine * axis + sine * side),
        center + bondLength * (cosine * axis - sine * side),
      ]
    }
    return structure
  }

  /// A vector of length one, every direction as likely.
  private static func direction(_ random: inout RandomStream) -> SIMD3<Double> {
    while true {
      let vector = SIMD3(random.normal(), random.normal(), random.normal())
      if vector.length > 1e-3 { return vector / vector.length }
    }
  }

  private static func cubeRoot(_ x: Double) -> Double {
    Double.power(.init(repeating: x), .init(repeating: 1.0 / 3))[0]
  }
}
