import Atomistic
import Graph
import Tensors
import TestSupport
import Testing

@testable import Train

@Suite("Errors of labels")
struct LabelErrorLaws {
  /// The weighted difference of each value from its reference, term by term and in the order of labels,
  /// nil where there is no reference.
  static func differences(
    _ example: LabelCase, _ data: TrainingData, of members: [Int]
  ) throws -> [[[Double]?]] {
    let predictions = try members.map { try example.expected(data.structures[$0]) }
    return LabelCase.properties.enumerated().map { term, property in
      zip(members, predictions).map { member, predicted -> [Double]? in
        guard var references = property.reference(data.structures[member]) else { return nil }
        if term == 0 {
          references[0] -= example.model.potential.energyOffset(of: data.structures[member])
        }
        let factor = data.weights[member].squareRoot()
        return zip(predicted[term], references).map { ($0 - $1) * factor }
      }
    }
  }

  static let weights: [[Double]?] = [nil, [1, 0.25, 3, 0.5, 1]]

  @Test(
    "are predictions less references, in any order of labels", arguments: LabelCase.all,
    weights)
  func values(of example: LabelCase, weights: [Double]?) throws {
    let data = try LabelCase.data(weights: weights)
    let labels = try example.labels(data)
    let expected = try Self.differences(example, data, of: data.training)
      .map { $0.compactMap(\.self).flatMap(\.self) }
    #expect(labels.kinds.map(\.name) == ["energy", "force", "stress"])
    #expect(labels.kinds.map(\.count) == [3, 45, 12])
    let feed = Feed<Double>()
    for (kind, wanted) in expected.enumerated() {
      let count = wanted.count
      #expect(labels.kinds[kind].labelsPerStep == count)
      let scale = (LabelCase.terms[kind].weight / Double(count)).squareRoot()
      let orders = [Array(0..<count), [count - 1, 0, count / 2, 1, 0], [1]]
      for order in orders {
        labels.fill(feed, kind: kind, labels: order)
        let found = try example.run([labels.kinds[kind].errors], feed)[0]
        #expect(largestDifference(found, order.map { wanted[$0] * scale }) < 1e-10)
      }
    }
  }

  @Test(
    "of whole structures hold all values, and none where a reference is missing",
    arguments: LabelCase.all, weights)
  func wholeStructures(of example: LabelCase, weights: [Double]?) throws {
    let data = try LabelCase.data(weights: weights)
    let labels = try example.labels(data, schedule: WholeStructures(perStep: 3))
    #expect(labels.kinds.count == 1 && labels.kinds[0].count == 5)
    #expect(labels.kinds[0].labelsPerStep == 3)
    let feed = Feed<Double>()
    for batch in [[0, 1, 2, 3, 4], [4, 2], [1], [3, 0, 2]] {
      labels.fill(feed, kind: 0, labels: batch)
      let found = try example.run([labels.kinds[0].errors], feed)[0]
      let members = batch.map { data.training[$0] }
      let differences = try Self.differences(example, data, of: members)
      var expected: [Double] = []
      for (term, parts) in differences.enumerated() {
        let count = parts.reduce(0) { $0 + ($1?.count ?? 0) }
        let scale = count > 0 ? (LabelCase.terms[term].weight / Double(count)).squareRoot() : 0
        for (member, values) in zip(members, parts) {
          let size = LabelCase.properties[term].count(of: data.structures[member])
          expected += values?.map { $0 * scale } ?? .init(repeating: 0, count: size)
        }
      }
      #expect(largestDifference(found, expected) < 1e-10)
    }
  }

  static let schedules: [any BatchSchedule] = [
    RandomLabels(["energy": 3, "force": 11, "stress": 7]), WholeStructures(perStep: 3),
  ]

  @Test(
    "have the dense Jacobian in segments, without a fallback", arguments: LabelCase.all,
    schedules.indices)
  func jacobians(of example: LabelCase, schedule: Int) throws {
    let data = try LabelCase.data(weights: Self.weights[1])
    let labels = try example.labels(data, schedule: Self.schedules[schedule])
    let variables = example.model.potential.variables.map(\.symbol)
    let feed = Feed<Double>()
    for (number, kind) in labels.kinds.enumerated() {
      let order = Array((0..<kind.labelsPerStep).map { $0 * 2 % kind.count })
      labels.fill(feed, kind: number, labels: schedule == 0 ? order : [0, 3, 2])
      let forms = JacobianForm.allCases.map { jacobian(of: kind.errors, by: variables, form: $0) }
      let results = try example.run(forms, feed)
      let scale = results[0].map(\.magnitude).max() ?? 0
      #expect(scale > 1e-3)
      #expect(largestDifference(results[1], results[0]) < 1e-12 * (1 + scale))
      if schedule == 0 {
        let segmented = jacobian(of: kind.errors, by: variables, form: .segmented)
        #expect(Program([segmented]).denseFallbacks.isEmpty, "\(kind.name)")
      }
    }
  }

  @Test("cached features have the derivatives of coordinates by the weights")
  func derivatives() throws {
    let example = LabelCase.network
    let data = try LabelCase.data()
    let labels = try example.labels(data)
    let potential = example.model.potential
    let variables = potential.variables.map(\.symbol)
    let feed = Feed<Double>()
    var start = 0
    for member in data.training {
      let structure = data.structures[member]
      guard structure.labels.forces != nil else { continue }
      let forces = potential.forces(AtomisticInputs()).flattened()
      let filler = StructureFeed<Double>(elements: potential.elements)
      let list = try NeighborList(structure, cutoff: potential.cutoff)
      try filler.set([structure], neighbors: [list])
      let direct = try example.run([jacobian(of: forces, by: variables)], filler.feed)[0]
      let numbers = Array(start..<start + 3 * structure.count)
      labels.fill(feed, kind: 1, labels: numbers)
      let cached = try example.run(
        [jacobian(of: labels.kinds[1].errors, by: variables)], feed)[0]
      let scale = (LabelCase.terms[1].weight / Double(labels.kinds[1].count)).squareRoot()
      #expect(direct.contains { abs($0) > 0.01 })
      #expect(largestDifference(cached, direct.map { $0 * scale }) < 1e-9)
      start += numbers.count
    }
  }
}
