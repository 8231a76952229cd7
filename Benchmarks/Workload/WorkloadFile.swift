import Atomistic
public import Foundation
import Graph
import Tensors
import Train

/// The numbers of the cases that other frameworks run too, and our results, in one safetensors file.
///
/// `weights/NAME` are the first weights; `order` in the metadata names them in the order of the flat
/// vector. For each case there are `CASE/O.descriptors`, `CASE/O.directions` (force labels alone),
/// `CASE/O.label` (the label of each row), the same for H, and `CASE/references`. The result is
/// `CASE/jacobian` or, after `steps` steps on the same batch, `CASE/weights`. Errors are
/// `(ŷ - y) / √m`, the optimizers those of the suite: the Kalman filter with η = 1, P(0) = I and no
/// noise, and Adam with η = 10⁻³, β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁷ without clipping.
///
/// Message passing has tensors of its own, see `addMessages(to:in:)`.
public enum WorkloadFile {
  /// The steps that an optimizer's result is of.
  static let steps = 3

  /// Runs the cases in `Float` and writes the file.
  ///
  /// Throws if the file cannot be written.
  public static func write(to file: URL, in context: BenchmarkContext) throws {
    let water = try context.water(Float.self, structures: 64)
    let variables = water.network().variables
    let initial = State<Float>(variables, seed: 1)
    var tensors: [String: Tensor] = [:]
    for variable in variables {
      tensors["weights/\(variable.name)"] = Tensor(
        copying: initial[variable], shape: variable.extents)
    }
    for batch in [LabelBatch.energies(1), .energies(64), .forces(10), .forces(100)] {
      let session = Session(
        Program([water.objective(batch, water.network()).jacobian]), state: initial,
        workers: context.workers)
      let name = "jacobian-\(batch.name)"
      let feed = add(batch, of: water, to: &tensors, name)
      try session.run(feed)
      let jacobian = Array(session.output(0))
      tensors["\(name)/jacobian"] = Tensor(
        .float32(jacobian), shape: [batch.count, initial.parameters.count])
    }
    for batch in [LabelBatch.energies(1), .forces(10)] {
      func addSteps<Method: Optimizer>(_ method: String, _ optimizer: Method) throws {
        let session = OptimizerCase<Float, Method>.session(
          water.objective(batch, water.network()), optimizer, context.workers)
        let name = "\(method)-\(batch.name)"
        let feed = add(batch, of: water, to: &tensors, name)
        for _ in 0..<steps { try session.run(feed) }
        let weights = session.state.parameters.elements
        tensors["\(name)/weights"] = Tensor(copying: weights, shape: [weights.count])
      }
      try addSteps("ekf", ExtendedKalmanFilter.benchmark)
      try addSteps("adam", Adam.benchmark)
    }
    let order = variables.map(\.name).joined(separator: " ")
    var metadata = ["order": order, "steps": "\(steps)"]
    try addMessages(to: &tensors, &metadata, in: context)
    try SafeTensors(tensors: tensors, metadata: metadata).write(to: file)
  }

  /// Adds the numbers of a batch and returns the feed that holds them.
  private static func add(
    _ batch: LabelBatch, of water: WaterWorkload<Float>, to tensors: inout [String: Tensor],
    _ name: String
  ) -> Feed<Float> {
    let feed = water.feed(batch)
    let references = Symbol.placeholder("references", ["labels"])
    tensors["\(name)/references"] = Tensor(
      copying: feed.values(of: references).elements, shape: [batch.count])
    for (network, inputs) in zip(water.network().networks, water.labels.rows) {
      let prefix = "\(name)/\(network.element)"
      let labels = Array(feed.indices(of: inputs.label).elements)
      tensors["\(prefix).label"] = Tensor(.int32(labels), shape: [labels.count])
      for feature in inputs.features {
        let shape = [labels.count, feature.width]
        tensors["\(prefix).descriptors"] = Tensor(
          copying: feed.values(of: feature.value).elements, shape: shape)
        guard batch.kind == .force else { continue }
        tensors["\(prefix).directions"] = Tensor(
          copying: feed.values(of: feature.tangent).elements, shape: shape)
      }
    }
    return feed
  }
}
