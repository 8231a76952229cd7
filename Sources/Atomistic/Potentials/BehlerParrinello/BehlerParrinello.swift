public import Graph
public import Layers
import Tensors

/// The network potential of Behler and Parrinello: symmetry functions and a perceptron per element.
///
///     G_i = symmetry functions of the neighbours of atom i        (lengths in `lengthUnit`)
///     x_i = a · G_i + b                                           (scaling, function by function)
///     E   = Σ_i energyFactor · network of the element of i (x_i) + energyOffset of the element
///
/// The weights are variables of the graph, such as `O.hidden1.weights`; this value holds all else.
///
/// Source: J. Behler, M. Parrinello, Phys. Rev. Lett. 98, 146401 (2007).
public struct BehlerParrinello: TrainablePotential, Hashable {
  /// The name in configurations and model files.
  public static let kind = "behlerParrinello"

  /// The part of one element, without the weights.
  public struct Network: Hashable, Sendable {
    /// The element.
    public var element: Element
    /// The symmetry functions, sorted as n2p2 numbers them.
    public var symmetryFunctions: [SymmetryFunction]
    /// The values of each function over the training set; empty without scaling.
    public var ranges: [DescriptorRange]
    /// The nodes of each hidden layer.
    public var hiddenNodes: [Int]
    /// The activation of each hidden layer; the single output is linear.
    public var hiddenActivations: [Activation]
    /// The energy in eV that is added for each atom.
    public var energyOffset: Double

    /// Makes one element's part; the functions are sorted, and their ranges with them.
    public init(
      element: Element, symmetryFunctions: [SymmetryFunction], ranges: [DescriptorRange] = [],
      hiddenNodes: [Int], hiddenActivations: [Activation], energyOffset: Double = 0
    ) {
      ensure(
        hiddenNodes.count == hiddenActivations.count,
        "BehlerParrinello: \(hiddenNodes.count) hidden layers need as many activations, not "
          + "\(hiddenActivations.count)")
      ensure(
        ranges.isEmpty || ranges.count == symmetryFunctions.count,
        "BehlerParrinello: \(symmetryFunctions.count) functions need as many ranges, not "
          + "\(ranges.count)")
      self.element = element
      let order = symmetryFunctions.indices.sorted { symmetryFunctions[$0] < symmetryFunctions[$1] }
      self.symmetryFunctions = order.map { symmetryFunctions[$0] }
      self.ranges = ranges.isEmpty ? [] : order.map { ranges[$0] }
      self.hiddenNodes = hiddenNodes
      self.hiddenActivations = hiddenActivations
      self.energyOffset = energyOffset
    }

    /// The nodes of all layers: functions, hidden layers, one output.
    public var layerSizes: [Int] { [symmetryFunctions.count] + hiddenNodes + [1] }
  }

  /// The networks, sorted by atomic number.
  public var networks: [Network]
  /// The scaling of all descriptors.
  public var scaling: DescriptorScaling
  /// The unit of the lengths in symmetry functions.
  public var lengthUnit: LengthUnit
  /// The factor of the networks' outputs that gives eV.
  public var energyFactor: Double

  /// The units of the `input.data` files that belong to the model.
  public var fileUnits: UnitSystem?
  /// The distribution of the first weights.
  public var initializer: Initializer

  /// Makes a model; the networks are sorted.
  public init(
    networks: [Network], scaling: DescriptorScaling = .standard, lengthUnit: LengthUnit = .bohr,
    energyFactor: Double = 1, fileUnits: UnitSystem? = .atomic,
    initializer: Initializer = .xavierUniform
  ) {
    ensure(
      scaling == .none || networks.allSatisfy { $0.ranges.count == $0.symmetryFunctions.count },
      "BehlerParrinello: scaled functions need the range of each")
    self.networks = networks.sorted { $0.element < $1.element }
    self.scaling = scaling
    self.lengthUnit = lengthUnit
    self.energyFactor = energyFactor
    self.fileUnits = fileUnits
    self.initializer = initializer
  }

  /// The elements, sorted.
  public var elements: [Element] { networks.map(\.element) }

  /// The largest radius of all symmetry functions in angstrom.
  public var cutoff: Double {
    let functions = networks.flatMap(\.symmetryFunctions)
    return (functions.map(\.radius).max() ?? 0) * lengthUnit.inAngstrom
  }

  /// The energy in eV that is added for each atom of an element.
  public func energyOffset(of element: Element) -> Double {
    networks.first { $0.element == element }?.energyOffset ?? 0
  }

  /// The network's energy of each atom in eV, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    var total = Symbol.fill(0, [AtomisticInputs.atoms])
    for network in networks {
      let descriptors = descriptors(of: network, inputs)
      let outputs = output(of: network, scaled: scaled(descriptors, of: network))
      let atoms = inputs.atoms(of: network.element)
      total = total + outputs.segmentSum(by: atoms, count: AtomisticInputs.atoms)
    }
    return total
  }

  /// The energies in eV of atoms of one element from their scaled descriptors, [rows].
  public func output(of network: Network, scaled: Symbol) -> Symbol {
    perceptron(of: network)(scaled).reshaped([scaled.shape[0]]) * energyFactor
  }

  /// The ranges of the symmetry functions over the training structures.
  public func trainingRanges(_ inputs: AtomisticInputs) -> [TrainingRange] {
    networks.filter { !$0.ranges.isEmpty }.map { network in
      TrainingRange(
        quantity: "symmetry function", values: descriptors(of: network, inputs),
        atoms: inputs.atoms(of: network.element),
        ranges: network.ranges.map { $0.minimum...$0.maximum })
    }
  }

  /// The unscaled descriptors of the atoms of one element, [rows, functions].
  public func descriptors(of network: Network, _ inputs: AtomisticInputs) -> Symbol {
    let neighbors = inputs.elements.gathered(by: inputs.second)
    return symmetryFunctions(of: network)(
      inputs.displacements, inputs.starts, neighbors, inputs.atoms(of: network.element))
  }

  /// The descriptors of one element as its network wants them, [rows, functions].
  public func scaled(_ descriptors: Symbol, of network: Network) -> Symbol {
    let name = "\(network.element).descriptors"
    guard scaling != .none else { return descriptors.named(name) }
    let maps = network.ranges.map(scaling.map)
    let factors = Symbol.constant(maps.map(\.factor))
    let offsets = Symbol.constant(maps.map(\.offset))
    let scaled =
      descriptors * factors.broadcast(to: descriptors.shape, axes: [1])
      + offsets.broadcast(to: descriptors.shape, axes: [1])
    return scaled.named(name)
  }

  /// The trainable variables in the order of the flat buffer: networks by atomic number, layer by
  /// layer, weights before biases.
  public var variables: [Variable] {
    networks.flatMap { perceptron(of: $0).variables }
  }

  /// The network of one element, such as `O.hidden1`, `O.hidden2`, `O.output`.
  private func perceptron(of network: Network) -> Perceptron {
    Perceptron(
      network.element.symbol, sizes: network.layerSizes, activations: network.hiddenActivations,
      weights: initializer)
  }
}
