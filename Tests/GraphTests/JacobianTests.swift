import Graph
import Tensors
import TestSupport
import Testing

@Suite("Jacobians", .enabled(if: ReferenceFile.areAvailable, "needs shared/reference"))
struct JacobianTests {
  let file: ReferenceFile
  let weights: [(matrix: Variable, bias: Variable)]

  init() throws {
    file = try ReferenceFile("jacobians.json")
    weights = file["weights"].list.enumerated().map { layer, entry in
      let (matrix, bias) = (entry["W"].tensor, entry["b"].tensor)
      return (
        Variable("\(layer).weights", matrix.shape, initializer: .values(matrix.doubles)),
        Variable("\(layer).bias", bias.shape, initializer: .values(bias.doubles))
      )
    }
  }

  var variables: [Variable] { weights.flatMap { [$0.matrix, $0.bias] } }

  /// The network of the reference file, one value for each row.
  func network(_ x: Symbol) -> Symbol {
    var value = x
    for (layer, (matrix, bias)) in weights.enumerated() {
      value = value.matmul(matrix.symbol)
      value = value + bias.symbol.broadcast(to: value.shape, axes: [1])
      if layer < weights.count - 1 { value = value.tanh() }
    }
    return value.reshaped([x.shape[0]])
  }

  @Test(
    "of energies, sums over the rows of samples, equal JAX's",
    arguments: JacobianForm.allCases)
  func energies(form: JacobianForm) throws {
    let x = Symbol.placeholder("x", ["rows", 4])
    let sample = Symbol.placeholder("sample", ["rows"], .index)
    let energies = network(x).segmentSum(by: sample, count: "samples")
    let expected = file["energies"]
    let feed = Feed<Double>()
    feed[axis: "rows"] = 10
    feed[axis: "samples"] = expected["samples"].int
    feed.set(x, file["x"].tensor.doubles)
    feed.set(sample, indices: expected["sample"]["data"].ints)
    try check(energies, form, feed, expected)
  }

  @Test(
    "of forces, derivatives along given directions, equal JAX's", arguments: JacobianForm.allCases)
  func forces(form: JacobianForm) throws {
    let x = Symbol.placeholder("x", ["terms", 4])
    let v = Symbol.placeholder("v", ["terms", 4])
    let force = Symbol.placeholder("force", ["terms"], .index)
    let slope = gradient(of: network(x).sum(), by: x)
    let forces = -(slope * v).sum(along: 1).segmentSum(by: force, count: "forces")
    let expected = file["forces"]
    let rows = expected["row"]["data"].ints
    let allRows = file["x"].tensor.doubles
    let feed = Feed<Double>()
    feed[axis: "terms"] = rows.count
    feed[axis: "forces"] = expected["forces"].int
    feed.set(x, rows.flatMap { allRows[$0 * 4..<$0 * 4 + 4] })
    feed.set(v, expected["v"].tensor.doubles)
    feed.set(force, indices: expected["force"]["data"].ints)
    try check(forces, form, feed, expected)
  }

  func check(
    _ errors: Symbol, _ form: JacobianForm, _ feed: Feed<Double>, _ expected: ReferenceFile
  ) throws {
    let matrix = jacobian(of: errors, by: variables.map(\.symbol), form: form)
    let program = Program([errors, matrix])
    let session = Session(
      program, state: State<Double>(variables, seed: 1), workers: Workers(count: 1))
    try session.run(feed)
    #expect(largestDifference(session.output(0), expected["values"].tensor.doubles) < 1e-13)
    #expect(largestDifference(session.output(1), expected["jacobian"].tensor.doubles) < 1e-13)
  }
}
