public import Atomistic
import Graph
import Layers
import Tensors

/// Models with random weights.
extension ModelFixtures {
  /// A model of hydrogen, carbon and oxygen.
  public static let threeElements = randomized(network)

  /// A model of hydrogen and oxygen whose functions are in bohr.
  public static let water: TrainedModel = {
    let networks = network.networks.filter { $0.element != .carbon }.map { network in
      var network = network
      network.symmetryFunctions = network.symmetryFunctions.map {
        $0.scaled(byLength: 1 / LengthUnit.bohr.inAngstrom)
      }
      return network
    }
    return randomized(BehlerParrinello(networks: networks, lengthUnit: .bohr, energyFactor: 1.3))
  }()

  /// PiNet and PiNet2 of hydrogen, carbon and oxygen, small ones.
  public static let messagePassing: [TrainedModel] = {
    let elements = [Element.hydrogen, .carbon, .oxygen]
    var settings = PiNetSettings()
    (settings.cutoff, settings.basisCount, settings.depth) = (3, 2, 2)
    (settings.pp, settings.pi, settings.ii, settings.out) = ([3], [3], [3], [3])
    var tensors = PiNet2.Settings()
    (tensors.common, tensors.rank, tensors.weighted) = (settings, .five, true)
    tensors.common.basis = .gaussian
    do {
      return [
        randomized(try PiNet(settings, elements: elements)),
        randomized(try PiNet2(tensors, elements: elements)),
      ]
    } catch {
      preconditionFailure("ModelFixtures: \(error)")
    }
  }()

  /// A potential with first weights drawn from a seed.
  public static func randomized(
    _ potential: any TrainablePotential, seed: UInt64 = 5
  ) -> TrainedModel {
    TrainedModel(potential, state: State<Double>(potential.variables, seed: seed), seed: seed)
  }

  /// The kinds of model that files may hold.
  public static let kinds = [
    ModelKind(BehlerParrinello.self, exports: [.n2p2], upgrade: BehlerParrinello.upgraded),
    ModelKind(MessagePassing.self),
  ]
}

extension TrainedModel {
  /// The potential, which the test knows to be a Behler-Parrinello network.
  public var network: BehlerParrinello {
    guard let network = potential as? BehlerParrinello else {
      preconditionFailure("a BehlerParrinello is needed, not \(type(of: potential))")
    }
    return network
  }

  /// Both hold the same network, the same weights and the same seed.
  public func isEqual(to other: TrainedModel) -> Bool {
    network == other.network && weights == other.weights && seed == other.seed
  }
}
