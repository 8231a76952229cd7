import Foundation
import Train

@testable import AtomFlowTool
@testable import Atomistic

/// Texts that people write: configurations and assignments of the command line.
extension FuzzCatalogue {
  static let configurations = [
    FuzzedReader(name: "configuration", layout: .text, inputs: 500) { _ in
      let written = try StrictJSON.text(of: TrainingConfiguration())
      return [Array(byHand.utf8), Array(written.utf8)]
    } read: { input in
      try decode(StrictJSON(Data(input.bytes), source: "damaged.json"))
    },
    FuzzedReader(name: "assignment", layout: .text, inputs: 500) { _ in
      assignments.map { Array($0.utf8) }
    } read: { input in
      var document = try whole.get()
      try document.set(String(decoding: input.bytes, as: UTF8.self), from: "--set")
      try decode(document)
    },
  ]

  private static let whole = Result {
    try StrictJSON(Data(byHand.utf8), source: "config.json")
  }

  private static func decode(_ document: StrictJSON) throws {
    _ = try document.decode(
      TrainingConfiguration.self, userInfo: Catalog.standard.userInfo)
  }

  private static let byHand = """
    // A configuration as people write it.
    {
      seed: 0x10, precision: 'float64', data: { file: "wasser\\u00e9.extxyz", split: {training: .8}, },
      network: { behlerParrinello: { hidden: [25, +2.5e1], activation: 'softplus', descriptors: {
        lengthUnit: 'bohr', cutoff: {radius: 12}, functions: {
          O: [{type: 'radial', neighbors: ['H'], eta: 0.01},
              {type: 'wideAngular', neighbors: ['O', 'H'], eta: 0.01, lambda: -1, zeta: 4}]}}}},
      optimizer: { adam: { learningRate: { exponential: { initial: 1e-3, factor: 0.96, every: 1000 } } } },
      /* the length */ run: { steps: 100, evaluateEvery: 10, },
    }

    """

  private static let assignments = [
    "optimizer.adam.learningRate=1e-2", "network.behlerParrinello.hidden[1]=7",
    "data.split={training: 0.5, validation: 0.5}", "seed=5", "run.steps=0x10",
    "network.behlerParrinello.descriptors.functions.O[0].neighbors=['H']",
  ]
}
