import Layers

/// The lines of an `input.nn` by keyword.
struct N2P2KeywordLines {
  let file: String
  private(set) var others: [N2P2Settings.OtherSetting] = []
  private var lines: [N2P2Keyword: [N2P2Line]] = [:]

  init(
    _ text: String, file: String, for purpose: N2P2Keyword.Purpose = .potential
  ) throws(FormatError) {
    self.file = file
    for line in N2P2Line.lines(of: text, file: file) {
      guard let keyword = try N2P2Keyword(of: line, for: purpose) else {
        others.append(
          N2P2Settings.OtherSetting(
            key: String(line.words[0]), values: line.words.dropFirst().map(String.init),
            line: line.number))
        continue
      }
      if let first = lines[keyword]?.first, !keyword.repeats {
        throw line.error(
          expected: "\"\(keyword.rawValue)\" once",
          found: "it again after line \(first.number)", advice: "remove one of the lines")
      }
      lines[keyword, default: []].append(line)
    }
  }

  /// All the lines of a keyword.
  func all(_ keyword: N2P2Keyword) -> [N2P2Line] { lines[keyword] ?? [] }

  /// The only line of a keyword, if there is one.
  func optional(_ keyword: N2P2Keyword) -> N2P2Line? { lines[keyword]?.first }

  /// The only line of a keyword that must be there.
  func required(_ keyword: N2P2Keyword) throws(FormatError) -> N2P2Line {
    guard let line = optional(keyword) else { throw missing(keyword.rawValue) }
    return line
  }

  /// Sentences on what the file does not say and is taken for granted.
  var remarks: [String] {
    guard optional(.cutoffType) == nil else { return [] }
    return ["\(file) has no cutoff_type: taken as 1, a cosine, which is RuNNer's default"]
  }

  /// The error for a file without some keyword.
  func missing(_ keyword: String) -> FormatError {
    FormatError(file: file, line: nil, expected: "a line \"\(keyword) …\"", found: "none")
  }

  /// The error for an element without symmetry functions.
  func missing(_ atomicNumber: Int) -> FormatError {
    missing("\(N2P2Keyword.symmetryFunction.rawValue) \(N2P2Line.symbol(atomicNumber))")
  }

  /// The atomic numbers of the elements, sorted.
  func species() throws(FormatError) -> [Int] {
    let line = try required(.elements)
    var species: [Int] = []
    for position in 1..<max(1, line.words.count) {
      let element = try line.element(position)
      guard !species.contains(element) else {
        throw line.error(expected: "every element once")
      }
      species.append(element)
    }
    let countLine = try required(.numberOfElements)
    try countLine.require(arguments: 1...1, "one number")
    let count = try countLine.integer(1, "the number of elements", in: 1...118)
    guard count == species.count else {
      throw line.error(
        expected: "\(count) elements, as line \(countLine.number) says",
        found: "\(species.count)")
    }
    return species.sorted()
  }

  /// The energies of isolated atoms.
  func atomEnergies(_ species: [Int]) throws(FormatError) -> [Int: Double] {
    var energies: [Int: Double] = [:]
    for line in all(.atomEnergy) {
      try line.require(arguments: 2...2, "an element and an energy")
      let element = try line.element(1, among: species)
      guard energies[element] == nil else {
        throw line.error(expected: "one energy for each element")
      }
      energies[element] = try line.real(2, "the energy of an atom")
    }
    return energies
  }

  /// The scaling of descriptors; bounds that are not given are 0 and 1, as in n2p2.
  func scaling() throws(FormatError) -> DescriptorScaling {
    let center = optional(.center)
    guard optional(.scale) != nil || optional(.scaleBySigma) != nil else {
      return center == nil ? .none : .center
    }
    var bounds = (lower: 0.0, upper: 1.0)
    if let line = optional(.scaleMinimum) {
      bounds.lower = try line.real(1, "the lower bound of scaled descriptors")
    }
    if let line = optional(.scaleMaximum) {
      bounds.upper = try line.real(1, "the upper bound of scaled descriptors")
    }
    guard bounds.lower < bounds.upper else {
      throw FormatError(
        file: file, line: (optional(.scaleMaximum) ?? optional(.scaleMinimum))?.number,
        expected: "scale_min_short below scale_max_short",
        found: "\(bounds.lower) and \(bounds.upper)")
    }
    let range = bounds.lower...bounds.upper
    guard let sigma = optional(.scaleBySigma) else {
      return center == nil ? .range(range) : .centeredRange(range)
    }
    guard center == nil, optional(.scale) == nil else {
      throw sigma.error(
        expected: "scale_symmetry_functions_sigma alone", found: "another scaling beside it",
        advice: "n2p2 ignores this line then: remove it to get what n2p2 computes")
    }
    return .sigma(range)
  }

  /// The units of the network: all three keywords or none.
  func normalization() throws(FormatError) -> N2P2Normalization? {
    let keywords: [N2P2Keyword] = [.meanEnergy, .energyFactor, .lengthFactor]
    guard let first = keywords.lazy.compactMap(optional).first else { return nil }
    var values: [Double] = []
    for keyword in keywords {
      guard let line = optional(keyword) else {
        throw first.error(
          expected: "mean_energy, conv_energy and conv_length together",
          found: "no \(keyword.rawValue)")
      }
      try line.require(arguments: 1...1, "one number")
      values.append(try line.real(1, keyword.rawValue))
      guard keyword == .meanEnergy || values.last! > 0 else {
        throw line.error(expected: "a positive \(keyword.rawValue)")
      }
    }
    return N2P2Normalization(
      meanEnergy: values[0], energyFactor: values[1], lengthFactor: values[2])
  }
}

extension N2P2Line {
  /// The element at a position, which must be one of the model's.
  func element(_ position: Int, among species: [Int]) throws(FormatError) -> Int {
    let element = try element(position)
    guard species.contains(element) else {
      let known = species.map(N2P2Line.symbol).joined(separator: ", ")
      throw error(expected: "one of the elements \(known)", found: "\(words[position])")
    }
    return element
  }
}
