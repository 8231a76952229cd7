import Foundation
public import Tensors

/// The labels of one property and one structure that do not belong to those of the other structures.
///
/// Energies are compared per atom, see `EnergyOutliers`; other properties by the logarithm of the root
/// mean square of a structure's values, since forces and stresses of sound structures differ by factors.
public struct LabelOutlier: Hashable, Sendable, Codable {
  /// The name of the property.
  public var property: String
  /// The place of the structure, counted from zero.
  public var structure: Int
  /// The energy per atom, or the root mean square of the values.
  public var value: Double
  /// The median of the others, or the energy that a fit of the others gives.
  public var expected: Double
  /// The distance between both in spreads of the others; of logarithms except for energies.
  public var score: Double
  /// Whether the label would spoil a training: it is far out, and few are.
  public var isGross: Bool
  /// The units with which the label belongs to the others.
  public var suspectedUnits: UnitSystem?

  /// The score of a logarithm beyond which labels lie apart.
  static let bar = 6.0
  /// The score of a logarithm beyond which labels spoil a training.
  static let grossBar = 15.0
  /// The smallest spread of logarithms, a tenth of the labels' size.
  private static let smallestSpread = 0.1
  /// The root mean square below which labels are zero, in the property's unit.
  static let zero = 1e-9

  /// Finds outliers among the members of a list of structures.
  ///
  /// - Parameters:
  ///   - structures: The structures.
  ///   - members: The places of the structures that are judged.
  ///   - properties: The properties whose labels are judged.
  /// - Returns: The outliers, property by property, in ascending order of structures.
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  public static func find(
    in structures: [Structure], members: [Int], properties: [Property]
  ) throws(LinearAlgebra.Failure) -> [LabelOutlier] {
    var outliers: [LabelOutlier] = []
    for property in properties {
      if case .energy = property.definition {
        outliers += try EnergyOutliers(structures, members: members).outliers.map {
          LabelOutlier($0, property.name)
        }
      } else {
        outliers += find(property, in: structures, members: members)
      }
    }
    return outliers
  }

  private init(_ outlier: EnergyOutliers.Outlier, _ property: String) {
    (self.property, structure) = (property, outlier.structure)
    (value, expected, score) = (outlier.perAtom, outlier.expected, outlier.score)
    isGross = outlier.isGross
    suspectedUnits = outlier.suspectedUnit.map {
      UnitSystem(length: $0 == .hartree ? .bohr : .angstrom, energy: $0)
    }
  }

  private init(
    property: String, structure: Int, value: Double, expected: Double, score: Double,
    isGross: Bool, suspectedUnits: UnitSystem?
  ) {
    (self.property, self.structure, self.value) = (property, structure, value)
    (self.expected, self.score, self.isGross) = (expected, score, isGross)
    self.suspectedUnits = suspectedUnits
  }

  /// The outliers of a property by the size of its values; labels that are all zero are left out.
  private static func find(
    _ property: Property, in structures: [Structure], members: [Int]
  ) -> [LabelOutlier] {
    let sizes = members.compactMap { place -> (place: Int, size: Double)? in
      guard let size = property.rootMeanSquare(of: structures[place]), size > zero else {
        return nil
      }
      return (place, size)
    }
    let logarithms = sizes.map { log($0.size) }
    guard let scores = RobustScores(logarithms, smallestSpread: smallestSpread) else { return [] }
    var isForce = false
    if case .force = property.definition { isForce = true }
    let apart = scores.apart(beyond: bar)
    let isFew = EnergyOutliers.areFew(apart.count, of: sizes.count)
    return apart.compactMap { number in
      let score = scores.scores[number]
      // Small forces are those of relaxed structures; other properties may vanish as they like.
      guard score > 0 || isForce else { return nil }
      // In another unit all forces of a structure are, not the largest alone.
      let length = isForce ? structures[sizes[number].place].medianForce : 0
      let units = UnitSystem.customary.first {
        length > 0 && abs(scores.score(logarithms[number] + log($0.forceFactor))) <= 3
          && abs(log(length * $0.forceFactor) - scores.median) <= 1.5
      }
      return LabelOutlier(
        property: property.name, structure: sizes[number].place, value: sizes[number].size,
        expected: exp(scores.median), score: score, isGross: score > grossBar && isFew,
        suspectedUnits: units)
    }
  }
}

extension UnitSystem {
  /// The systems other than the standard one that files are often in.
  fileprivate static let customary = [
    atomic, UnitSystem(length: .angstrom, energy: .hartree),
    UnitSystem(length: .angstrom, energy: .kilocaloriePerMole),
    UnitSystem(length: .angstrom, energy: .kilojoulePerMole),
  ]
}

extension Structure {
  /// The median length of the forces, 0 without any.
  fileprivate var medianForce: Double {
    guard let forces = labels.forces, !forces.isEmpty else { return 0 }
    return RobustScores.median(of: forces.map(\.length))
  }
}

extension Property {
  /// The root mean square of the reference values of a structure, nil where it has none.
  func rootMeanSquare(of structure: Structure) -> Double? {
    if case .force = definition {
      guard let forces = structure.labels.forces, !forces.isEmpty else { return nil }
      return (forces.reduce(0) { $0 + $1.dot($1) } / Double(3 * forces.count)).squareRoot()
    }
    guard let values = reference(structure), !values.isEmpty else { return nil }
    return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }
}
