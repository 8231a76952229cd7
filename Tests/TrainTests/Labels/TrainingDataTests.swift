import Atomistic
import Tensors
import TestSupport
import Testing
import Train

@Suite("Training data is complete when it is made")
struct TrainingDataTests {
  /// Structures of two compositions whose energies scatter a little.
  private static let structures: [Structure] = (0..<24).map { number in
    var structure = number % 2 == 0 ? ModelFixtures.waterBox : ModelFixtures.waterMolecule
    structure.positions[1].x += 0.01 * Double(number)
    structure.labels.energy = Double(structure.count) * (-150 + 0.01 * Double(number * 7 % 11))
    structure.labels.forces = structure.positions.map { _ in [0.5, 0.01 * Double(number), 0] }
    return structure
  }

  @Test("outliers are refused, left out or kept, and never move the reference energies")
  func outliers() throws {
    let clean = try TrainingData(Self.structures, seed: 1)
    #expect(clean.outliers.isEmpty && clean.leftOut.isEmpty && clean.omitted == 0)
    var structures = Self.structures
    structures[clean.training[3]].labels.energy! *= 1000
    let place = clean.training[3]
    let error = #expect(throws: TrainingFailure.self) { try TrainingData(structures, seed: 1) }
    #expect(error?.description.contains("structure \(place) (") == true)
    let left = try TrainingData(structures, seed: 1, outliers: .leaveOut)
    #expect(left.leftOut == [place] && left.outliers.map(\.structure) == [place])
    #expect(left.training == clean.training.filter { $0 != place })
    #expect(left.validation == clean.validation && left.omitted == 0)
    let kept = try TrainingData(structures, seed: 1, outliers: .keep)
    #expect(kept.training == clean.training && kept.outliers.map(\.structure) == [place])
    #expect(kept.reference == left.reference)
    for (element, energy) in clean.reference.energies {
      #expect(abs(left.reference.energies[element]! - energy) < 0.1)
    }
  }

  @Test("labels of properties that are not trained on are no outliers, nor are those of weight 0")
  func others() throws {
    var structures = Self.structures
    structures[5].labels.forces = structures[5].labels.forces!.map { $0 * 1e4 }
    #expect(throws: TrainingFailure.self) { try TrainingData(structures, seed: 1) }
    _ = try TrainingData(structures, seed: 1, properties: [.energy])
    var weights = structures.map { _ in 1.0 }
    weights[5] = 0
    #expect(try TrainingData(structures, seed: 1, weights: weights).omitted == 1)
  }

  @Test("lone atoms are trained on wherever the division puts them")
  func loneAtoms() throws {
    var structures = Self.structures
    for element in [Element.hydrogen, .oxygen] {
      structures.append(
        Structure(
          elements: [element], positions: [[1, 2, 3]],
          labels: Labels(energy: element == .hydrogen ? -13 : -420)))
    }
    for seed in UInt64(1)...6 {
      let data = try TrainingData(structures, trainingFraction: 0.5, seed: seed)
      #expect(Set(data.training).isSuperset(of: [24, 25]))
      #expect((data.training + data.validation).sorted() == Array(0..<26))
      #expect(data.training == data.training.sorted())
    }
  }

  @Test("warnings are of the structures in use, and say that none validates")
  func warnings() throws {
    let data = try TrainingData(Self.structures, seed: 1)
    let workers = Workers(count: 1)
    #expect(try data.warnings([.energy, .force], cutoff: 5, workers: workers).isEmpty)
    let whole = try TrainingData(Self.structures, trainingFraction: 1, seed: 1)
    #expect(
      try whole.warnings([.energy], cutoff: 5, workers: workers).map(\.kind) == [.noValidation])
    var structures = Self.structures
    structures[3] = structures[1]
    var weights = structures.map { _ in 1.0 }
    let copies = try TrainingData(structures, trainingFraction: 1, seed: 1)
    #expect(
      try copies.warnings([.energy], cutoff: 5, workers: workers).map(\.kind)
        == [.duplicates, .noValidation])
    weights[1] = 0
    let one = try TrainingData(structures, trainingFraction: 1, seed: 1, weights: weights)
    #expect(
      try one.warnings([.energy], cutoff: 5, workers: workers).map(\.kind) == [.noValidation])
  }
}
