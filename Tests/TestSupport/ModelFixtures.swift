public import Atomistic
import Layers
import Tensors

/// Structures that models are tested on.
public enum ModelFixtures {
  /// A bent water molecule in open space.
  public static let waterMolecule = Structure(
    elements: [.oxygen, .hydrogen, .hydrogen],
    positions: [[0, 0, 0], [0.98, 0.05, 0], [-0.3, 0.99, 0.1]])

  /// Two water molecules in a triclinic cell smaller than the cutoffs of all models.
  public static let waterBox = Structure(
    elements: [.oxygen, .hydrogen, .hydrogen, .oxygen, .hydrogen, .hydrogen],
    positions: [
      [0.1, 0.2, 0.1], [1.08, 0.25, 0.1], [-0.2, 1.19, 0.2],
      [2.9, 2.1, 2.2], [3.2, 3.05, 2.3], [3.6, 1.5, 2.5],
    ],
    cell: Cell(Matrix3([4.9, 0.1, 0], [0.7, 4.6, 0.2], [-0.4, 0.6, 5.1])))

  /// Atoms of three elements without a cell.
  public static let molecule = Structure(
    elements: [.carbon, .oxygen, .hydrogen, .hydrogen, .carbon, .hydrogen],
    positions: [
      [0, 0, 0], [1.2, 0.1, 0.1], [-0.6, 0.9, 0.05], [-0.5, -0.95, 0.1], [0.1, 0.3, 2.1],
      [1.0, 0.2, 2.6],
    ])

  /// Atoms of three elements in a triclinic cell with edges below the cutoff.
  public static let crystal = Structure(
    elements: [.oxygen, .hydrogen, .carbon, .hydrogen, .carbon],
    positions: [
      [0.1, 0, 0.2], [1.0, 0.4, 0.1], [1.6, 1.9, 0.3], [2.6, 0.3, 1.7], [0.3, 1.6, 2.2],
    ],
    cell: Cell(Matrix3([3.4, 0.2, 0], [0.5, 3.1, 0.1], [-0.3, 0.4, 3.6])))

  /// A network of three elements; its weights are drawn at random where no state gives them.
  public static let network: BehlerParrinello = {
    let window = Cutoff(.polynomial2, radius: 3.9)
    let networks = [Element.hydrogen, .carbon, .oxygen].map { element in
      var functions: [SymmetryFunction] = []
      for first in [1, 6, 8] {
        functions.append(
          .radial(
            RadialSymmetryFunction(neighbor: first, eta: 0.4, shift: 1.1, cutoff: window)))
        for second in [1, 6, 8] where second >= first {
          let angular = AngularSymmetryFunction(
            neighbors: first, second, eta: 0.05, lambda: first == 6 ? -1 : 1, zeta: 2,
            cutoff: window)
          functions.append(first == second ? .wideAngular(angular) : .narrowAngular(angular))
        }
      }
      let ranges = functions.indices.map {
        DescriptorRange(
          minimum: 0, maximum: 1 + 0.1 * Double($0), mean: 0.5, sigma: $0 == 2 ? nil : 0.2)
      }
      return BehlerParrinello.Network(
        element: element, symmetryFunctions: functions, ranges: ranges, hiddenNodes: [5, 4],
        hiddenActivations: [.tanh, .softplus], energyOffset: -10 * Double(element.number))
    }
    return BehlerParrinello(networks: networks, lengthUnit: .angstrom, energyFactor: 0.7)
  }()

  /// The same atoms in reverse order.
  public static func permuted(_ structure: Structure) -> Structure {
    Structure(
      elements: structure.elements.reversed(), positions: structure.positions.reversed(),
      cell: structure.cell)
  }

  /// The structure moved by a vector and turned by a rotation.
  public static func moved(
    _ structure: Structure, by shift: SIMD3<Double>, _ rotation: Matrix3
  ) -> Structure {
    Structure(
      elements: structure.elements, positions: structure.positions.map { $0 * rotation + shift },
      cell: structure.cell?.deformed(by: rotation))
  }

  /// A rotation about an axis askew, as a matrix that row vectors are multiplied by.
  public static let rotation: Matrix3 = {
    // Rodrigues' formula for the axis (1, 2, 2) / 3 and an angle of 0.7.
    let (c, s) = (0.7648421872844885, 0.644217687237691)
    let axis = SIMD3<Double>(1, 2, 2) / 3
    let cross = Matrix3([0, axis.z, -axis.y], [-axis.z, 0, axis.x], [axis.y, -axis.x, 0])
    let outer = Matrix3(axis * axis.x, axis * axis.y, axis * axis.z)
    return Matrix3.identity * c + cross * s + outer * (1 - c)
  }()
}

extension SIMD3 where Scalar == Double {
  /// The three components.
  public var components: [Double] { [x, y, z] }
}

extension Matrix3 {
  /// The largest element of the difference.
  public func difference(_ other: Matrix3) -> Double {
    zip(rowMajor, other.rowMajor).map { abs($0 - $1) }.max()!
  }
}

extension ReferenceFile {
  /// The structure whose elements, positions and cell stand under these keys; lengths times `unit`.
  public func structure(unit: Double) -> Structure {
    let numbers = self["positions"].tensor.doubles.map { $0 * unit }
    let positions = (0..<numbers.count / 3).map {
      SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2])
    }
    let cell = has("cell") ? Cell(Matrix3(rowMajor: self["cell"].tensor.doubles) * unit) : nil
    return Structure(
      elements: self["elements"].list.map { Element(symbol: $0.text)! }, positions: positions,
      cell: cell)
  }

  /// The structure in angstrom.
  public var structure: Structure { structure(unit: 1) }
}
