import Atomistic
import Foundation
import Testing

@Suite("Reference energies")
struct ReferenceEnergiesTests {
  static let truth: [Element: Double] = [.hydrogen: -13.6, .oxygen: -2041, .carbon: -1030]

  static func labelled(_ elements: [Element], rest: Double = 0) -> Structure {
    Structure(
      elements: elements,
      positions: elements.indices.map { [2 * Double($0), 0, 0] },
      labels: Labels(energy: elements.reduce(rest) { $0 + truth[$1]! }))
  }

  @Test("energies of different compositions give back those of atoms")
  func determined() throws {
    let structures = [
      Self.labelled([.hydrogen, .hydrogen]), Self.labelled([.oxygen, .hydrogen, .hydrogen]),
      Self.labelled([.carbon, .oxygen]), Self.labelled([.carbon, .oxygen, .oxygen]),
    ]
    let reference = try ReferenceEnergies(fitting: structures)
    #expect(!reference.isRankDeficient && reference.report == nil)
    for (element, energy) in Self.truth {
      #expect(abs(reference.energies[element]! - energy) < 1e-8)
    }
  }

  @Test("one stoichiometry gives the shortest solution and says so")
  func deficient() throws {
    let water: [Element] = [.oxygen, .hydrogen, .hydrogen]
    let reference = try ReferenceEnergies(
      fitting: [Self.labelled(water), Self.labelled(water + water)])
    #expect(reference.rank == 1 && reference.report != nil)
    // The shortest vector (h, o) with 2 h + o = E is (2, 1) E / 5.
    let energy = Self.labelled(water).labels.energy!
    #expect(abs(reference.energies[.hydrogen]! - 2 * energy / 5) < 1e-8)
    #expect(abs(reference.energies[.oxygen]! - energy / 5) < 1e-8)
    #expect(abs(reference.energy(of: Self.labelled(water))! - energy) < 1e-8)
  }

  @Test("lone atoms are their energies; those of other elements are fitted to what is left")
  func loneAtoms() throws {
    let water: [Element] = [.oxygen, .hydrogen, .hydrogen]
    let bound = [Self.labelled(water, rest: -9.5), Self.labelled(water + water, rest: -19)]
    let hydrogen = Self.labelled([.hydrogen])
    let one = try ReferenceEnergies(fitting: bound + [hydrogen])
    #expect(!one.isRankDeficient && one.energies[.hydrogen] == -13.6)
    #expect(abs(one.energies[.oxygen]! - (-2041 - 9.5)) < 1e-8)
    let both = try ReferenceEnergies(fitting: bound + [hydrogen, Self.labelled([.oxygen])])
    #expect(!both.isRankDeficient)
    #expect(both.energies == [.hydrogen: -13.6, .oxygen: -2041])
    let alone = try ReferenceEnergies(fitting: [hydrogen, Self.labelled([.hydrogen], rest: 0.5)])
    #expect(alone.energies == [.hydrogen: -13.35])
  }

  @Test("subtracting can be undone; missing labels stay missing")
  func reversible() {
    var structures = [Self.labelled([.oxygen, .hydrogen, .hydrogen], rest: -9.5)]
    structures.append(structures[0])
    structures[1].labels.energy = nil
    let rest = ReferenceEnergies(Self.truth).interactionEnergies(of: structures)
    #expect(abs(rest.energies[0]! + 9.5) < 1e-9)
    #expect(rest.energies[1] == nil && rest.totals[1] == nil)
    #expect(abs(rest.totals[0]! - structures[0].labels.energy!) < 1e-9)
  }

  @Test("references of another method or unit are noticed")
  func absurd() throws {
    let structures = [Self.labelled([.oxygen, .hydrogen, .hydrogen], rest: -9.5)]
    let report = try DataReport(structures, reference: ReferenceEnergies(Self.truth))
    #expect(report.warnings.isEmpty)
    let hartree = ReferenceEnergies(Self.truth.mapValues { $0 / Units.hartree })
    let warnings = try DataReport(structures, reference: hartree).warnings
    #expect(warnings.map(\.kind) == [.references] && warnings[0].structures == [0])
  }

  @Test("an energy of the wrong size does not move the fit of the sound ones")
  func robust() throws {
    let compositions: [[Element]] = [
      [.oxygen, .hydrogen, .hydrogen], [.hydrogen, .hydrogen], [.carbon, .oxygen],
    ]
    var structures = (0..<40).map {
      Self.labelled(compositions[$0 % 3], rest: 0.02 * Double($0 % 7))
    }
    let clean = try ReferenceEnergies(fitting: structures)
    for factor in [2.0, 1000, 1 / Units.hartree] {
      let energy = structures[9].labels.energy!
      structures[9].labels.energy = energy * factor
      let damaged = try ReferenceEnergies(fitting: structures)
      var without = structures
      without[9].labels.energy = nil
      #expect(try damaged == ReferenceEnergies(fitting: without))
      for (element, value) in clean.energies {
        #expect(abs(damaged.energies[element]! - value) < 0.01)
      }
      structures[9].labels.energy = energy
    }
  }

  @Test("as JSON they are an object by symbols, the same text each time")
  func coding() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(ReferenceEnergies([.oxygen: -2, .hydrogen: -1]))
    #expect(String(decoding: data, as: UTF8.self) == #"{"energies":{"H":-1,"O":-2},"rank":2}"#)
    #expect(
      try JSONDecoder().decode(ReferenceEnergies.self, from: data).energies
        == [.hydrogen: -1, .oxygen: -2])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Element: Double].self, from: Data(#"{"Xx":1}"#.utf8))
    }
  }
}
