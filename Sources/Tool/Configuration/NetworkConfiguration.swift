import Graph
import Layers

/// A Behler-Parrinello model: descriptors, their scaling, and a perceptron for each element.
struct NetworkConfiguration: Codable, Equatable {
  /// The sizes of the hidden layers; none means a linear model.
  var hidden = [25, 25]
  /// The function of the hidden layers; the last layer is linear.
  var activation = Activation.tanh
  /// How weights start.
  var initialization = Initialization.xavier
  /// The symmetry functions.
  var descriptors = DescriptorConfiguration.preset(.water)
  /// How descriptors are brought into a range.
  var scaling = ScalingConfiguration(.standard)

  /// The ways to draw initial weights.
  enum Initialization: String, Codable, CaseIterable {
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

  init() {}

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    hidden = try container.decode(.hidden, default: hidden)
    activation = try container.decode(.activation, default: activation)
    initialization = try container.decode(.initialization, default: initialization)
    descriptors = try container.decode(.descriptors, default: descriptors)
    scaling = try container.decode(.scaling, default: scaling)
    for size in hidden { try container.requirePositive(size, .hidden) }
  }
}

/// How descriptors are scaled: a word such as `"none"`, or `{ range: [-1, 1] }`.
struct ScalingConfiguration: Codable, Equatable {
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
