public import Layers

extension PiNet2 {
  /// The choices of PiNet, and those of the tensors.
  public struct Settings: Codable, Equatable, Sendable {
    /// The highest tensors: 1 for none, 3 for vectors, 5 for vectors and quadrupoles.
    public enum Rank: Int, Codable, CaseIterable, Sendable {
      /// Properties alone.
      case one = 1
      /// Vectors.
      case three = 3
      /// Vectors and quadrupoles.
      case five = 5
    }

    /// The choices that PiNet has, too.
    public var common = PiNetSettings()
    /// The highest tensors.
    public var rank = Rank.three
    /// Whether tensors of both ends and scalar products have weights of their own.
    public var weighted = false
    /// The five components of rank 5. PiNN's own, `unevenQuadrupole`, make energies change when a
    /// structure turns.
    public var quadrupole = DirectionTensor.quadrupole

    private enum CodingKeys: String, CodingKey { case rank, weighted, quadrupole }

    /// Makes the standard choice.
    public init() {}

    /// Decodes the choices.
    public init(from decoder: any Decoder) throws {
      common = try PiNetSettings(from: decoder)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      rank = try container.decode(Rank.self, forKey: .rank)
      weighted = try container.decode(Bool.self, forKey: .weighted)
      quadrupole = try container.decode(DirectionTensor.self, forKey: .quadrupole)
    }

    /// Encodes all choices side by side.
    public func encode(to encoder: any Encoder) throws {
      try common.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(rank, forKey: .rank)
      try container.encode(weighted, forKey: .weighted)
      try container.encode(quadrupole, forKey: .quadrupole)
    }

    /// The kinds of tensor, by the names that their layers have.
    var tensors: [(name: String, direction: DirectionTensor)] {
      switch rank {
      case .one: []
      case .three: [("p3", .vector)]
      case .five: [("p3", .vector), ("p5", quadrupole)]
      }
    }

    /// The channels of interactions, of properties and of tensors.
    var width: Int { common.ii.last ?? common.pi[common.pi.count - 1] }

    /// The inputs of mix: what PP gives, and a scalar product for each kind of tensor.
    var mixedWidth: Int {
      (common.pp.last ?? (1 + tensors.count) * width)
        + tensors.count * (common.pp.last ?? width)
    }

    /// Refuses what makes no network.
    func check() throws {
      try common.check()
      guard !tensors.isEmpty else { return }
      if common.pp.last != common.ii.last || common.pp.isEmpty {
        throw SettingsError(
          "pp, ii: tensors need the same number of nodes in the last layers of both, not "
            + "\(common.pp) and \(common.ii)")
      }
      if quadrupole.components != 5 {
        throw SettingsError("quadrupole: five components are needed, not those of a vector")
      }
    }
  }
}
