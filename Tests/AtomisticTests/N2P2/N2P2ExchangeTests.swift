import Atomistic
import Foundation
import Layers
import TestSupport
import Testing

@Suite("Models in n2p2's files and back")
struct N2P2ExchangeTests {
  /// A kind of model: what its functions, layers and units are.
  struct Kind: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var functions: [SymmetryFunction]
    var activation = Activation.tanh
    var scaling = DescriptorScaling.standard
    var energyFactor = Units.hartree
  }

  static let kinds: [Kind] = {
    func radial(_ cutoff: Cutoff) -> SymmetryFunction {
      .radial(.init(neighbor: 1, eta: 0.031, shift: 0.7, cutoff: cutoff))
    }
    let cutoff = Cutoff(.tanhCubed, radius: 6.1)
    var kinds = CutoffFunction.allCases.map { function in
      Kind(
        testDescription: "cutoff \(function)",
        functions: [radial(Cutoff(function, radius: 6.1, innerFraction: 0.13))])
    }
    kinds += Activation.allCases.filter { $0.letter != nil }.map {
      Kind(
        testDescription: "activation \($0.rawValue)", functions: [radial(cutoff)], activation: $0,
        scaling: .none)
    }
    let scalings: [DescriptorScaling] = [
      .none, .center, .range(0...1), .centeredRange(-1.5...1), .sigma(-1...2),
    ]
    kinds += scalings.map {
      Kind(testDescription: "scaling \($0)", functions: [radial(cutoff)], scaling: $0)
    }
    kinds.append(
      Kind(testDescription: "normalised", functions: [radial(cutoff)], energyFactor: 0.31))
    let angular = AngularSymmetryFunction(
      neighbors: 8, 1, eta: 0.017, lambda: -1, zeta: 3, shift: 0.3, cutoff: cutoff)
    let bump = CompactWindow(.polynomial3, isAsymmetric: true, from: -6.3, to: 6.3)
    let pair = CompactAngularSymmetryFunction.Neighbors(1, 8)
    let named: [(String, SymmetryFunction)] = [
      ("type 3", .narrowAngular(angular)), ("type 9", .wideAngular(angular)),
      ("type 12", .weightedRadial(.init(eta: 0.2, shift: 0.1, cutoff: cutoff))),
      (
        "type 13",
        .weightedAngular(.init(eta: 0.02, lambda: 1, zeta: 2.5, shift: 0.1, cutoff: cutoff))
      ),
      ("type 20", .compactRadial(.init(neighbor: 8, window: bump))),
      (
        "type 21",
        .compactNarrowAngular(.init(neighbors: pair, window: bump, angles: -63.5, 63.5))
      ),
      ("type 22", .compactWideAngular(.init(neighbors: pair, window: bump, angles: 10.1, 170))),
      (
        "type 23",
        .compactRadial(
          .init(neighbor: nil, window: CompactWindow(.exponential, from: 0.1, to: 6)))
      ),
      ("type 24", .compactNarrowAngular(.init(neighbors: nil, window: bump, angles: 0, 120))),
      ("type 25", .compactWideAngular(.init(neighbors: nil, window: bump, angles: 90, 270))),
    ]
    return kinds + named.map { Kind(testDescription: $0.0, functions: [$0.1]) }
  }()

  private func model(_ kind: Kind) -> TrainedModel {
    let networks = [Element.hydrogen, .oxygen].map { element in
      BehlerParrinello.Network(
        element: element, symmetryFunctions: kind.functions,
        ranges: kind.functions.map { _ in
          DescriptorRange(minimum: 0.1, maximum: 3.7, mean: 0.9, sigma: 0.31)
        },
        hiddenNodes: [3, 2], hiddenActivations: [kind.activation, .tanh],
        energyOffset: element == .oxygen ? -2041.3 : -13.1)
    }
    let network = BehlerParrinello(
      networks: networks, scaling: kind.scaling, energyFactor: kind.energyFactor)
    let count = network.variables.reduce(0) { $0 + $1.count }
    let parameters = (0..<count).map { 0.2 + sin(Double(7 * $0 + 1)) / 3 }
    return TrainedModel(network, parameters: parameters)
  }

  @Test("energies and forces stay the same", arguments: kinds)
  func roundTrip(_ kind: Kind) throws {
    let model = model(kind)
    try withTemporaryDirectory { folder in
      try model.network.n2p2Potential(parameters: model.parameters).write(to: folder)
      let again = TrainedModel(try N2P2Potential(directory: folder))
      #expect(
        again.network.networks.map(\.symmetryFunctions)
          == model.network.networks.map(\.symmetryFunctions))
      #expect(again.parameters == model.parameters)
      #expect(again.network.scaling == model.network.scaling)
      let (first, second): (Labels, Labels) = (
        try model.calculator(Double.self)(ModelFixtures.waterBox),
        try again.calculator(Double.self)(ModelFixtures.waterBox)
      )
      #expect(abs(first.energy! / second.energy! - 1) < 1e-12)
      let forces = first.forces!.flatMap(\.components)
      #expect(forces.contains { abs($0) > 1e-6 })
      for (mine, theirs) in zip(forces, second.forces!.flatMap(\.components)) {
        #expect(abs(mine - theirs) < 1e-12 * (1 + abs(mine)))
      }
    }
  }
}

/// A published potential with compact support against n2p2's own numbers.
@Suite(
  "A published potential with compact support",
  .enabled(if: SharedData.has("data/ethylbenzene-nnp/n2p2_reference.json"), SharedData.note))
struct CompactPotentialTests {
  @Test("descriptors, energies and forces are n2p2's")
  func reference() throws {
    let folder = "data/ethylbenzene-nnp/"
    let model = try PublishedPotentialTests.model(folder)
    let entry = try SharedData.json(folder + "n2p2_reference.json")["structures"][0]
    let structure = try RunnerData.read(
      SharedData.path(folder + "input.data")!, units: .atomic
    ).structures[0]
    let calculator: Calculator<Double> = model.calculator(skin: 0)
    let labels = try calculator(structure)
    #expect(abs(labels.energy! / Units.hartree / entry["energy"].real - 1) < 1e-8)
    let forces = entry["forces"].elements.flatMap(\.reals)
    let largest = forces.map(abs).max()!
    let unit = Units.hartree / Units.bohr
    var worst = 0.0
    for (mine, theirs) in zip(labels.forces!.flatMap(\.components), forces) {
      worst = max(worst, abs(mine / unit - theirs))
    }
    #expect(worst < 1e-8 * max(1, largest))
    let watched = try WatchedStructure(structure, model.network, tolerance: 1e-9)
    #expect(watched.found.isEmpty)
    let raw = entry["G_raw"].elements
    var difference = 0.0
    for (own, rows) in zip(model.network.networks, watched.descriptors) {
      let atoms = structure.elements.indices.filter { structure.elements[$0] == own.element }
      for (atom, row) in zip(atoms, rows) {
        for (mine, theirs) in zip(row, raw[atom].reals) {
          difference = max(difference, abs(mine - theirs) / max(1e-3, abs(theirs)))
        }
      }
    }
    #expect(difference < 1e-8)
  }
}
