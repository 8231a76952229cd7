extension PiNetCore: Codable {
  private enum CodingKeys: String, CodingKey { case settings, elements, reference, shortest }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    do {
      try self.init(
        try container.decode(PiNetSettings.self, forKey: .settings),
        elements: try container.decode([Element].self, forKey: .elements),
        reference: try container.decode(ReferenceEnergies.self, forKey: .reference),
        shortest: try container.decodeIfPresent(ShortestDistances.self, forKey: .shortest))
    } catch let error as SettingsError {
      throw DecodingError.dataCorruptedError(
        forKey: .settings, in: container, debugDescription: error.description)
    }
    try container.require(
      !elements.isEmpty && Set(elements).count == elements.count, .elements,
      "different elements are needed, not \(elements)")
  }

  func encode(to encoder: any Encoder) throws { try encode(settings, to: encoder) }

  /// Encodes everything with the settings of a model that has more.
  func encode(_ settings: some Encodable, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(settings, forKey: .settings)
    try container.encode(elements, forKey: .elements)
    try container.encode(reference, forKey: .reference)
    try container.encodeIfPresent(shortest, forKey: .shortest)
  }
}
