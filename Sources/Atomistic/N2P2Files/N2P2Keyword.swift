/// The keywords of `input.nn` that describe the model; all others concern its training.
enum N2P2Keyword: String, CaseIterable {
  case numberOfElements = "number_of_elements"
  case elements
  case atomEnergy = "atom_energy"
  case cutoffType = "cutoff_type"
  case symmetryFunction = "symfunction_short"
  case elementSymmetryFunction = "element_symfunction_short"
  case globalSymmetryFunction = "global_symfunction_short"
  case scale = "scale_symmetry_functions"
  case scaleBySigma = "scale_symmetry_functions_sigma"
  case center = "center_symmetry_functions"
  case scaleMinimum = "scale_min_short"
  case scaleMaximum = "scale_max_short"
  case hiddenLayers = "global_hidden_layers_short"
  case nodes = "global_nodes_short"
  case activation = "global_activation_short"
  case elementNodes = "element_nodes_short"
  case elementActivation = "element_activation_short"
  case meanEnergy = "mean_energy"
  case energyFactor = "conv_energy"
  case lengthFactor = "conv_length"

  /// Whether a file may hold the keyword on more than one line.
  var repeats: Bool {
    switch self {
    case .atomEnergy, .symmetryFunction, .elementSymmetryFunction, .globalSymmetryFunction,
      .elementNodes, .elementActivation:
      true
    case .numberOfElements, .elements, .cutoffType, .scale, .scaleBySigma, .center, .scaleMinimum,
      .scaleMaximum, .hiddenLayers, .nodes, .activation, .meanEnergy, .energyFactor, .lengthFactor:
      false
    }
  }

  /// What is read of a file.
  enum Purpose {
    /// Symmetry functions and networks.
    case potential
    /// Elements, cutoff type and symmetry functions; settings of networks and energies do not matter.
    case symmetryFunctions
  }

  /// Whether the keyword concerns what is read.
  func matters(for purpose: Purpose) -> Bool {
    switch self {
    case .numberOfElements, .elements, .cutoffType, .symmetryFunction, .elementSymmetryFunction,
      .globalSymmetryFunction:
      true
    case .atomEnergy, .scale, .scaleBySigma, .center, .scaleMinimum, .scaleMaximum, .hiddenLayers,
      .nodes, .activation, .elementNodes, .elementActivation, .meanEnergy, .energyFactor,
      .lengthFactor:
      purpose == .potential
    }
  }

  /// The keyword of a line, or `nil` where the line does not concern what is read.
  ///
  /// Throws an error for a line that asks for a model which is not supported, and for a word that
  /// is nearly a keyword, since n2p2 would silently pass over it.
  init?(of line: N2P2Line, for purpose: Purpose) throws(FormatError) {
    let word = String(line.words[0])
    if let keyword = N2P2Keyword(rawValue: word) {
      guard keyword.matters(for: purpose) else { return nil }
      self = keyword
      return
    }
    if let near = N2P2Keyword.allCases.first(where: { isMisspelling(word, of: $0.rawValue) }) {
      throw line.error(
        expected: "a known keyword", found: "\"\(word)\"",
        advice: "did you mean \"\(near.rawValue)\"? n2p2 would ignore the line")
    }
    if purpose == .potential { try N2P2Keyword.refuseOtherModels(line, word) }
    return nil
  }

  /// The keywords that choose a generation of potentials, with the values of the one supported.
  private static let generations: [String: Set<String>] = [
    "nnp_type": ["2G", "2G-HDNNP", "0", "2"], "nn_type": ["2G", "2G-HDNNP", "0", "2"],
    "nnp_gen": ["2"], "runner_gen": ["2"], "nnp_type_gen": ["2"], "nn_type_short": ["1"],
  ]

  private static func refuseOtherModels(_ line: N2P2Line, _ word: String) throws(FormatError) {
    if let values = generations[word] {
      guard line.words.count == 2, values.contains(String(line.words[1])) else {
        throw line.error(
          expected: "a second-generation potential",
          advice: "potentials with charges or long-range terms are not supported")
      }
      return
    }
    if word == "normalize_nodes" {
      throw line.error(
        expected: "networks whose nodes are not normalised",
        advice: "divide the weights and biases of each layer by the number of its inputs and "
          + "remove the keyword: the model is the same")
    }
    if word == "element_hidden_layers_short" {
      throw line.error(
        expected: "the same number of hidden layers for all elements",
        advice: "programs disagree about the nodes of the layers that remain")
    }
    let trainingPrefixes = ["kalman", "optmode", "write_", "gradient", "use_old_weights"]
    if trainingPrefixes.contains(where: { word.hasPrefix($0) }) { return }
    // Settings of these are heeded only where a keyword switches them on: networks of pairs by
    // nn_type_short, the others by use_....
    let optional = ["electrostatic", "_elec", "ewald", "vdw"]
    if word.contains("_pair") || optional.contains(where: word.contains), !word.hasPrefix("use_") {
      return
    }
    let parts = optional + ["charge", "cutoff", "magnetic", "spin"]
    if let part = parts.first(where: { word.contains($0) }) {
      throw line.error(
        expected: "a short-range atomic potential with one cutoff type",
        found: "the keyword \"\(word)\"",
        advice: "settings of \"\(part)\" change the model in a way that is not supported")
    }
  }
}

/// Whether a letter was left out, added or exchanged, or two of a long keyword.
private func isMisspelling(_ word: String, of keyword: String) -> Bool {
  let (word, keyword) = (Array(word.utf8), Array(keyword.utf8))
  guard abs(word.count - keyword.count) <= 2, keyword.count > 6 else { return false }
  var row = Array(0...keyword.count)
  for (i, letter) in word.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in keyword.indices {
      let replaced = diagonal + (letter == keyword[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[keyword.count] <= (keyword.count > 15 ? 2 : 1)
}
