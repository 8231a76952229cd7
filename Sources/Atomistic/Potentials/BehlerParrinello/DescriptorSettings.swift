import Foundation
import Layers

/// The source of symmetry functions: a preset's name, n2p2's `input.nn`, or a list of them.
public enum DescriptorSettings: Codable, Equatable, Sendable {
  /// The name of a set that AtomFlow has.
  case preset(Preset)
  /// The file `input.nn` of a n2p2 or RuNNer potential, in bohr.
  case inputNN(String)
  /// Functions written out in the configuration.
  case list(DescriptorList)

  /// The sets that AtomFlow has.
  public enum Preset: String, Codable, CaseIterable, Sendable {
    /// The functions of `DescriptorChoice.water`.
    case water
  }

  private enum CodingKeys: String, CodingKey { case inputNN }

  /// Decodes a name, `{ inputNN: FILE }` or a list.
  public init(from decoder: any Decoder) throws {
    if let word = decoder.word() {
      guard let preset = Preset(rawValue: word) else {
        throw decoder.unknown(
          word, known: Preset.allCases.map(\.rawValue),
          or: "an object with inputNN or with lengthUnit, cutoff and functions")
      }
      self = .preset(preset)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let file = try container.decodeIfPresent(String.self, forKey: .inputNN) {
      self = .inputNN(file)
    } else {
      self = .list(try DescriptorList(from: decoder))
    }
  }

  /// Encodes what the decoder reads.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .preset(let preset): try preset.encode(to: encoder)
    case .inputNN(let file):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(file, forKey: .inputNN)
    case .list(let list): try list.encode(to: encoder)
    }
  }

  /// The symmetry functions of each element; `note` receives sentences on what `input.nn` leaves out.
  ///
  /// Throws if the file `input.nn` cannot be read.
  public func choice(note: (String) -> Void = { _ in }) throws -> DescriptorChoice {
    switch self {
    case .preset(.water): return .water
    case .inputNN(let file):
      guard FileManager.default.fileExists(atPath: file) else {
        throw FormatError(
          file: file, key: "descriptors.inputNN", expected: "an input.nn of n2p2",
          found: "no such file")
      }
      let functions = try N2P2Settings.symmetryFunctions(
        parsing: try FileBytes.text(file), file: file, note: note)
      return DescriptorChoice(functions: functions, lengthUnit: .bohr)
    case .list(let list): return list.choice
    }
  }
}

/// Symmetry functions written out, with one cutoff for all.
public struct DescriptorList: Codable, Equatable, Sendable {
  /// The unit of all lengths in the list.
  public var lengthUnit = LengthUnit.angstrom
  /// The window of all functions.
  public var cutoff: CutoffSettings
  /// The functions of each element, by its symbol.
  public var functions: [String: [SymmetryFunctionSettings]]

  /// Decodes a list; a fault names its key.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    lengthUnit = try container.decode(.lengthUnit, default: lengthUnit)
    cutoff = try container.decode(CutoffSettings.self, forKey: .cutoff)
    functions = try container.decode(
      [String: [SymmetryFunctionSettings]].self, forKey: .functions)
    try container.require(
      !functions.isEmpty, .functions, "there should be functions of at least one element.")
    for (symbol, list) in functions {
      try container.require(
        Element(symbol: symbol) != nil, .functions, "there is no element '\(symbol)'.")
      try container.require(
        !list.isEmpty, .functions, "there should be at least one function of \(symbol).")
    }
  }

  /// The list as atomic numbers and symmetry functions.
  public var choice: DescriptorChoice {
    var result: [Int: [SymmetryFunction]] = [:]
    for (symbol, list) in functions {
      guard let element = Element(symbol: symbol) else { continue }
      result[element.number] = list.map { $0.function(cutoff.value) }
    }
    return DescriptorChoice(functions: result, lengthUnit: lengthUnit)
  }
}
