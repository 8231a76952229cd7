import Layers

extension N2P2Settings {
  /// Reads the text of an `input.nn`.
  ///
  /// Comments start with `#` or `!`. Lines about the training are kept in `otherSettings`.
  ///
  /// - Parameters:
  ///   - text: The contents of the file.
  ///   - file: The name of the file, for errors.
  /// - Throws: A `FormatError` for a line that cannot be understood, a keyword that is missing or
  ///   repeated, and everything that changes the model in a way that is not supported: charges,
  ///   long-range terms, normalised nodes, symmetry functions other than types 2, 3 and 9.
  public init(parsing text: String, file: String = "input.nn") throws(FormatError) {
    let lines = try N2P2KeywordLines(text, file: file)
    let species = try lines.species()
    let functions = try SymmetryFunctionReader(lines, species: species).functions()
    let networks = try NetworkReader(lines, species: species)
    let energies = try lines.atomEnergies(species)
    var elements: [Species] = []
    for atomicNumber in species {
      guard let own = functions[atomicNumber] else {
        throw lines.missing(
          "\(N2P2Keyword.symmetryFunction.rawValue) "
            + N2P2Line.symbol(atomicNumber))
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
  }
}
