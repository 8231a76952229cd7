import Atomistic
import Graph
import Tensors

/// Case 4: energies and forces from coordinates.
struct PotentialCase<Scalar: RealScalar> {
  let molecules: Int
  /// Whether each call finds the neighbours anew, or atoms have moved within the list's skin.
  let findsNeighbors: Bool

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    try measure(name, context.water(Scalar.self).network(), context)
  }

  func measure(
    _ name: String, _ potential: any TrainablePotential, _ context: BenchmarkContext
  ) throws -> BenchmarkResult {
    let calculator = Calculator<Scalar>(
      potential, state: State(potential.variables, seed: 1), skin: findsNeighbors ? 0 : 0.5,
      computesStress: false, workers: context.workers)
    let boxes = [0.0, 0.01].map { shift in
      var box = WaterBoxes.box(molecules: molecules)
      for atom in box.positions.indices { box.positions[atom] += shift }
      return box
    }
    try calculator.evaluate(boxes[0])
    var next = 1
    let lists = calculator.listCount
    let time = try context.stopwatch.measure {
      try calculator.evaluate(boxes[next % 2])
      next += 1
    }
    ensure(
      calculator.listCount - lists == (findsNeighbors ? next - 1 : 0),
      "PotentialCase: neighbour lists were not made as the case says")
    return BenchmarkResult(name: name, time: time, yield: Yield(3 * molecules, .atoms))
  }
}
