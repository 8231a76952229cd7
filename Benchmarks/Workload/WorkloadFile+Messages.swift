import Atomistic
import Graph
import Tensors
import Train

extension WorkloadFile {
  /// Adds the numbers and the results of the message-passing cases.
  ///
  /// `boxes/…` are ten structures one after another: `positions`, `elements` (atomic numbers) and
  /// `structure` of atoms, `first`, `second` and `offsets` of pairs, both directions sorted by the first
  /// atom, and the labels `energies` and `forces`. `NETWORK/NAME` are the weights of a network, in the
  /// order that `NETWORK.order` of the metadata names. Results are `energy` and `forces` of the first
  /// structure in `NETWORK-potential/`, and in `NETWORK-adam-structures-10/` the `gradients` of the loss,
  /// the mean of squared errors of energies plus that of force components, before each step of Adam and
  /// after the last one. Weights are no such test: Adam moves a weight by η even where its gradient
  /// is round-off.
  static func addMessages(
    to tensors: inout [String: Tensor], _ metadata: inout [String: String],
    in context: BenchmarkContext
  ) throws {
    let batch = MessageBatch.structures(10)
    for network in MessageNetwork.allCases {
      let potential = try network.potential()
      let weights = State<Float>(potential.variables, seed: 1)
      for variable in potential.variables {
        tensors["\(network.rawValue)/\(variable.name)"] = Tensor(
          copying: weights[variable], shape: variable.extents)
      }
      metadata["\(network.rawValue).order"] =
        potential.variables.map(\.name).joined(separator: " ")

      let calculator = Calculator<Float>(
        potential, state: weights, computesStress: false, workers: context.workers)
      let result = try calculator(context.boxes()[0])
      let potentialName = "\(network.rawValue)-\(MessagePart.potential.name)"
      add(energies: [result], to: &tensors, "\(potentialName)/energy")
      add(forces: [result], to: &tensors, "\(potentialName)/forces")

      let adamName = "\(network.rawValue)-\(MessagePart.adam(batch).name)"
      let (slopes, feed) = try MessageCase<Float>.session(potential, batch, context) {
        Program([$0.gradient(of: $0.squaredError)])
      }
      let (adam, sameBatch) = try MessageCase<Float>.session(potential, batch, context) {
        $0.minimized(by: Adam.benchmark).compiled()
      }
      var gradients: [Float] = []
      for _ in 0...steps {
        try slopes.run(feed)
        gradients += slopes.output(0)
        try adam.run(sameBatch)
        _ = slopes.state.parameters.elements.update(
          fromContentsOf: adam.state.parameters.elements)
      }
      tensors["\(adamName)/gradients"] = Tensor(
        .float32(gradients), shape: [steps + 1, weights.parameters.count])
      addBoxes(feed, to: &tensors)
    }
    let labels = try context.boxes().map(\.labels)
    add(energies: labels, to: &tensors, "boxes/energies")
    add(forces: labels, to: &tensors, "boxes/forces")
  }

  /// Adds atoms and pairs of the structures in a feed.
  private static func addBoxes(_ feed: Feed<Float>, to tensors: inout [String: Tensor]) {
    let inputs = AtomisticInputs(.unstrained)
    for (name, symbol) in [("positions", inputs.positions), ("offsets", inputs.offsets)] {
      let elements = feed.values(of: symbol).elements
      tensors["boxes/\(name)"] = Tensor(copying: elements, shape: [elements.count / 3, 3])
    }
    for (name, symbol) in [
      ("elements", inputs.elements), ("structure", inputs.structureOfAtom),
      ("first", inputs.first), ("second", inputs.second),
    ] {
      let numbers = Array(feed.indices(of: symbol).elements)
      tensors["boxes/\(name)"] = Tensor(.int32(numbers), shape: [numbers.count])
    }
  }

  private static func add(
    energies labels: [Labels], to tensors: inout [String: Tensor], _ name: String
  ) {
    let values = labels.map { Float($0.energy ?? .nan) }
    tensors[name] = Tensor(.float32(values), shape: [values.count])
  }

  private static func add(
    forces labels: [Labels], to tensors: inout [String: Tensor], _ name: String
  ) {
    let values = labels.flatMap { $0.forces ?? [] }.flatMap { force in
      (0..<3).map { Float(force[$0]) }
    }
    tensors[name] = Tensor(.float32(values), shape: [values.count / 3, 3])
  }
}
