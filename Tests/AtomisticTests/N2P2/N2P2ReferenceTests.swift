import Atomistic
import Foundation
import Layers
import TestSupport
import Testing

/// Published potentials against the numbers of n2p2 itself.
@Suite(
  "Published n2p2 potentials",
  .enabled(if: SharedData.has("data"), Comment(rawValue: SharedData.absence)))
struct N2P2ReferenceTests {
  static let atomicNumbers = ["H": 1, "C": 6, "O": 8]

  @Test("the functions are numbered as n2p2 numbers them")
  func order() throws {
    let reference = try Self.reference()
    let potential = try N2P2Potential(directory: SharedData.folder("data/revpbe0-nnp"))
    #expect(potential.elements.map(\.settings.symmetryFunctions.count) == [27, 30])
    #expect(potential.scaling == .centeredRange(0...1))
    #expect(potential.normalization == nil)
    for (element, json) in zip(potential.elements, reference["elements"].elements) {
      #expect(element.settings.atomicNumber == json["Z"].integer)
      let maps = element.maps(potential.scaling)
      let columns = json["symmetry_functions"].elements
      #expect(columns.count == maps.count)
      for (index, column) in columns.enumerated() {
        let line = "\(column["definition"].text)"
        #expect(
          words(element.settings.symmetryFunctions[index]) == numbers(line), "column \(index)")
        #expect(element.ranges[index].minimum == column["Gmin"].real)
        let expected = column["scaled_is_a_plus_b_G"].reals
        #expect(close(maps[index].offset, expected[0], 1e-13))
        #expect(close(maps[index].factor, expected[1], 1e-13))
      }
    }
  }

  @Test("descriptors, scaling and networks give n2p2's energy")
  func energy() throws {
    let reference = try Self.reference()
    let potential = try N2P2Potential(directory: SharedData.folder("data/revpbe0-nnp"))
    let structure = reference["structures"][0]
    let (elements, positions, cell) = atoms(of: structure)
    let (raw, scaled) = (structure["G_raw"].elements, structure["G_scaled"].elements)
    let atomic = structure["atomic_energies_network_internal_units"].reals
    var (energy, worstRaw, worstScaled, worstAtomic) = (0.0, 0.0, 0.0, 0.0)
    for (atom, atomicNumber) in elements.enumerated() {
      let element = try #require(
        potential.elements.first { $0.settings.atomicNumber == atomicNumber })
      let neighbors = SymmetryFunctionOracle.neighbors(
        of: atom, positions: positions, elements: elements, cell: cell, cutoff: 12)
      let values = element.settings.symmetryFunctions.map {
        SymmetryFunctionOracle.evaluate($0, neighbors).value
      }
      let inputs = zip(element.maps(potential.scaling), values).map { $0($1) }
      worstRaw = max(worstRaw, worst(values, raw[atom].reals))
      worstScaled = max(worstScaled, worst(inputs, scaled[atom].reals))
      let own = network(element, inputs)
      worstAtomic = max(worstAtomic, abs(own - atomic[atom]))
      energy += own + element.settings.atomEnergy
    }
    #expect(worstRaw < 1e-9)
    #expect(worstScaled < 1e-9)
    #expect(worstAtomic < 1e-10)
    #expect(close(energy, structure["energy"].real, 1e-12))
  }

  @Test("gradients of scaled descriptors are n2p2's")
  func descriptorGradients() throws {
    let reference = try Self.reference()
    let potential = try N2P2Potential(directory: SharedData.folder("data/revpbe0-nnp"))
    let structure = reference["structures"][0]
    let (elements, positions, cell) = atoms(of: structure)
    let expected = structure["weight_derivatives_internal_units"]["dG_dr_internal_units"][0]
    let center = expected["center"].integer
    let element = try #require(
      potential.elements.first { $0.settings.atomicNumber == elements[center] })
    let neighbors = SymmetryFunctionOracle.neighbors(
      of: center, positions: positions, elements: elements, cell: cell, cutoff: 12)
    let values = expected["values"].elements.map(\.reals)
    var largest = 0.0
    for (column, function) in element.settings.symmetryFunctions.enumerated() {
      let factor = element.maps(potential.scaling)[column].factor
      var gradients = [SIMD3<Double>](repeating: .zero, count: elements.count)
      let own = SymmetryFunctionOracle.evaluate(function, neighbors).gradients
      for (neighbor, gradient) in zip(neighbors, own) {
        gradients[neighbor.atom] += factor * gradient
        gradients[center] -= factor * gradient
      }
      for (atom, gradient) in gradients.enumerated() {
        for axis in 0..<3 {
          let target = values[atom][3 * column + axis]
          largest = max(largest, abs(target))
          #expect(abs(gradient[axis] - target) < 1e-12, "atom \(atom), column \(column)")
        }
      }
    }
    #expect(largest > 0.1)
  }

  @Test("a normalised potential reads, and its normalisation is undone")
  func normalization() throws {
    let potential = try N2P2Potential(directory: SharedData.folder("data/blyp-nnp"))
    #expect(potential.elements.map(\.settings.layerSizes) == [[27, 25, 25, 1], [30, 25, 25, 1]])
    #expect(potential.scaling == .centeredRange(0...1))
    #expect(potential.elements[0].ranges[0].sigma == 7.2917921615978920e-01)
    #expect(potential.elements[0].weights.layers[0].weights[0] == -1.5291125647377135)
    let units = try #require(potential.normalization)
    #expect(units.meanEnergy == -25.515845506575516)
    #expect(units.physicalEnergy(ofNetworkEnergy: 0, atoms: 3) == 3 * units.meanEnergy)
    #expect(
      close(units.physicalEnergy(ofNetworkEnergy: 188.04016272992857, atoms: 0), 1, 1e-15))
    #expect(
      close(units.physicalForce(ofNetworkForce: 1), 4.3812936604793364 / 188.04016272992857, 1e-15))
    let again = try N2P2Settings(
      parsing: N2P2Settings(
        elements: potential.elements.map(\.settings), scaling: potential.scaling,
        normalization: potential.normalization
      ).text())
    #expect(again.elements == potential.elements.map(\.settings))
    #expect(again.normalization == potential.normalization)
  }

  @Test("the energy of a normalised network becomes n2p2's energy")
  func normalizedEnergy() throws {
    let reference = try SharedData.json("data/ethylbenzene-nnp/n2p2_reference.json")
    let json = reference["normalization"]
    let units = N2P2Normalization(
      meanEnergy: json["mean_energy"].real, energyFactor: json["conv_energy"].real,
      lengthFactor: json["conv_length"].real)
    let structure = reference["structures"][0]
    let energy = units.physicalEnergy(
      ofNetworkEnergy: structure["energy_network_internal_units"].real,
      atoms: structure["natoms"].integer)
    #expect(close(energy, structure["energy"].real, 1e-14))
  }

  private static func reference() throws -> JSONTree {
    try SharedData.json("data/revpbe0-nnp/n2p2_reference.json")
  }

  private func atoms(
    of structure: JSONTree
  ) -> (elements: [Int], positions: [SIMD3<Double>], cell: [SIMD3<Double>]) {
    (
      structure["symbols"].elements.map { Self.atomicNumbers[$0.text]! },
      structure["positions_as_given_Bohr"].elements.map { vector($0.reals) },
      structure["lattice_Bohr"].elements.map { vector($0.reals) }
    )
  }

  /// The energy of an atom, in the units of the network.
  private func network(_ element: N2P2Potential.Species, _ inputs: [Double]) -> Double {
    var values = inputs
    for (index, layer) in element.weights.layers.enumerated() {
      var outputs = layer.biases
      for (input, value) in values.enumerated() {
        for output in outputs.indices {
          outputs[output] += value * layer.weights[input * layer.outputs + output]
        }
      }
      let hidden = index < element.settings.hiddenActivations.count
      if hidden { precondition(element.settings.hiddenActivations[index] == .tanh) }
      values = hidden ? outputs.map(tanh) : outputs
    }
    return values[0]
  }

  /// Type, elements and parameters in the order of a line of `input.nn`.
  private func words(_ function: SymmetryFunction) -> [Double] {
    let type = Double(function.typeNumber)
    switch function {
    case .radial(let radial):
      return [type, Double(radial.neighbor), radial.eta, radial.shift, radial.cutoff.radius]
    case .narrowAngular(let angular), .wideAngular(let angular):
      return [
        type, Double(angular.firstNeighbor), Double(angular.secondNeighbor), angular.eta,
        angular.lambda, angular.zeta, angular.cutoff.radius, angular.shift,
      ]
    default: preconditionFailure("N2P2ReferenceTests: no function of type \(function.typeNumber)")
    }
  }

  private func numbers(_ line: String) -> [Double] {
    line.split(separator: " ").dropFirst(2).map {
      Self.atomicNumbers[String($0)].map(Double.init) ?? Double($0)!
    }
  }

  private func vector(_ numbers: [Double]) -> SIMD3<Double> {
    SIMD3(numbers[0], numbers[1], numbers[2])
  }

  private func close(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
    abs(value - expected) <= tolerance * abs(expected)
  }

  private func worst(_ values: [Double], _ expected: [Double]) -> Double {
    precondition(values.count == expected.count)
    return zip(values, expected).map { abs($0 - $1) / max(abs($1), 1e-8) }.max() ?? 0
  }
}
