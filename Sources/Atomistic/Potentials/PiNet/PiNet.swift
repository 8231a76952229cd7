public import Graph
import Layers

/// PiNet, a message-passing network of pairwise interactions.
///
///     P⁰_i    = one-hot of the element of i
///     Q_i     = PP(Pᵗ_i)                              (P⁰_i itself in the first block)
///     I_ij    = II(PI(Q_i, Q_j, e(r_ij)))             II without biases
///     S_i     = Σ_j I_ij
///     Pᵗ⁺¹_i  = Res(Pᵗ_i) + S_i
///     E_i     = Σ_t Out_t(S_i) + reference energy     Out linear
///
/// Source: Shao, Hellström, Mitev, Knijff and Zhang, J. Chem. Inf. Model. 60, 1184 (2020), as PiNN 2.0
/// computes it. The code of the paper, PiNN 0.3, has an activation in Out, reads P instead of S there
/// and adds S to Q: another network of the same name.
public struct PiNet: TrainablePotential, Equatable {
  /// The name in configurations and model files.
  public static let kind = "pinet"

  /// PiNN's choices.
  public static let defaultSettings = PiNetSettings()

  private let core: PiNetCore

  /// Refuses choices that make no network.
  public static func check(_ settings: PiNetSettings) throws { try settings.check() }

  /// Makes a network of the settings' elements, or of those in the training structures.
  ///
  /// - Throws: A `SettingsError` for choices that make no network.
  public init(_ settings: PiNetSettings, _ data: TrainingStructures) throws {
    core = try PiNetCore(settings, data)
  }

  /// Makes a network of given elements.
  ///
  /// - Throws: A `SettingsError` for choices that make no network.
  public init(
    _ settings: PiNetSettings = PiNetSettings(), elements: [Element],
    reference: ReferenceEnergies = ReferenceEnergies([:])
  ) throws {
    core = try PiNetCore(settings, elements: elements, reference: reference)
  }

  /// The choices.
  public var settings: PiNetSettings { core.settings }
  /// The elements, sorted.
  public var elements: [Element] { core.elements }
  /// The distance in angstrom from which on atoms do not interact.
  public var cutoff: Double { settings.cutoff }
  /// The reference energy of an element in eV.
  public func energyOffset(of element: Element) -> Double { core.reference.energies[element] ?? 0 }

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
    let radial = core.radial(inputs.displacements.norm(along: 1))
    var properties = core.oneHot(inputs)
    var width = elements.count
    return (1...settings.depth).map { number in
      let name = "block\(number)"
      var (ends, inner) = (properties, width)
      if number > 1 {
        ends = FeedForward(
          "\(name).pp", inputs: width, nodes: settings.pp, activation: settings.activation)(ends)
        inner = settings.pp.last ?? width
      }
      let interaction = PairInteraction(
        "\(name).pi", inputs: inner, nodes: settings.pi, basis: core.basisCount,
        activation: settings.activation)
      let messages = FeedForward(
        "\(name).ii", inputs: settings.pi[settings.pi.count - 1], nodes: settings.ii,
        activation: settings.activation, hasBias: false)(
          interaction(ends, radial, first: inputs.first, second: inputs.second))
      let new = messages.segmentSum(by: inputs.first, count: AtomisticInputs.atoms)
      let newWidth = settings.ii.last ?? settings.pi[settings.pi.count - 1]
      // What comes out of the last block's residual is needed nowhere.
      if number < settings.depth {
        properties = ResidualUpdate("\(name).residual", from: width, to: newWidth)(properties, new)
          .named("properties\(number)")
      }
      width = newWidth
      return core.output(name, of: new, width: newWidth)
    }
  }
}

extension PiNet: Codable {
  /// Decodes a network without its weights.
  ///
  /// - Throws: `DecodingError`, and a `SettingsError` for choices that make no network.
  public init(from decoder: any Decoder) throws { core = try PiNetCore(from: decoder) }

  /// Encodes everything but the weights.
  public func encode(to encoder: any Encoder) throws { try core.encode(to: encoder) }
}
