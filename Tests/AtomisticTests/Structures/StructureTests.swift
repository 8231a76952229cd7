import Atomistic
import Foundation
import Testing

@Suite("Elements, units, cells and structures")
struct StructureTests {
  @Test("elements are found by number and symbol, and sort by number")
  func elements() throws {
    for number in 1...118 {
      let element = try #require(Element(number: number))
      #expect(element.number == number)
      #expect(Element(symbol: element.symbol) == element)
    }
    #expect(Element(number: 0) == nil && Element(number: 119) == nil && Element(number: 300) == nil)
    #expect(Element(symbol: "Xx") == nil && Element(symbol: "h") == nil)
    #expect(Element.oxygen.mass == 15.999 && Element.hydrogen.symbol == "H")
    #expect(Element(symbol: "Au")?.number == 79 && Element(symbol: "Og")?.number == 118)
    #expect([Element.oxygen, .hydrogen, .carbon].sorted() == [.hydrogen, .carbon, .oxygen])
    let data = try JSONEncoder().encode([Element.argon])
    #expect(String(decoding: data, as: UTF8.self) == "[\"Ar\"]")
    #expect(try JSONDecoder().decode([Element].self, from: data) == [.argon])
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Element].self, from: Data("[\"Xx\"]".utf8))
    }
    let long = #expect(throws: DecodingError.self) {
      let word = String(repeating: "Xx", count: 2000)
      return try JSONDecoder().decode([Element].self, from: Data("[\"\(word)\"]".utf8))
    }
    let error = try #require(long)
    #expect("\(error)".count < 1000)
  }

  @Test("units agree with published values")
  func units() {
    // 1 hartree/bohr = 51.42206747 eV/angstrom and 1 kcal/mol = 0.0433641 eV (CODATA 2018).
    #expect(abs(UnitSystem.atomic.forceFactor - 51.422067476) < 1e-8)
    #expect(abs(UnitSystem.atomic.stressFactor / Units.bar / 2.9421015697e8 - 1) < 1e-9)
    #expect(abs(Units.kilocaloriePerMole - 0.0433641043) < 1e-9)
    #expect(abs(Units.boltzmann - 8.617333262e-5) < 1e-14)
    #expect(abs(Units.atomicMassAngstromSquaredPerFemtosecondSquared - 103.6426966) < 1e-6)
    #expect(UnitSystem.standard.stressFactor == 1)
  }

  @Test("a triclinic cell knows its volume, heights and images, left-handed ones too")
  func cell() {
    let vectors = Matrix3([4, 0, 0], [2, 3, 0], [1, 1, 5])
    for cell in [Cell(vectors), Cell(Matrix3(vectors.y, vectors.x, vectors.z))] {
      #expect(abs(cell.volume - 60) < 1e-12)
      #expect(abs(cell.heights.z - 5) < 1e-12)
      #expect(cell.imageCounts(within: 5.1).z == 2)
      let position = SIMD3(17.3, -20.1, 31.0)
      let back = cell.cartesian(cell.fractional(position))
      #expect((back - position).length < 1e-12)
      let inside = cell.fractional(cell.wrapped(position))
      for axis in 0..<3 { #expect(inside[axis] >= -1e-12 && inside[axis] < 1 + 1e-12) }
    }
    #expect(abs(Cell(vectors).heights.x - 60 / SIMD3(2, 3, 0).cross([1, 1, 5]).length) < 1e-12)
    let slab = Cell(vectors, periodicity: [.a])
    #expect(slab.imageCounts(within: 9) == [3, 0, 0])
    #expect(slab.wrapped([0, 0, 50]).z == 50)
    #expect(!Cell.isValid(Matrix3([1, 0, 0], [2, 0, 0], [0, 0, 1])))
    #expect(!Cell.isValid(Matrix3([.nan, 0, 0], [0, 1, 0], [0, 0, 1])))
    #expect(Cell.completing(.zero) == nil)
  }

  @Test("the density of 64 molecules in 12.42 angstrom is that of water")
  func density() throws {
    let water = StructureFixtures.water(molecules: 4, seed: 1)
    #expect(abs(try #require(water.density) - 1) < 0.002)
    #expect(water.formula == "H128O64")
    var slab = water
    slab.cell = water.cell.map { Cell($0.vectors, periodicity: [.a, .b]) }
    #expect(slab.density == nil)
  }

  @Test("a summary has ranges of what is there and nothing for what is not")
  func summary() throws {
    let structures = (1...3).map { StructureFixtures.labelled(seed: $0) }
    var inventory = LabelInventory()
    inventory.structures = 3
    let labelled = try DatasetSummary(StructureSet(structures: structures, inventory: inventory))
    #expect(labelled.elements == ["H": 6, "C": 3, "O": 3])
    #expect(labelled.energyPerAtom?.lowest == structures.map { $0.labels.energy! / 4 }.min())
    #expect(labelled.largestForce != nil && labelled.pressure != nil)
    let bare = try DatasetSummary(
      StructureSet(structures: [StructureFixtures.water(molecules: 2, seed: 1)]))
    #expect(bare.energy == nil && bare.forceRootMeanSquare == nil && bare.pressure == nil)
    #expect(bare.periodicAxes == [0, 0, 0, 1])
    let distance = try #require(bare.report.shortest).distance
    #expect(distance > 0.3 && distance < 0.9700001)
    let data = try JSONEncoder().encode(labelled)
    #expect(try JSONDecoder().decode(DatasetSummary.self, from: data) == labelled)
  }

  @Test("a split is complete, disjoint and the same for the same seed", arguments: [0, 1, 7, 320])
  func split(count: Int) {
    var generator = StructureFixtures.Generator(seed: 11)
    let parts = DatasetSplit.trainingAndValidation(of: count, using: &generator)
    #expect((parts.training + parts.validation).sorted() == Array(0..<count))
    #expect(parts.training.count == Int((0.8 * Double(count)).rounded()))
    var again = StructureFixtures.Generator(seed: 11)
    #expect(DatasetSplit.trainingAndValidation(of: count, using: &again) == parts)
    var other = StructureFixtures.Generator(seed: 12)
    let different = DatasetSplit.parts(of: count, fractions: [0.5, 0.25], using: &other)
    #expect(count < 100 || (different[0] != parts.training && different.count == 2))
    #expect(different.flatMap(\.self).count == Int((0.75 * Double(count)).rounded()))
  }
}
