import Atomistic
import Graph
import Tensors
import Train

/// Case 5: from a model to a program that can run.
struct CompilationCase<Scalar: RealScalar> {
  /// The programs.
  enum Subject: Sendable {
    case potential, jacobian, kalmanFilter, adam
  }

  let subject: Subject
  var batch = LabelBatch.forces(10)

  func measure(_ name: String, _ context: BenchmarkContext) throws -> BenchmarkResult {
    let water = try context.water(Scalar.self)
    let network = water.network()
    let workers = context.workers
    let time = context.stopwatch.measure {
      switch subject {
      case .potential: _ = Calculator<Scalar>(network, computesStress: false, workers: workers)
      case .jacobian: _ = Program([water.objective(batch, network).jacobian])
      case .kalmanFilter:
        _ = water.objective(batch, network).minimized(by: ExtendedKalmanFilter.benchmark)
          .compiled()
      case .adam: _ = water.objective(batch, network).minimized(by: Adam.benchmark).compiled()
      }
    }
    return BenchmarkResult(name: name, time: time)
  }
}
