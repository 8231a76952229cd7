import Atomistic
import Foundation
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

/// Structures with an energy and perhaps forces each, whose errors a table gives.
private final class Table: LabelCandidates {
  var errors: [[Double]]
  let forcesEach: Int
  let kinds: [LabelKind]
  /// The labels whose errors were asked for, as (kind, label).
  var asked: [[Int]] = []

  init(energies: [Double], forces: [Double]) {
    errors = forces.isEmpty ? [energies] : [energies, forces]
    forcesEach = forces.count / energies.count
    kinds = zip(["energy", "force"], errors).map { name, errors in
      LabelKind(name: name, errors: .fill(0, .scalar), count: errors.count, labelsPerStep: 1)
    }
  }

  var structureCount: Int { errors[0].count }

  func labels(of structure: Int, kind: Int) -> Range<Int> {
    kind == 0 ? structure..<structure + 1 : forcesEach * structure..<forcesEach * (structure + 1)
  }

  func error(of label: Int, kind: Int) -> Double {
    asked.append([kind, label])
    return errors[kind][label]
  }

  func rootMeanSquareErrors() -> [Double] { [1, 2].dropLast(2 - kinds.count) }

  func order(_ count: Int, seed: UInt64, stream: UInt64) -> [Int] { (0..<count).reversed() }
}

@Suite("Labels chosen by their errors, against sequences made by hand")
struct SelectionTests {
  /// The first steps, each as its kind and labels.
  private func steps(
    _ count: Int, of schedule: some BatchSchedule, _ table: Table,
    _ selection: inout LabelSelection
  ) -> [[Int]] {
    var random = RandomStream(seed: 1)
    return (0..<count).map { step in
      var labels: [Int] = []
      let kind = schedule.draw(
        from: table, step: step, using: &random, &selection, into: &labels)
      return [kind] + labels
    }
  }

