import Atomistic
import Graph
import Layers
import Tensors
import TestSupport
import Testing

/// The network of the reference file, which lists functions in an order of its own.
struct ReferenceNetwork {
  let file: ReferenceFile
  let cutoff: String
  let isScaled: Bool

  static let elements = ["H", "O"]

  func number(_ symbol: String) -> Int { symbol == "H" ? 1 : 8 }

  /// The functions of an element in the order of the file.
  func functions(_ symbol: String) -> [SymmetryFunction] {
    file["symmetry_functions"][symbol].list.map { entry in
      let window = Cutoff(cutoff == "cos" ? .cosine : .tanhCubed, radius: entry["r_c"].double)
      if entry["type"].text == "G2" {
        return .radial(
          RadialSymmetryFunction(
            neighbor: number(entry["neighbour"].text), eta: entry["eta"].double,
            shift: entry["r_s"].double, cutoff: window))
      }
      let neighbors = entry["neighbours"].list.map { number($0.text) }
      let function = AngularSymmetryFunction(
        neighbors: neighbors[0], neighbors[1], eta: entry["eta"].double,
        lambda: entry["lambda"].double, zeta: entry["zeta"].double, cutoff: window)
      return entry["type"].text == "G9 wide" ? .wideAngular(function) : .narrowAngular(function)
    }
  }

  /// The place in the file of each function of the sorted list.
  func order(_ symbol: String) -> [Int] {
    let functions = functions(symbol)
    return functions.indices.sorted { functions[$0] < functions[$1] }
  }

  func ranges(_ symbol: String) -> [DescriptorRange] {
    let own = file["scaling"][cutoff][symbol]
    return zip(own["min"].tensor.doubles, own["max"].tensor.doubles).map {
      DescriptorRange(minimum: $0, maximum: $1, mean: ($0 + $1) / 2)
    }
  }

  var model: TrainedModel {
    let networks = Self.elements.map { symbol in
      BehlerParrinello.Network(
        element: Element(symbol: symbol)!, symmetryFunctions: functions(symbol),
        ranges: isScaled ? ranges(symbol) : [], hiddenNodes: [4, 3],
        hiddenActivations: [.tanh, .tanh])
    }
    let network = BehlerParrinello(
      networks: networks, scaling: isScaled ? .range(-1...1) : .none, lengthUnit: .bohr,
      energyFactor: Units.hartree)
    return TrainedModel(network, parameters: sorted(file["flat_weights"].tensor.doubles))
  }

  /// Flat weights in the file's order, brought to the order of sorted functions.
  func sorted(_ flat: [Double]) -> [Double] {
    var result = flat
    for (place, symbol) in Self.elements.enumerated() {
      let start = place * flat.count / 2
      for (row, source) in order(symbol).enumerated() {
        for column in 0..<4 { result[start + 4 * row + column] = flat[start + 4 * source + column] }
      }
    }
    return result
  }
}

@Suite("Behler-Parrinello networks", .enabled(if: ReferenceFile.areAvailable, SharedData.note))
struct BehlerParrinelloTests {
  let file: ReferenceFile
  static let variants = ["tanh3_unscaled", "tanh3_scaled", "cos_unscaled", "cos_scaled"]

  init() throws { file = try ReferenceFile("bpnn.json") }

  func network(_ variant: String) -> ReferenceNetwork {
    ReferenceNetwork(
      file: file, cutoff: variant.hasPrefix("cos") ? "cos" : "tanh3",
      isScaled: variant.hasSuffix("_scaled"))
  }

  @Test("energies, forces and strain gradients equal JAX's", arguments: ["A", "B", "C"], variants)
  func energies(system: String, variant: String) throws {
    let expected = file["systems"][system]["variants"][variant]
    let structure = file["systems"][system].structure(unit: Units.bohr)
    let calculator: Calculator<Double> = network(variant).model.calculator()
    let labels = try calculator(structure)
    let force = Units.hartree / Units.bohr
    #expect(abs(labels.energy! / Units.hartree - expected["energy"].double) < 1e-10)
    #expect(
      largestDifference(
        labels.forces!.flatMap(\.components).map { $0 / force }, expected["forces"].tensor.doubles)
        < 1e-10)
    #expect(
      largestDifference(
        calculator.strainGradient.rowMajor.map { $0 / Units.hartree },
        expected["dE_dstrain"].tensor.doubles) < 1e-10)
    #expect(
      largestDifference(
        calculator.atomicEnergies.map { $0 / Units.hartree },
        expected["atomic_energies"].tensor.doubles) < 1e-10)
  }

  @Test("descriptors equal JAX's", arguments: ["A", "B", "C"], variants)
  func descriptors(system: String, variant: String) throws {
    let network = network(variant)
    let model = network.model.network
    let structure = file["systems"][system].structure(unit: Units.bohr)
    let expected = file["systems"][system]["variants"][variant]
    let key = network.isScaled ? "scaled_descriptors" : "descriptors"
    let rows = expected[key].tensor.doubles
    for own in model.networks {
      let inputs = AtomisticInputs()
      let raw = model.descriptors(of: own, inputs)
      let program = Program([network.isScaled ? model.scaled(raw, of: own) : raw])
      let session = Session(program, state: State<Double>([], seed: 1), workers: Workers(count: 1))
      let filler = StructureFeed<Double>(elements: model.elements)
      let list = try NeighborList(structure, cutoff: model.cutoff, skin: 0.3)
      try filler.set([structure], neighbors: [list])
      try session.run(filler.feed)
      let order = network.order(own.element.symbol)
      let atoms = structure.elements.indices.filter { structure.elements[$0] == own.element }
      let wanted = atoms.flatMap { atom in order.map { rows[atom * order.count + $0] } }
      #expect(largestDifference(session.output(0), wanted) < 1e-10)
    }
  }

  @Test(
    "energies and forces have JAX's derivatives by the weights",
    arguments: ["A", "B", "C"], variants)
  func weights(system: String, variant: String) throws {
    let network = network(variant)
    let model = network.model
    let structure = file["systems"][system].structure(unit: Units.bohr)
    let expected = file["systems"][system]["variants"][variant]
    let inputs = AtomisticInputs()
    let parameters = model.network.variables.map(\.symbol)
    let energy = model.network.energies(inputs).sum()
    let forces = model.network.forces(inputs).flattened()
    let components = expected["dF_dw_components"].list.map(\.ints)
    var outputs = gradient(of: energy, by: parameters)
    for component in components {
      let place = Extent.fixed(3 * component[0] + component[1])
      outputs += gradient(of: forces.slice(place, count: 1).sum(), by: parameters)
    }
    let session = Session(
      Program(outputs), state: model.state(Double.self), workers: Workers(count: 1))
    let filler = StructureFeed<Double>(elements: model.network.elements)
    let list = try NeighborList(structure, cutoff: model.network.cutoff)
    try filler.set([structure], neighbors: [list])
    try session.run(filler.feed)
    func flat(_ row: Int) -> [Double] {
      parameters.indices.flatMap { Array(session.output(row * parameters.count + $0)) }
    }
    let unit = Units.hartree
    let slopes = network.sorted(expected["dE_dw"].tensor.doubles)
    #expect(largestDifference(flat(0).map { $0 / unit }, slopes) < 1e-10)
    let rows = expected["dF_dw"].tensor.doubles
    for number in components.indices {
      let wanted = network.sorted(Array(rows[number * 102..<(number + 1) * 102]))
      #expect(
        largestDifference(flat(number + 1).map { $0 / unit * Units.bohr }, wanted) < 1e-10)
    }
  }
}
