import Benchmarks
import Foundation
import Tensors
import TestSupport
import Testing

@Suite("The cases of the suite run")
struct SuiteTests {
  private static let compared = [
    "jacobian-energy-1", "jacobian-energy-64", "jacobian-force-10", "jacobian-force-100",
    "ekf-energy-1", "ekf-force-10", "adam-energy-1", "adam-force-10",
  ]
  private static let comparedNetworks = ["pinet", "pinet2"]

  private static func names(
    _ names: String..., precision: BenchmarkSuite.Precision = .float32
  ) throws -> [String] {
    try BenchmarkSuite.select(names, from: BenchmarkSuite.benchmarks(precision)).get().map(\.name)
  }

  @Test("names are unique, in every precision")
  func unique() {
    let names = BenchmarkSuite.benchmarks(.both).map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count == 2 * BenchmarkSuite.benchmarks(.float64).count)
    #expect(Set(names).isSuperset(of: Self.compared))
    for network in Self.comparedNetworks {
      #expect(names.contains("\(network)-potential"))
      #expect(names.contains("\(network)-adam-structures-10"))
    }
  }

  @Test("a name is a case or the beginning of several")
  func selection() throws {
    #expect(try Self.names("ekf-force-10", "overhead") == ["ekf-force-10", "overhead"])
    #expect(try Self.names("training") == ["training-ekf", "training-adam"])
    #expect(try Self.names("ekf-solve-m10").count == 4)
    #expect(try Self.names("jacobian-energy-1") == ["jacobian-energy-1"])
    #expect(try Self.names("overhead", precision: .float64) == ["overhead-float64"])
    #expect(try Self.names().count == BenchmarkSuite.benchmarks().count)
    #expect(throws: BenchmarkSuite.UnknownName(name: "jaco")) { try Self.names("overhead", "jaco") }
  }

  @Test(
    "a quick run gives a time, and the work beside it",
    arguments: [
      "jacobian-force-10", "ekf-energy-1", "adam-force-10", "ekf-step-m10-n1000",
      "ekf-solve-m10-n1000", "ekf-update-m1-n1000", "batch-force-10", "potential-neighbors-192",
      "compilation-ekf", "overhead", "training-ekf",
    ])
  func quick(name: String) throws {
    let context = BenchmarkContext(workers: Workers(count: 2), isQuick: true)
    let benchmark = try #require(BenchmarkSuite.benchmarks().first { $0.name == name })
    let measurement = try benchmark.run(in: context)
    #expect(measurement.name == name)
    #expect(measurement.time.median > 0 && measurement.time.median < 60)
    let counts = ["jacobian", "ekf", "adam"].contains { name.hasPrefix($0) }
    #expect((measurement.work != nil) == counts)
    if let work = measurement.work { #expect(work.arithmetic > 0 && work.scalarSize == 4) }
  }

  @Test("the least work of a Jacobian is that of the formula")
  func work() throws {
    let context = BenchmarkContext(workers: Workers(count: 2), isQuick: true)
    let name = "jacobian-energy-1"
    let benchmark = try #require(BenchmarkSuite.benchmarks().first { $0.name == name })
    let work = try #require(try benchmark.run(in: context).work)
    // 64 rows of O with 30-25-25-1 and 128 of H with 27-25-25-1, as many as atoms.
    let (oxygen, hydrogen) = (30 * 25 + 25 * 25 + 25, 27 * 25 + 25 * 25 + 25)
    let first = 64 * 30 * 25 + 128 * 27 * 25
    #expect(work.arithmetic == Double(2 * (3 * (64 * oxygen + 128 * hydrogen) - first)))
    #expect(work.bytesRead == Double(4 * (64 * 30 + 128 * 27)))
    #expect(work.bytesWritten == Double(4 * 2827))
  }

  @Test("the numbers for other frameworks are all there, and the steps have moved the weights")
  func workload() throws {
    try withTemporaryDirectory { folder in
      let url = folder.appendingPathComponent("workload.safetensors")
      try WorkloadFile.write(
        to: url, in: BenchmarkContext(workers: Workers(count: 2), isQuick: true))
      let file = try SafeTensors(contentsOf: url)
      let weights = try flatWeights("order", "weights", in: file)
      #expect(weights.count == 2827)
      for name in Self.compared {
        let labels = try #require(Int(name.split(separator: "-")[2]))
        #expect(file.tensors["\(name)/references"]?.shape == [labels])
        let rows = try #require(file.tensors["\(name)/O.label"]).count
        #expect(file.tensors["\(name)/O.descriptors"]?.shape == [rows, 30])
        #expect((file.tensors["\(name)/H.directions"] != nil) == name.contains("force"))
        if name.hasPrefix("jacobian") {
          #expect(file.tensors["\(name)/jacobian"]?.shape == [labels, 2827])
        } else {
          let moved = try #require(file.tensors["\(name)/weights"]).doubles
          let distance = zip(moved, weights).reduce(0) { max($0, abs($1.0 - $1.1)) }
          #expect(distance > 1e-4 && distance < 1)
        }
      }
      try expectBoxes(in: file)
      for network in Self.comparedNetworks {
        let weights = try flatWeights("\(network).order", network, in: file)
        let gradients = try #require(
          file.tensors["\(network)-adam-structures-10/gradients"])
        #expect(gradients.shape == [4, weights.count])
        let first = gradients.doubles.prefix(weights.count)
        let last = gradients.doubles.suffix(weights.count)
        #expect(first.contains { $0 != 0 } && zip(first, last).contains { $0 != $1 })
        // The first structure alone has no net force.
        let forces = try #require(file.tensors["\(network)-potential/forces"])
        #expect(forces.shape == [192, 3])
        let sizes = forces.doubles.map { abs($0) }
        let sum = stride(from: 0, to: forces.count, by: 3).reduce(0) { $0 + forces.doubles[$1] }
        #expect(abs(sum) < 1e-4 * sizes.reduce(0, +))
        #expect(file.tensors["\(network)-potential/energy"]?.shape == [1])
      }
    }
  }

  /// The weights of a network in the order of its flat vector.
  private func flatWeights(
    _ order: String, _ prefix: String, in file: SafeTensors
  ) throws -> [Double] {
    try #require(file.metadata[order]).split(separator: " ").flatMap {
      try #require(file.tensors["\(prefix)/\($0)"]).doubles
    }
  }

  /// Ten boxes of 192 atoms: each pair is there in both directions, shorter than the cutoff.
  private func expectBoxes(in file: SafeTensors) throws {
    func numbers(_ name: String) throws -> [Int] {
      try #require(file.tensors["boxes/\(name)"]).doubles.map { Int($0) }
    }
    let positions = try #require(file.tensors["boxes/positions"]).doubles
    let offsets = try #require(file.tensors["boxes/offsets"]).doubles
    let (first, second) = (try numbers("first"), try numbers("second"))
    let structures = try numbers("structure")
    #expect(positions.count == 3 * 1920 && structures == (0..<1920).map { $0 / 192 })
    #expect(Set(try numbers("elements")) == [1, 8])
    #expect(offsets.count == 3 * first.count && second.count == first.count)
    #expect(first == first.sorted() && first.last == 1919)
    var directed = Set<[Int]>()
    for (pair, (i, j)) in zip(first, second).enumerated() {
      var square = 0.0
      for axis in 0..<3 {
        let change = positions[3 * j + axis] - positions[3 * i + axis] + offsets[3 * pair + axis]
        square += change * change
      }
      guard structures[i] == structures[j], square < 4.5 * 4.5 else {
        Issue.record("pair \(pair) of \(i) and \(j): \(square.squareRoot()) angstrom")
        return
      }
      directed.insert([i, j] + (0..<3).map { Int((1e3 * offsets[3 * pair + $0]).rounded()) })
    }
    #expect(directed.count == first.count)
    #expect(directed.allSatisfy { directed.contains([$0[1], $0[0], -$0[2], -$0[3], -$0[4]]) })
  }
}
