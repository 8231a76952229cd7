import Layers

extension N2P2Settings {
  /// Writes the text of an `input.nn` that gives the same settings back, number for number.
  ///
  /// - Throws: A `FormatError` where the format has no words for the model: several shapes of the
  ///   cutoff, elements with different numbers of hidden layers, or an activation without a letter.
  public func text(file: String = "input.nn") throws(FormatError) -> String {
    let windows = Set(
      elements.flatMap { $0.symmetryFunctions.compactMap { $0.cutoff.map(Window.init) } })
    guard windows.count <= 1 else {
      throw FormatError(
        file: file, line: nil, expected: "one cutoff type for all symmetry functions",
        found: "\(windows.count)", advice: "the format cannot hold this model")
    }
    let depths = Set(elements.map(\.hiddenNodes.count))
    guard depths.count == 1, let typical = elements.first else {
      throw FormatError(
        file: file, line: nil, expected: "as many hidden layers for every element",
        found: "\(depths.sorted())", advice: "the format cannot hold this model")
    }
    var lines = [
      "number_of_elements \(elements.count)",
      "elements \(elements.map { symbol($0.atomicNumber) }.joined(separator: " "))",
    ]
    for element in elements where element.atomEnergy != 0 {
      lines.append("atom_energy \(symbol(element.atomicNumber)) \(element.atomEnergy)")
    }
    if let units = normalization {
      lines.append("mean_energy \(units.meanEnergy)")
      lines.append("conv_energy \(units.energyFactor)")
      lines.append("conv_length \(units.lengthFactor)")
    }
    // Functions with compact support have no cutoff, but every file names a type.
    let window = windows.first ?? Window(function: .cosine, innerFraction: 0)
    let alpha = window.innerFraction == 0 ? "" : " \(window.innerFraction)"
    lines.append("cutoff_type \(window.function.rawValue)\(alpha)")
    lines += scalingLines
    lines.append("global_hidden_layers_short \(typical.hiddenNodes.count)")
    if !typical.hiddenNodes.isEmpty {
      lines.append("global_nodes_short \(spaced(typical.hiddenNodes))")
    }
    lines.append("global_activation_short \(try letters(typical, file))")
    for element in elements where element.hiddenNodes != typical.hiddenNodes {
      lines.append(
        "element_nodes_short \(symbol(element.atomicNumber)) \(spaced(element.hiddenNodes))")
    }
    for element in elements where element.hiddenActivations != typical.hiddenActivations {
      let letters = try letters(element, file)
      lines.append("element_activation_short \(symbol(element.atomicNumber)) \(letters)")
    }
    for element in elements {
      for function in element.symmetryFunctions {
        lines.append("symfunction_short \(symbol(element.atomicNumber)) \(words(function))")
      }
    }
    for setting in otherSettings {
      lines.append(([setting.key] + setting.values).joined(separator: " "))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Window: Hashable {
    let function: CutoffFunction
    let innerFraction: Double

    init(function: CutoffFunction, innerFraction: Double) {
      self.function = function
      self.innerFraction = innerFraction
    }

    init(_ cutoff: Cutoff) {
      self.init(function: cutoff.function, innerFraction: cutoff.innerFraction)
    }
  }

  private var scalingLines: [String] {
    func bounds(_ range: ClosedRange<Double>) -> [String] {
      ["scale_min_short \(range.lowerBound)", "scale_max_short \(range.upperBound)"]
    }
    switch scaling {
    case .none: return []
    case .center: return ["center_symmetry_functions"]
    case .range(let range): return ["scale_symmetry_functions"] + bounds(range)
    case .centeredRange(let range):
      return ["scale_symmetry_functions", "center_symmetry_functions"] + bounds(range)
    case .sigma(let range): return ["scale_symmetry_functions_sigma"] + bounds(range)
    }
  }

  private func symbol(_ atomicNumber: Int) -> String { N2P2Line.symbol(atomicNumber) }

  private func spaced(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: " ")
  }

  private func letters(_ element: Species, _ file: String) throws(FormatError) -> String {
    let activations = element.hiddenActivations + [.identity]
    if let other = activations.first(where: { $0.letter == nil }) {
      let words = Activation.allCases.filter { $0.letter != nil }.map(\.rawValue)
      throw FormatError(
        file: file, expected: "an activation of n2p2: \(words.joined(separator: ", "))",
        found: other.rawValue, advice: "the format cannot hold this model")
    }
    return activations.compactMap(\.letter).map(String.init).joined(separator: " ")
  }

  private func words(_ function: SymmetryFunction) -> String {
    let type = function.typeNumber
    switch function {
    case .radial(let radial):
      return "\(type) \(symbol(radial.neighbor)) \(radial.eta) \(radial.shift) "
        + "\(radial.cutoff.radius)"
    case .narrowAngular(let angular), .wideAngular(let angular):
      let shift = angular.shift == 0 ? "" : " \(angular.shift)"
      return "\(type) \(symbol(angular.firstNeighbor)) \(symbol(angular.secondNeighbor)) "
        + "\(angular.eta) \(angular.lambda) \(angular.zeta) \(angular.cutoff.radius)\(shift)"
    case .weightedRadial(let radial):
      return "\(type) \(radial.eta) \(radial.shift) \(radial.cutoff.radius)"
    case .weightedAngular(let angular):
      return "\(type) \(angular.eta) \(angular.shift) \(angular.lambda) \(angular.zeta) "
        + "\(angular.cutoff.radius)"
    case .compactRadial(let radial):
      let neighbor = radial.neighbor.map { symbol($0) + " " } ?? ""
      return "\(type) \(neighbor)\(ends(radial.window)) \(shape(radial.window))"
    case .compactNarrowAngular(let angular), .compactWideAngular(let angular):
      let neighbors = angular.neighbors.map { "\(symbol($0.first)) \(symbol($0.second)) " } ?? ""
      return "\(type) \(neighbors)\(ends(angular.window)) \(angular.lowerAngle) "
        + "\(angular.upperAngle) \(shape(angular.window))"
    }
  }

  private func ends(_ window: CompactWindow) -> String { "\(window.lower) \(window.upper)" }

  private func shape(_ window: CompactWindow) -> String {
    let isAsymmetric = window.isAsymmetric
    return window.shape.rawValue + (isAsymmetric ? "a" : "")
  }
}
