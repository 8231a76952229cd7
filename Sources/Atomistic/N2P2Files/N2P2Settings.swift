public import Layers
import Tensors

/// What `input.nn` says about a model: elements, symmetry functions, scaling, networks, units.
///
/// Lengths and energies are in the units of the file, which it does not name (bohr and hartree in
/// nearly all published potentials).
public struct N2P2Settings: Hashable, Sendable {
  /// One element's part of the settings.
  public struct Species: Hashable, Sendable {
    /// The atomic number.
    public var atomicNumber: Int
    /// The energy `atom_energy` that is added for every atom of the element.
    public var atomEnergy: Double
    /// The symmetry functions, sorted as n2p2 numbers them.
    public var symmetryFunctions: [SymmetryFunction]
    /// The nodes of each hidden layer.
    public var hiddenNodes: [Int]
    /// The activation of each hidden layer; the single output is linear.
    public var hiddenActivations: [Activation]

    /// Makes one element's part; the functions are sorted.
    public init(
      atomicNumber: Int, atomEnergy: Double = 0, symmetryFunctions: [SymmetryFunction],
      hiddenNodes: [Int], hiddenActivations: [Activation]
    ) {
      ensure(
        hiddenNodes.count == hiddenActivations.count,
        "N2P2Settings: \(hiddenNodes.count) layers need as many activations, not "
          + "\(hiddenActivations.count)")
      self.atomicNumber = atomicNumber
      self.atomEnergy = atomEnergy
      self.symmetryFunctions = symmetryFunctions.sorted()
      self.hiddenNodes = hiddenNodes
      self.hiddenActivations = hiddenActivations
    }

    /// The nodes of all layers: functions, hidden layers, one output.
    public var layerSizes: [Int] { [symmetryFunctions.count] + hiddenNodes + [1] }
  }

  /// A line that does not change the model, kept as it was: mostly settings of the training.
  public struct OtherSetting: Hashable, Sendable {
    /// The first word.
    public let key: String
    /// The other words.
    public let values: [String]
    /// The line it stood on, counted from 1.
    public let line: Int
  }

  /// The elements, sorted by atomic number: the order of scaling files.
  public var elements: [Species]
  /// The scaling of all descriptors.
  public var scaling: DescriptorScaling
  /// The units of the network, where they are not those of the data.
  public var normalization: N2P2Normalization?
  /// Settings that do not concern the model, in the order of the file.
  public var otherSettings: [OtherSetting]
  /// Sentences on what the file does not say and was taken for granted.
  public internal(set) var remarks: [String] = []

  /// Makes settings; the elements are sorted.
  public init(
    elements: [Species], scaling: DescriptorScaling, normalization: N2P2Normalization? = nil,
    otherSettings: [OtherSetting] = []
  ) {
    self.elements = elements.sorted { $0.atomicNumber < $1.atomicNumber }
    self.scaling = scaling
    self.normalization = normalization
    self.otherSettings = otherSettings
  }
}
