import Foundation
import Graph
import Layers
import Tensors

extension BehlerParrinello {
  /// Takes over a potential of n2p2 or RuNNer without its weights.
  ///
  /// The normalisation becomes part of the energy's factor and offsets; the files' offsets per atom
  /// are added to them.
  ///
  /// - Parameter potential: The content of the files, in units of its own.
  public init(_ potential: N2P2Potential) {
    let (normalization, unit) = (potential.normalization, potential.units.energyFactor)
    let meanEnergy = normalization?.meanEnergy ?? 0
    self.init(
      networks: potential.elements.map { own in
        let settings = own.settings
        guard let element = Element(number: settings.atomicNumber) else {
          trap(
            "BehlerParrinello: there is no element of the number \(settings.atomicNumber)")
        }
        return Network(
          element: element, symmetryFunctions: settings.symmetryFunctions, ranges: own.ranges,
          hiddenNodes: settings.hiddenNodes, hiddenActivations: settings.hiddenActivations,
          energyOffset: (settings.atomEnergy + meanEnergy) * unit)
      }, scaling: potential.scaling, lengthUnit: potential.units.length,
      energyFactor: unit / (normalization?.energyFactor ?? 1), fileUnits: potential.units)
  }
}

extension TrainedModel {
  /// Takes over a potential of n2p2 or RuNNer with its weights.
  ///
  /// - Parameter potential: The content of the files, in units of its own.
  public init(_ potential: N2P2Potential) {
    self.init(
      BehlerParrinello(potential),
      parameters: potential.elements.flatMap { element in
        element.weights.layers.flatMap { $0.weights + $0.biases }
      })
  }

}

extension BehlerParrinello {
  /// The model as n2p2's files hold it.
  ///
  /// Its lengths are in the unit of the symmetry functions, its energies in `energyUnit`. Offsets
  /// are energies of atoms; the factor of the networks' energies becomes a normalisation where it is
  /// not one unit.
  ///
  /// - Parameters:
  ///   - parameters: The weights in the order of `variables`.
  ///   - energyUnit: The unit of energies in the files.
  /// - Returns: The content of the files.
  public func n2p2Potential(
    parameters: [Double], energyUnit: EnergyUnit = .hartree
  ) -> N2P2Potential {
    let unit = energyUnit.inElectronVolt
    let isNormalized = energyFactor != unit
    let settings = N2P2Settings(
      elements: networks.map { own in
        N2P2Settings.Species(
          atomicNumber: own.element.number, atomEnergy: own.energyOffset / unit,
          symmetryFunctions: own.symmetryFunctions, hiddenNodes: own.hiddenNodes,
          hiddenActivations: own.hiddenActivations)
      }, scaling: scaling,
      normalization: isNormalized
        ? N2P2Normalization(
          meanEnergy: 0, energyFactor: unit / energyFactor, lengthFactor: 1) : nil)
    var start = 0
    func take(_ count: Int) -> [Double] {
      defer { start += count }
      return Array(parameters[start..<start + count])
    }
    let weights = networks.map { own in
      N2P2Weights(
        layers: zip(own.layerSizes, own.layerSizes.dropFirst()).map { inputs, outputs in
          N2P2Weights.Layer(
            inputs: inputs, outputs: outputs, weights: take(inputs * outputs),
            biases: take(outputs))
        })
    }
    let ranges =
      scaling == .none ? nil : N2P2Scaling(ranges: networks.map(\.ranges))
    return N2P2Potential(
      settings: settings, scaling: ranges, weights: weights,
      units: UnitSystem(length: lengthUnit, energy: energyUnit))
  }
}

extension ModelExport {
  /// The files of n2p2 and RuNNer, which n2p2's LAMMPS pair style takes, too.
  public static let n2p2 = ModelExport(name: "n2p2") {
    (network: BehlerParrinello, parameters, folder, energyUnit) in
    let potential = network.n2p2Potential(
      parameters: parameters, energyUnit: energyUnit ?? network.fileUnits?.energy ?? .hartree)
    try potential.write(to: folder)
    let units = potential.units
    let options = units == .atomic ? "" : " \(units.commandLineOptions)"
    return """
      the potential is in \(folder.path), in \(units)
      to read it again: atomflow import n2p2 \(folder.path) -o DIR\(options)

      """
  }
}
