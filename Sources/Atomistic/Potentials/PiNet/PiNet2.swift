public import Graph
import Layers

/// PiNet2, a message-passing network whose atoms also have tensors that turn with the structure.
///
///     I_ij   = II(PI(P_i, P_j, e(r_ij)))              in 1 + |ranks| groups of channels I¹, I³, I⁵
///     a_i    = PP(Σ_j I_ij)                           II and PP without biases
///     Y_i    = Σ_j (T_j + t_ij) Iˣ_ij W               for each rank x, with the direction's tensor t
///     m_i    = mix([a_i, Y³_i · Y³_i, Y⁵_i · Y⁵_i])   in groups m¹, m³, m⁵
///     P_i    = Res(P_i) + m¹_i        T_i = T_i + Y_i mˣ_i
///     E_i    = Σ_t Out_t(m¹_i) + reference energy     Out linear
///
/// Source: Li, Knijff, Zhang, Bergman, Rogal and Shao, PiNet2 of PiNN 2.0. PiNN holds weights that no
/// energy depends on, those of the first block's residuals of tensors, which multiply zeros, and the
/// columns of the last block's mix that only make tensors: 288 with the standard choices. They are
/// left out here.
public struct PiNet2: TrainablePotential, Equatable {
  /// The name in configurations and model files.
  public static let kind = "pinet2"

  /// PiNN's choices.
  public static let defaultSettings = Settings()

  private let core: PiNetCore
  /// The choices.
  public let settings: Settings

  /// Refuses choices that make no network.
  public static func check(_ settings: Settings) throws { try settings.check() }

  /// Makes a network of the settings' elements, or of those in the training structures.
  ///
  /// - Throws: A `SettingsError` for choices that make no network.
  public init(_ settings: Settings, _ data: TrainingStructures) throws {
    try settings.check()
    self.settings = settings
    core = try PiNetCore(settings.common, data)
    let count = unusedWeights.reduce(0) { $0 + $1.count }
    if count > 0 {
      let places = unusedWeights.map { "\($0.count) of \($0.place)" }.joined(separator: ", ")
      data.note("PiNN holds \(count) more weights that no energy depends on: \(places)")
    }
  }

  /// Makes a network of given elements.
  ///
  /// - Throws: A `SettingsError` for choices that make no network.
  public init(
    _ settings: Settings = Settings(), elements: [Element],
    reference: ReferenceEnergies = ReferenceEnergies([:])
  ) throws {
    try settings.check()
    self.settings = settings
    core = try PiNetCore(settings.common, elements: elements, reference: reference)
  }

  /// The elements, sorted.
  public var elements: [Element] { core.elements }
  /// The distance in angstrom from which on atoms do not interact.
  public var cutoff: Double { settings.common.cutoff }
  /// The reference energy of an element in eV.
  public func energyOffset(of element: Element) -> Double { core.reference.energies[element] ?? 0 }

  /// The weights of PiNN's network that no energy depends on, and where they are.
  public var unusedWeights: [(place: String, count: Int)] {
    let ranks = settings.tensors
    guard !ranks.isEmpty else { return [] }
    let width = settings.width
    let columns = ranks.count * width
    let inputs = settings.common.pp.dropLast().last ?? settings.mixedWidth
    // A residual of one input to one channel is the identity and has no weights.
    let residuals =
      width == 1 ? [] : ranks.map { (place: "block1.\($0.name).residual", count: width) }
    let ends = settings.weighted ? ranks.map { (place: "block1.\($0.name).pi", count: 2) } : []
    return residuals + ends + [
      (place: "block\(settings.common.depth).mix", count: columns * (inputs + 1))
    ]
  }

  /// The energy of each atom in eV without its offset, [atoms].
  public func atomicEnergies(_ inputs: AtomisticInputs) -> Symbol {
    let energies = blockEnergies(inputs)
    return energies.dropFirst().reduce(energies[0], +)
  }

  /// The ranges of distances between atoms of each two elements in the training structures.
  public func trainingRanges(_ inputs: AtomisticInputs) -> [TrainingRange] {
    core.trainingRanges(inputs)
  }

  /// The part of each block in the energy of each atom in eV, [atoms] each.
  public func blockEnergies(_ inputs: AtomisticInputs) -> [Symbol] {
    let distances = inputs.displacements.norm(along: 1)
    let radial = core.radial(distances)
    let unit = inputs.displacements / distances.broadcast(to: inputs.displacements.shape, axes: [0])
    let ranks = settings.tensors
    let directions = ranks.map { $0.direction(unit) }
    var properties = core.oneHot(inputs)
    var width = elements.count
    var tensors: [Symbol?] = ranks.map { _ in nil }
    return (1...settings.common.depth).map { number in
      let block = Block(
        number, settings, inputs: width, tensorWidth: number == 1 ? 0 : settings.width,
        basis: core.basisCount)
      let (new, newTensors) = block(properties, tensors, radial, directions, inputs)
      if number < settings.common.depth {
        let update = ResidualUpdate("block\(number).residual", from: width, to: settings.width)
        properties = update(properties, new).named("properties\(number)")
        tensors = zip(tensors, newTensors).map { old, new in old.map { $0 + new } ?? new }
      }
      width = settings.width
      return core.output("block\(number)", of: new, width: settings.width)
    }
  }
}

extension PiNet2: Codable {
  private enum CodingKeys: String, CodingKey { case settings }

  /// Decodes a network without its weights.
  ///
  /// - Throws: `DecodingError`, for choices that make no network, too.
  public init(from decoder: any Decoder) throws {
    core = try PiNetCore(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    settings = try container.decode(Settings.self, forKey: .settings)
    do { try settings.check() } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .settings, in: container, debugDescription: "\(error)")
    }
  }

  /// Encodes everything but the weights.
  public func encode(to encoder: any Encoder) throws {
    try core.encode(settings, to: encoder)
  }
}
