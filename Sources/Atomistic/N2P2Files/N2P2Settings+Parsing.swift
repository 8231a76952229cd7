import Layers

extension N2P2Settings {
  /// Reads the text of an `input.nn`.
  ///
  /// Comments start with `#` or `!`. Lines about the training are kept in `otherSettings`.
  ///
  /// - Parameters:
  ///   - text: The contents of the file.
  ///   - file: The name of the file, for errors.
  ///   - weightCount: The numbers in the file of an element's weights, by its atomic number, or nil;
  ///     they decide where `element_nodes_short` has two meanings.
  /// - Throws: A `FormatError` for a line that cannot be understood, a keyword that is missing or
  ///   repeated, and everything that changes the model in a way that is not supported: charges,
  ///   long-range terms, normalised nodes, unknown types of symmetry functions. Settings of such
  ///   terms without the keyword that switches them on are kept in `otherSettings`.
  public init(
    parsing text: String, file: String = "input.nn",
    weightCount: (Int) throws(FormatError) -> Int? = { _ throws(FormatError) in nil }
  ) throws(FormatError) {
    let lines = try N2P2KeywordLines(text, file: file)
    let species = try lines.species()
    let functions = try SymmetryFunctionReader(lines, species: species).functions()
    let networks = try NetworkReader(
      lines, species: species, inputs: functions.mapValues(\.count), weightCount: weightCount)
    let energies = try lines.atomEnergies(species)
    var elements: [Species] = []
    for atomicNumber in species {
      guard let own = functions[atomicNumber] else {
        throw lines.missing(atomicNumber)
      }
      elements.append(
        Species(
          atomicNumber: atomicNumber, atomEnergy: energies[atomicNumber] ?? 0,
          symmetryFunctions: own, hiddenNodes: networks.nodes[atomicNumber]!,
          hiddenActivations: networks.activations[atomicNumber]!))
    }
    self.init(
      elements: elements, scaling: try lines.scaling(), normalization: try lines.normalization(),
      otherSettings: lines.others)
    remarks = lines.remarks
  }

  /// Reads the symmetry functions of each element, by its atomic number, from the text of an `input.nn`;
  /// `note` receives sentences on what was taken for granted.
  ///
  /// - Throws: A `FormatError` for a line on elements, cutoff type or symmetry functions that cannot be
  ///   understood; settings of networks do not matter.
  static func symmetryFunctions(
    parsing text: String, file: String, note: (String) -> Void = { _ in }
  ) throws(FormatError) -> [Int: [SymmetryFunction]] {
    let lines = try N2P2KeywordLines(text, file: file, for: .symmetryFunctions)
    let species = try lines.species()
    let functions = try SymmetryFunctionReader(lines, species: species).functions()
    for atomicNumber in species where functions[atomicNumber] == nil {
      throw lines.missing(atomicNumber)
    }
    lines.remarks.forEach(note)
    return functions.mapValues { $0.sorted() }
  }
}
