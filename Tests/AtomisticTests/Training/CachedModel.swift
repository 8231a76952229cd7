import Atomistic
import Graph
import Layers
import Tensors

/// A network potential and the cached descriptors of structures, scaled for it.
struct CachedModel {
  let model: PotentialModel
  let cache: DescriptorCache<Double>

  init(
    _ model: PotentialModel, _ structures: [Structure], budget: CacheBudget = CacheBudget()
  ) throws {
    self.model = model
    let network = model.network
    cache = try DescriptorCache(
      structures, Self.choice(network), budget: budget, workers: Workers(count: 2))
    cache.scale(
      by: network.networks.map { $0.ranges.map(network.scaling.map(for:)) },
      workers: Workers(count: 2))
  }

  /// Energies and forces from the cache.
  var predictions: CachedPredictions<Double> {
    CachedPredictions(
      model.network.elementNetworks, cache: cache, state: model.state(), workers: Workers(count: 1))
  }

  static func choice(_ network: BehlerParrinello) -> DescriptorChoice {
    let functions = network.networks.map { ($0.element.number, $0.symmetryFunctions) }
    return DescriptorChoice(
      functions: Dictionary(uniqueKeysWithValues: functions), lengthUnit: network.lengthUnit)
  }

  /// A model of hydrogen, carbon and oxygen with random weights.
  static let threeElements = randomized(ModelFixtures.network)

  /// A model of hydrogen and oxygen with random weights and functions in bohr.
  static let water: PotentialModel = {
    let networks = ModelFixtures.network.networks.filter { $0.element != .carbon }.map { network in
      var network = network
      network.symmetryFunctions = network.symmetryFunctions.map {
        $0.scaled(byLength: 1 / LengthUnit.bohr.inAngstrom)
      }
      return network
    }
    return randomized(BehlerParrinello(networks: networks, lengthUnit: .bohr, energyFactor: 1.3))
  }()

  private static func randomized(_ network: BehlerParrinello) -> PotentialModel {
    PotentialModel(network, state: State<Double>(network.variables, seed: 5))
  }
}
