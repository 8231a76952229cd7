import Foundation
import Tensors
import TestSupport
import Testing

@testable import Atomistic

@Suite("Reports on labelled structures name what is wrong")
struct DataReportTests {
  /// Frames of eight molecules of water at three densities and two temperatures.
  static let water: [Structure] = {
    var sampling = DynamicsDataset.Sampling()
    (sampling.equilibrationSteps, sampling.interval) = (400, 60)
    do {
      return try WaterDataset.generate(
        frames: 40, molecules: 8, seed: 21, sampling: sampling, workers: Workers(count: 2))
    } catch {
      preconditionFailure("DataReportTests: \(error)")
    }
  }()

  private static func report(_ change: (inout [Structure]) -> Void) throws -> DataReport {
    var structures = water
    change(&structures)
    return try DataReport(structures)
  }

  @Test("sound structures have no warnings, and the report has their numbers")
  func sound() throws {
    let report = try DataReport(Self.water, workers: Workers(count: 2))
    #expect(report.warnings.isEmpty, "\(report.warnings)")
    #expect(report.members == 40 && report.duplicates.isEmpty && report.atomsWithoutNeighbors == 0)
    #expect(report.labels.map(\.property) == ["energy", "force", "stress"])
    for labels in report.labels { #expect(labels.structures == 40 && labels.missing == 0) }
    let energies = Self.water.map { $0.labels.energy! / 24 }
    #expect(report.labels[0].range == DatasetSummary.Range(energies))
    let shortest = try #require(report.shortest)
    let elements = Self.water[shortest.structure].elements
    let atoms = [shortest.first, shortest.second].map { elements[$0] }
    #expect(Set(atoms) == [.hydrogen, .oxygen] && shortest.distance < 0.97)
    #expect(try DataReport(Self.water) == report)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(DataReport.self, from: data) == report)
  }

  @Test("an energy of the wrong size is named", arguments: [3.0, 7, 1000, -1])
  func energy(factor: Double) throws {
    let report = try Self.report { $0[13].labels.energy! *= factor }
    #expect(report.warnings.map(\.kind) == [.outliers], "\(report.warnings)")
    let warning = try #require(report.warnings.first)
    #expect(warning.structures == [13] && warning.description.contains("structure 13 ("))
    #expect(report.outliers.map(\.isGross) == [true])
  }

  @Test(
    "forces of the wrong size are named, of a structure or of an atom", arguments: [10.0, 1000])
  func forces(factor: Double) throws {
    let all = try Self.report { structures in
      structures[7].labels.forces = structures[7].labels.forces!.map { $0 * factor }
    }
    let one = try Self.report { $0[7].labels.forces![5] *= 1000 }
    for report in [all, one] {
      #expect(report.warnings.map(\.kind) == [.outliers], "\(report.warnings)")
      #expect(report.warnings.first?.structures == [7] && report.outliers[0].isGross)
      #expect(report.outliers[0].property == "force")
    }
  }

  @Test("energy and forces of one structure in hartree are said to be so")
  func hartree() throws {
    let report = try Self.report { structures in
      structures[30].labels.energy! /= UnitSystem.atomic.energyFactor
      structures[30].labels.forces = structures[30].labels.forces!.map {
        $0 / UnitSystem.atomic.forceFactor
      }
    }
    #expect(report.warnings.map(\.kind) == [.units, .units], "\(report.warnings)")
    for (warning, unit) in zip(report.warnings, ["in hartree: look", "in hartree/bohr: look"]) {
      #expect(warning.structures == [30] && warning.description.contains(unit))
    }
    #expect(report.outliers.map(\.isGross) == [true, false])
  }

  @Test("a few clusters beside many structures of a bulk are no outliers")
  func clusters() throws {
    let report = try Self.report { structures in
      for number in 0..<3 {
        structures.append(ModelFixtures.waterMolecule)
        structures[40 + number].positions[1].x += 0.01 * Double(number)
        structures[40 + number].labels.energy = 0.01 * Double(number)
      }
    }
    #expect(report.outliers.isEmpty && report.warnings.isEmpty, "\(report.warnings)")
  }

  @Test("structures of many compositions are compared by what the energies of their atoms leave")
  func compositions() throws {
    let energies: [Element: Double] = [.hydrogen: -13.6, .carbon: -1030, .oxygen: -2041]
    var structures = (0..<30).map { number -> Structure in
      let elements =
        Array(repeating: Element.hydrogen, count: 1 + number)
        + Array(repeating: .carbon, count: 1 + number % 7)
        + Array(repeating: .oxygen, count: 1 + number % 4)
      let rest = -0.2 + 0.01 * Double(number % 5)
      return Structure(
        elements: elements, positions: elements.indices.map { [2 * Double($0), 0, 0] },
        labels: Labels(
          energy: elements.reduce(0) { $0 + energies[$1]! } + rest * Double(elements.count)))
    }
    #expect(try DataReport(structures).warnings.isEmpty)
    structures[11].labels.energy! *= 1.01
    #expect(try DataReport(structures).warnings.map(\.structures) == [[11]])
    structures[11].labels.energy! /= 1.01 * Units.hartree
    let warnings = try DataReport(structures).warnings
    #expect(warnings.map(\.kind) == [.units] && warnings[0].structures == [11])
  }

  @Test("zero labels are named, of all structures or of some")
  func zeros() throws {
    let none = try Self.report { structures in
      for number in structures.indices {
        structures[number].labels = Labels(energy: 0, forces: Array(repeating: .zero, count: 24))
      }
    }
    #expect(none.warnings.map(\.kind) == [.zeroLabels, .zeroLabels])
    for warning in none.warnings { #expect(warning.description.hasPrefix("all 40 labels of ")) }
    let some = try Self.report { $0[3].labels.forces = Array(repeating: .zero, count: 24) }
    #expect(some.warnings.map(\.kind) == [.zeroLabels] && some.warnings[0].structures == [3])
  }

  @Test("copies are found, moved ones and those on both sides of the division too")
  func copies() throws {
    var structures = Self.water
    structures[20] = structures[4]
    structures[20].positions = structures[4].positions.map { $0 + [0.3, -0.1, 0.2] }
    structures[20].positions[2] += structures[4].cell!.vectors.x
    structures[31] = structures[4]
    structures[31].positions[2].x += 1e-6
    let report = try DataReport(structures)
    #expect(report.duplicates == [[4, 20, 31]])
    #expect(report.warnings.map(\.kind) == [.duplicates])
    #expect(report.warnings[0].structures == [20, 31])
    let divided = try DataReport(
      structures, training: Array(0..<30), validation: Array(30..<40))
    #expect(divided.warnings.map(\.kind) == [.duplicates, .leakage])
    #expect(divided.warnings[1].structures == [31])
    structures[31].labels.energy! += 1
    let contrary = try DataReport(structures).warnings
    #expect(contrary.map(\.kind) == [.duplicates, .contradictions])
    structures[31].positions[2].x += 0.01
    #expect(try DataReport(structures).duplicates == [[4, 20]])
  }

  @Test("structures that are all the same are said to be so")
  func identical() throws {
    let report = try DataReport(
      Array(repeating: Self.water[0], count: 10), training: Array(0..<8), validation: [8, 9])
    #expect(report.warnings.map(\.kind) == [.duplicates, .leakage], "\(report.warnings)")
    #expect(report.warnings[0].description == "all 10 structures are copies of one")
    #expect(report.warnings[1].description.hasPrefix("2 of 2 structures to validate with are "))
  }

  @Test("molecules that move apart rigidly are no copies")
  func scan() throws {
    let structures = (0..<10).map { number -> Structure in
      var pair = ModelFixtures.waterMolecule
      pair.elements += ModelFixtures.waterMolecule.elements
      pair.positions += ModelFixtures.waterMolecule.positions.map {
        $0 + [8 + 0.2 * Double(number), 0, 0]
      }
      pair.labels.energy = -0.1
      return pair
    }
    #expect(try DataReport(structures).duplicates.isEmpty)
  }

  @Test("atoms too close, on top of each other and without neighbours are named")
  func distances() throws {
    let close = try Self.report { structures in
      structures[9].positions[4] = structures[9].positions[0] + [1e-4, 0, 0]
    }
    #expect(close.warnings.map(\.kind) == [.shortDistances], "\(close.warnings)")
    #expect(close.warnings[0].structures == [9])
    #expect(close.warnings[0].description.hasPrefix("atoms 0 and 4 of structure 9 are "))
    let overlapping = try Self.report { $0[9].positions[4] = $0[9].positions[0] }
    #expect(overlapping.warnings.map(\.kind) == [.overlaps])
    #expect(overlapping.warnings[0].structures == [9] && overlapping.shortest != nil)
    let wide = try Self.report { structures in
      for number in structures.indices {
        structures[number].positions = structures[number].positions.map { $0 * 20 }
        structures[number].cell = structures[number].cell.map { Cell($0.vectors * 20) }
      }
    }
    #expect(wide.warnings.map(\.kind) == [.noNeighbors] && wide.shortest == nil)
    #expect(wide.atomsWithoutNeighbors == 40 * 24)
  }

  @Test("lone atoms are no outliers, and have no neighbours to miss")
  func loneAtoms() throws {
    let report = try Self.report { structures in
      for (element, energy) in [(Element.hydrogen, -1.0), (.oxygen, 2)] {
        structures.append(
          Structure(
            elements: [element], positions: [.zero], cell: Cell(cubic: 20),
            labels: Labels(energy: energy)))
      }
    }
    #expect(report.warnings.isEmpty && report.outliers.isEmpty, "\(report.warnings)")
    #expect(report.atomsWithoutNeighbors == 0 && report.reference.rank == 2)
  }

  @Test(
    "real water has no warnings, and one energy of the wrong size is found",
    .enabled(if: SharedData.has("data/water-pbe0ts/water.extxyz"), SharedData.note))
  func realWater() throws {
    let path = try #require(SharedData.path("data/water-pbe0ts/water.extxyz"))
    var structures = try ExtendedXYZ.read(path).structures
    let clean = try DataReport(structures, workers: Workers(count: 2))
    #expect(clean.warnings.isEmpty, "\(clean.warnings)")
    structures[123].labels.energy! *= 1000
    let report = try DataReport(structures, workers: Workers(count: 2))
    #expect(report.warnings.map(\.structures) == [[123]])
    #expect(
      abs(report.reference.energies[.oxygen]! - clean.reference.energies[.oxygen]!) < 1e-4)
  }
}
