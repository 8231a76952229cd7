import Atomistic
import Graph
import Layers
import Tensors
import Train

/// A small network potential of water, trained on energies and forces of the flexible water model.
final class WaterFit<Scalar: RealScalar>: LabelSource {
  let kinds: [LabelKind]
  private let labels: PotentialLabels<Scalar>
  private let network: BehlerParrinello
  private let count: Int

  /// Boxes of water whose atoms are a little out of place.
  static func boxes() throws -> [Structure] {
    var random = RandomStream(seed: 11)
    let calculator = Calculator<Double>(FlexibleWater(), computesStress: false)
    return try (0..<24).map { _ in
      var box = WaterBox.structure(molecules: 32, density: 0.9, random: &random)
      for atom in box.positions.indices {
        box.positions[atom] += 0.03 * SIMD3(random.normal(), random.normal(), random.normal())
      }
      box.labels = try calculator(box)
      return box
    }
  }

  /// Twelve radial functions of each pair of elements, up to 5 angstrom.
  private static var choice: DescriptorChoice {
    let functions = [1, 8].flatMap { neighbor in
      (0..<12).map { number in
        SymmetryFunction.radial(
          RadialSymmetryFunction(
            neighbor: neighbor, eta: 4, shift: 0.4 * Double(number),
            cutoff: Cutoff(.tanhCubed, radius: 5)))
      }
    }
    return DescriptorChoice(functions: [1: functions, 8: functions], lengthUnit: .angstrom)
  }

  init(_ structures: [Structure]) throws {
    let choice = Self.choice
    let workers = Workers(count: 2)
    let cache = try DescriptorCache<Scalar>(structures, choice, workers: workers)
    let ranges = cache.ranges(over: structures.indices)
    network = BehlerParrinello(
      networks: zip(cache.elements, ranges).map { element, ranges in
        BehlerParrinello.Network(
          element: element, symmetryFunctions: choice.functions[element.number]!, ranges: ranges!,
          hiddenNodes: [12, 12], hiddenActivations: [.tanh, .tanh])
      }, lengthUnit: choice.lengthUnit)
    let scaling = network.scaling
    cache.scale(by: network.networks.map { $0.ranges.map(scaling.map) }, workers: workers)
    let energies = structures.map { $0.labels.energy! }
    let mean = energies.reduce(0, +) / Double(energies.count)
    labels = PotentialLabels(
      structures, energies: energies.map { $0 - mean }, of: Array(structures.indices), cache: cache)
    count = structures.count
    let networks = network.elementNetworks
    func kind(_ name: String, _ errors: Symbol, _ count: Int, _ perStep: Int) -> LabelKind {
      LabelKind(
        name: name, errors: errors / Double(perStep).squareRoot(), count: count,
        labelsPerStep: perStep)
    }
    kinds = [
      kind("energy", PotentialErrors.energy(networks), labels.energies.count, 24),
      kind("force", PotentialErrors.force(networks), labels.forceCount, 30),
    ]
  }

  func fill(_ feed: Feed<Scalar>, kind: Int, labels numbers: [Int]) {
    kind == 0
      ? labels.fillEnergies(feed, labels: numbers) : labels.fillForces(feed, labels: numbers)
  }

  /// What comes out of a training.
  struct Outcome: Equatable {
    var weights: [Double]
    var energies: [Double]
    /// For each kind of label, in how many phases of a step threads shared out rows.
    var sharedRowPhases: [Int]
  }

  /// Trains from the start for some steps.
  func train(_ optimizer: any Optimizer, threads: Int, steps: Int) throws -> Outcome {
    let workers = Workers(count: threads)
    let trainer = Trainer(self, optimizer: optimizer, seed: 4, workers: workers)
    for _ in 0..<steps { try trainer.advance() }
    let predictions = CachedPredictions(
      network.elementNetworks, cache: labels.cache, state: trainer.state, workers: workers)
    return Outcome(
      weights: trainer.state.parameters.elements.map(Double.init),
      energies: (0..<count).map { predictions($0).energy },
      sharedRowPhases: trainer.sharedRowPhases)
  }
}
