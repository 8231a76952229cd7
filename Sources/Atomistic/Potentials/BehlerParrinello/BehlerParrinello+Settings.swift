import Graph
public import Layers
import Tensors

extension BehlerParrinello {
  /// The choices of a configuration: descriptors, their scaling, and a perceptron for each element.
  public struct Settings: Codable, Equatable, Sendable {
    /// The sizes of the hidden layers; none means a linear model.
    public var hidden = [25, 25]
    /// The function of the hidden layers; the last layer is linear.
    public var activation = Activation.tanh
    /// The distribution of the first weights.
    public var initialization = Initialization.xavier
    /// The symmetry functions.
    public var descriptors = DescriptorSettings.preset(.water)
    /// The scaling of descriptors.
    public var scaling: DescriptorScaling {
      get { scalingSettings.value }
      set { scalingSettings = ScalingSettings(newValue) }
    }

    private var scalingSettings = ScalingSettings(.standard)

    /// The ways to draw initial weights.
    public enum Initialization: String, Codable, CaseIterable, Sendable {
      /// Glorot and Bengio 2010: uniform in ±√(6 / (inputs + outputs)), biases zero.
      case xavier
      /// Nguyen and Widrow 1990: active regions spread evenly over the inputs' range.
      case nguyenWidrow

      var initializer: Initializer {
        switch self {
        case .xavier: .xavierUniform
        case .nguyenWidrow: .nguyenWidrow
        }
      }
    }

    private enum CodingKeys: String, CodingKey {
      case hidden, activation, initialization, descriptors
      case scalingSettings = "scaling"
    }

    /// Makes the standard choice: two layers of 25 nodes on the descriptors of water.
    public init() {}

    /// Decodes the choices; a key that is left out has its default.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      hidden = try container.decode(.hidden, default: hidden)
      activation = try container.decode(.activation, default: activation)
      initialization = try container.decode(.initialization, default: initialization)
      descriptors = try container.decode(.descriptors, default: descriptors)
      scalingSettings = try container.decode(.scalingSettings, default: scalingSettings)
      for size in hidden {
        try container.requirePositive(size, .hidden)
        try container.require(
          size <= Network.largestLayer, .hidden,
          "a layer has at most \(Network.largestLayer) nodes, but here is one of \(size).")
      }
    }
  }

  /// Two layers of 25 nodes on the descriptors of water.
  public static var defaultSettings: Settings { Settings() }

  /// Makes the networks of the settings' elements, scaled by the ranges of their descriptors over the
  /// training structures.
  ///
  /// - Throws: A `SettingsError` where no structure holds an element of the descriptors, a
  ///   `PotentialError` where a structure has none of them, and the errors of `input.nn`.
  public init(_ settings: Settings, _ data: TrainingStructures) throws {
    let choice = try settings.descriptors.choice(note: data.note)
    let elements = choice.functions.keys.sorted().compactMap { Element(number: $0) }
    let bare = BehlerParrinello(
      networks: elements.map { element in
        Network(
          element: element, symmetryFunctions: choice.functions[element.number] ?? [],
          hiddenNodes: settings.hidden,
          hiddenActivations: settings.hidden.map { _ in settings.activation },
          energyOffset: data.reference.energies[element] ?? 0)
      }, scaling: .none, lengthUnit: choice.lengthUnit,
      initializer: settings.initialization.initializer)
    let ranges = try bare.descriptorRanges(over: data)
    var networks = bare.networks
    for (number, ranges) in ranges.enumerated() {
      let element = networks[number].element
      guard let ranges else {
        throw SettingsError(
          "no training structure holds \(element), so its descriptors cannot be scaled; leave its "
            + "functions out or add data")
      }
      let constant = settings.scaling.constantColumns(in: ranges)
      if !constant.isEmpty {
        data.note(
          "\(constant.count) symmetry function(s) of \(element) are the same for all its atoms in "
            + "the training set, so the network learns nothing from them: numbers "
            + "\(constant.map { $0 + 1 })")
      }
      networks[number].ranges = ranges
    }
    self = bare
    self.networks = networks
    scaling = settings.scaling
  }
}

/// Why settings make no model of the training structures.
public struct SettingsError: Error, CustomStringConvertible {
  /// A sentence that says what to do.
  public let description: String

  /// Makes an error of a sentence.
  public init(_ description: String) { self.description = description }
}

/// The scaling of descriptors: a word such as `"none"`, or `{ range: [-1, 1] }`.
struct ScalingSettings: Codable, Equatable, Sendable {
  /// The scaling.
  var value: DescriptorScaling

  init(_ value: DescriptorScaling) { self.value = value }

  private enum CodingKeys: String, CodingKey, CaseIterable { case range, centeredRange, sigma }

  init(from decoder: any Decoder) throws {
    switch decoder.word() {
    case "none": value = .none
    case "center": value = .center
    case let word?:
      throw decoder.unknown(
        word, known: ["none", "center"],
        or: "an object with range, centeredRange or sigma, such as { range: [-1, 1] }")
    case nil:
      let key = try decoder.choice(of: CodingKeys.self)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      let bounds = try container.decode([Double].self, forKey: key)
      try container.require(
        bounds.count == 2 && bounds[0] < bounds[1], key,
        "it should be two numbers, the lower one first, but is \(bounds).")
      value =
        switch key {
        case .range: .range(bounds[0]...bounds[1])
        case .centeredRange: .centeredRange(bounds[0]...bounds[1])
        case .sigma: .sigma(bounds[0]...bounds[1])
        }
    }
  }

  func encode(to encoder: any Encoder) throws {
    func encode(_ bounds: ClosedRange<Double>, _ key: CodingKeys) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode([bounds.lowerBound, bounds.upperBound], forKey: key)
    }
    func encode(_ word: String) throws {
      var container = encoder.singleValueContainer()
      try container.encode(word)
    }
    switch value {
    case .none: try encode("none")
    case .center: try encode("center")
    case .range(let bounds): try encode(bounds, .range)
    case .centeredRange(let bounds): try encode(bounds, .centeredRange)
    case .sigma(let bounds): try encode(bounds, .sigma)
    }
  }
}
