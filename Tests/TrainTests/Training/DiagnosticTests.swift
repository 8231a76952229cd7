import Foundation
import Graph
import Tensors
import TestSupport
import Testing
import Train

/// A diagnostic as another package would write it: a graph over the optimizer's memory.
private struct CovarianceTrace: TrainingDiagnostic {
  let names = ["covariance.trace"]

  func scalars<Scalar: RealScalar>(of moment: TrainingMoment<Scalar>) throws -> [Double?] {
    let parameters = moment.state.variables.filter(\.isTrainable)
    let covariance = ExtendedKalmanFilter().covariance(of: ParameterVector(parameters))
    let trace = (covariance * .identity(covariance.shape[0])).sum()
    let session = Session(Program([trace]), state: moment.state, workers: Workers(count: 1))
    try session.run(Feed())
    return [moment.step < 5 ? nil : Double(session.output(0)[0])]
  }
}

@Suite("Diagnostics of a run")
struct DiagnosticTests {
  private static let diagnostics: [any TrainingDiagnostic] = [WeightNorms(), CovarianceTrace()]

  private func run(in directory: URL, _ change: (inout CurveRun<Double>) -> Void = { _ in }) throws
  {
    var run = CurveRun<Double>(optimizer: ExtendedKalmanFilter())
    run.diagnostics = Self.diagnostics
    change(&run)
    try run.train(in: directory)
  }

  @Test("are columns of the table behind the metrics")
  func columns() throws {
    try withTemporaryDirectory { directory in
      try run(in: directory)
      let table = try MetricsTable(contentsOf: directory.appendingPathComponent("metrics.csv"))
      #expect(
        table.columns
          == ["value.rmse", "slope.rmse", "weights.norm", "weights.distance", "covariance.trace"])
      let (norm, distance, trace) = (
        table.rows.map { $0.values[2] }, table.rows.map { $0.values[3] },
        table.rows.map { $0.values[4] }
      )
      #expect(distance[0] == 0 && distance.dropFirst().allSatisfy { $0! > 0 })
      #expect(norm[0]! > 0)
      // P(0) = 100 I is reduced by every label.
      #expect(trace[0] == nil)
      let traces = trace.dropFirst().map { $0! }
      #expect(traces[0] < 100 * 17)
      #expect(zip(traces, traces.dropFirst()).allSatisfy { $0 > $1 && $1 > 0 })
    }
  }

  @Test("the norms are those of the weights")
  func norms() throws {
    let w = Variable("w", [2], initializer: .values([3, 4]))
    let state = State<Float>([w], seed: 0)
    let moment = TrainingMoment(state: state, initialParameters: [3, 16], step: 1)
    #expect(WeightNorms().scalars(of: moment) == [5, 12])
    #expect(WeightHistograms().histograms(of: moment).map(\.tag) == ["weights/w"])
    #expect(WeightHistograms().histograms(of: moment).map(\.values) == [[3, 4]])
  }

  @Test("a resumed run measures from the first weights, and goes on bit for bit")
  func resume() throws {
    let whole = try withTemporaryDirectory { directory in
      try run(in: directory)
      return try RunFiles(directory)
    }
    try withTemporaryDirectory { directory in
      try run(in: directory) { $0.stop = 7 }
      try run(in: directory) { $0.resumes = true }
      #expect(try RunFiles(directory) == whole)
    }
  }

  @Test("a run goes on with the diagnostics it began with")
  func others() throws {
    try withTemporaryDirectory { directory in
      try run(in: directory) { $0.stop = 7 }
      let error = #expect(throws: MetricsTableError.self) {
        try run(in: directory) { ($0.resumes, $0.diagnostics) = (true, []) }
      }
      #expect(error?.description.contains("Expected the columns step,value.rmse") == true)
    }
  }

  @Test(
    "TensorBoard shows them as curves",
    .enabled(
      if: EventFilePython.python != nil, "Python with the package tensorboard is not installed."))
  func events() throws {
    try withTemporaryDirectory { directory in
      try run(in: directory)
      let content = try EventFilePython().read(directory)
      #expect(content.scalars["weights/distance"]?.map { $0[0] } == [0, 5, 10, 15, 20])
      #expect(content.scalars["covariance/trace"]?.map { $0[0] } == [5, 10, 15, 20])
      #expect(content.histograms.isEmpty)
    }
  }
}
