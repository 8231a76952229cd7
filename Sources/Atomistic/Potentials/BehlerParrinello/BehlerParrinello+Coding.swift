import Layers

/// A model as JSON, as its file keeps it; the content is checked, since files come from anywhere.
extension BehlerParrinello: Codable {
  private enum CodingKeys: String, CodingKey {
    case networks, scaling, lengthUnit, energyFactor, fileUnits
  }

  /// Decodes a model; a sentence says which key holds something else than expected.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func require(_ isMet: Bool, _ key: CodingKeys, _ sentence: String) throws {
      guard !isMet else { return }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: sentence)
    }
    let networks = try container.decode([Network].self, forKey: .networks)
    let scaling = try container.decode(DescriptorScaling.self, forKey: .scaling)
    let energyFactor = try container.decode(Double.self, forKey: .energyFactor)
    let elements = networks.map(\.element)
    try require(
      !elements.isEmpty && elements == Set(elements).sorted(), .networks,
      "networks of different elements sorted by number are needed, not \(elements)")
    try require(energyFactor > 0, .energyFactor, "a number above 0 is needed, not \(energyFactor)")
    for network in networks {
      let place = "the network of \(network.element)"
      try require(
        scaling == .none || network.ranges.count == network.symmetryFunctions.count, .networks,
        "\(place) needs the range of each symmetry function, which its scaling uses")
      if case .sigma = scaling {
        try require(
          network.ranges.allSatisfy { $0.sigma != nil }, .networks,
          "\(place) needs standard deviations, which its scaling uses")
      }
    }
    self.init(
      networks: networks, scaling: scaling,
      lengthUnit: try container.decode(LengthUnit.self, forKey: .lengthUnit),
      energyFactor: energyFactor,
      fileUnits: try container.decodeIfPresent(UnitSystem.self, forKey: .fileUnits))
  }

  /// Encodes everything but the weights and how they were first drawn.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(networks, forKey: .networks)
    try container.encode(scaling, forKey: .scaling)
    try container.encode(lengthUnit, forKey: .lengthUnit)
    try container.encode(energyFactor, forKey: .energyFactor)
    try container.encode(fileUnits, forKey: .fileUnits)
  }
}

extension BehlerParrinello.Network: Codable {
  private enum CodingKeys: String, CodingKey {
    case element, symmetryFunctions, ranges, hiddenNodes, hiddenActivations, energyOffset
  }

  /// The largest number of nodes of a layer.
  static let largestLayer = 100_000

  /// Decodes the part of one element.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func require(_ isMet: Bool, _ key: CodingKeys, _ sentence: String) throws {
      guard !isMet else { return }
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: sentence)
    }
    let functions = try container.decode([SymmetryFunction].self, forKey: .symmetryFunctions)
    let ranges = try container.decode([DescriptorRange].self, forKey: .ranges)
    let nodes = try container.decode([Int].self, forKey: .hiddenNodes)
    let activations = try container.decode([Activation].self, forKey: .hiddenActivations)
    let offset = try container.decode(Double.self, forKey: .energyOffset)
    try require(
      !functions.isEmpty && functions == functions.sorted(), .symmetryFunctions,
      "symmetry functions in n2p2's order are needed")
    try require(
      nodes.count == activations.count
        && nodes.allSatisfy { (1...Self.largestLayer).contains($0) },
      .hiddenNodes,
      "an activation for each hidden layer of at least one node is needed, not layers of \(nodes) "
        + "nodes and \(activations.count) activations")
    try require(
      ranges.isEmpty || ranges.count == functions.count, .ranges,
      "\(functions.count) functions need as many ranges, not \(ranges.count)")
    for (number, range) in ranges.enumerated() {
      try require(
        range.minimum <= range.maximum && range.mean.isFinite && !(range.sigma ?? 0 < 0), .ranges,
        "range \(number) needs a minimum not above the maximum and no negative deviation, not "
          + "\(range)")
    }
    self.init(
      element: try container.decode(Element.self, forKey: .element), symmetryFunctions: functions,
      ranges: ranges, hiddenNodes: nodes, hiddenActivations: activations, energyOffset: offset)
  }

  /// Encodes everything but the weights.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(element, forKey: .element)
    try container.encode(symmetryFunctions, forKey: .symmetryFunctions)
    try container.encode(ranges, forKey: .ranges)
    try container.encode(hiddenNodes, forKey: .hiddenNodes)
    try container.encode(hiddenActivations, forKey: .hiddenActivations)
    try container.encode(energyOffset, forKey: .energyOffset)
  }
}