  @Test("RuNNer: structure by structure, above the threshold, in groups that end with the epoch")
  func runner() {
    let table = Table(energies: [0.5, 0.9, 1.5], forces: [1, 3, 2, 4, 0, 0, 5, 1.7, 6])
    let schedule = RunnerSchedule(
      ["energy": .init(threshold: 0.8, group: 2), "force": .init(threshold: 0.8, group: 2)])
    var selection = LabelSelection()
    // Structures 2, 1, 0; bounds 0.8 and 1.6.
    #expect(
      steps(5, of: schedule, table, &selection)
        == [[1, 6, 7], [0, 2, 1], [1, 8, 3], [1, 1, 2], [1, 6, 7]])
    #expect(selection.counts.map(\.visited) == [4, 11])
    #expect(selection.counts.map(\.skipped) == [1, 3])
    #expect(selection.counts.map(\.used) == [2, 8])
  }

  @Test("RuNNer: a kind without a label over its bound lowers it by a tenth, and raises it again")
  func relaxation() {
    let table = Table(energies: [0.75], forces: [9])
    let schedule = RunnerSchedule(["energy": .init(), "force": .init()])
    var selection = LabelSelection()
    // Bounds of energies: 0.8, 0.72, 0.8, 0.72, …
    #expect(
      steps(6, of: schedule, table, &selection) == [
        [1, 0], [0, 0], [1, 0], [1, 0], [0, 0], [1, 0],
      ])
  }

  @Test("RuNNer: blocks end groups, and energies come again after each step on forces")
  func blocksAndRepetition() {
    let table = Table(energies: [1, 1], forces: [9, 9, 9, 9, 9, 9])
    let blocks = RunnerSchedule(
      ["force": .init(threshold: 0, group: 2)], structuresPerBlock: 1)
    var selection = LabelSelection()
    #expect(
      steps(4, of: blocks, table, &selection) == [[1, 3, 4], [1, 5], [1, 0, 1], [1, 2]])
    #expect(table.asked.isEmpty)
    let repeated = RunnerSchedule(
      ["energy": .init(threshold: 0), "force": .init(threshold: 0, group: 3)],
      repeatsEnergy: true)
    selection = LabelSelection()
    #expect(
      steps(6, of: repeated, table, &selection)
        == [[0, 1], [1, 3, 4, 5], [0, 1], [0, 0], [1, 0, 1, 2], [0, 0]])
  }

  @Test("RuNNer: a fraction looks at as many labels")
  func fraction() {
    let table = Table(energies: [1], forces: [Double](repeating: 9, count: 1000))
    let schedule = RunnerSchedule(["force": .init(fraction: 0.1, threshold: 0.5)])
    var selection = LabelSelection()
    _ = steps(1000, of: schedule, table, &selection)
    #expect(selection.counts[1].used == 1000 && selection.counts[1].visited == 1000)
    #expect((9...11).contains(selection.epoch))
  }

  @Test("the factors of table S3")
  func scaling() {
    let schedule = RunnerSchedule(
      ["energy": .init(group: 10), "force": .init(fraction: 0.04, group: 10)])
    var random = RandomStream(seed: 1)
    let box = WaterBox.structure(molecules: 16, density: 1, random: &random)
    let energy = schedule.factor(of: .energy, value: 0, in: box)
    for (element, ratio) in [(Element.oxygen, 3.6864), (.hydrogen, 14.7456)] {
      let atom = box.elements.firstIndex(of: element) ?? 0
      let force = schedule.factor(of: .force, value: 3 * atom + 1, in: box)
      #expect(abs(energy * energy / (force * force) - ratio) < 1e-9)
    }
  }

  @Test("n2p2: all steps of an epoch, each label once in random order")
  func n2p2Random() {
    let table = Table(energies: [1, 1, 1], forces: [9, 9, 9, 9, 9, 9])
    let schedule = N2P2Schedule(
      ["energy": .init(), "force": .init(fraction: 0.5)], selection: [.init(from: 0, mode: .random)]
    )
    var selection = LabelSelection()
    for _ in 0..<2 {
      let epoch = steps(6, of: schedule, table, &selection)
      #expect(epoch.filter { $0[0] == 0 }.map { $0[1] } == [2, 1, 0])
      #expect(epoch.filter { $0[0] == 1 }.map { $0[1] } == [5, 4, 3])
    }
    #expect(table.asked.isEmpty)
  }

  @Test("n2p2: the largest errors first, from an epoch on")
  func n2p2Largest() {
    let table = Table(energies: [1, 3, 2], forces: [])
    let schedule = N2P2Schedule(
      ["energy": .init()],
      selection: [.init(from: 0, mode: .random), .init(from: 1, mode: .largest)])
    var selection = LabelSelection()
    #expect(
      steps(6, of: schedule, table, &selection)
        == [[0, 2], [0, 1], [0, 0], [0, 1], [0, 2], [0, 0]])
  }

  @Test("n2p2: the first candidate above the threshold, or the last one tried")
  func n2p2Threshold() {
    // In the order 5 … 0, and a bound of 1.
    let table = Table(energies: [0.2, 1.5, 0.3, 0.1, 2, 0.9], forces: [])
    let schedule = N2P2Schedule(
      ["energy": .init(fraction: 0.67, threshold: 1, trials: 3)])
    var selection = LabelSelection()
    // 5 fails, 4 passes; 3, 2 fail, 1 passes; 0, 5 fail, 4 passes; 3, 2, 1: the third is taken in any case.
    #expect(steps(4, of: schedule, table, &selection) == [[0, 4], [0, 1], [0, 4], [0, 1]])
    #expect(selection.counts[0].visited == 11 && selection.counts[0].skipped == 7)
    table.errors[0] = [0, 0, 0, 0, 0, 0]
    #expect(steps(2, of: schedule, table, &selection) == [[0, 3], [0, 0]])
  }
}
