import Layers

/// Reads the symmetry functions of an `input.nn`:
///
///     symfunction_short <centre> 2 <neighbour> <eta> <shift> <cutoff>
///     symfunction_short <centre> 3|9 <neighbour> <neighbour> <eta> <lambda> <zeta> <cutoff> [<shift>]
///     symfunction_short <centre> 12 <eta> <shift> <cutoff>
///     symfunction_short <centre> 13 <eta> <shift> <lambda> <zeta> <cutoff>
///     symfunction_short <centre> 20 <neighbour> <low> <cutoff> <shape>
///     symfunction_short <centre> 21|22 <neighbour> <neighbour> <low> <cutoff> <left> <right> <shape>
///     symfunction_short <centre> 23 <low> <cutoff> <shape>
///     symfunction_short <centre> 24|25 <low> <cutoff> <left> <right> <shape>
///
/// `element_symfunction_short` leaves out the neighbours and stands for all combinations of
/// elements, `global_symfunction_short` leaves out the centre too. Without a line `cutoff_type` the
/// window is a cosine, type 1, as in RuNNer.
struct SymmetryFunctionReader {
  private let lines: N2P2KeywordLines
  private let species: [Int]
  private let shape: CutoffFunction
  private let innerFraction: Double

  init(_ lines: N2P2KeywordLines, species: [Int]) throws(FormatError) {
    self.lines = lines
    self.species = species
    guard let line = lines.optional(.cutoffType) else {
      (shape, innerFraction) = (.cosine, 0)
      return
    }
    try line.require(arguments: 1...2, "a type from 0 to 8, and alpha where the type has one")
    shape = CutoffFunction(rawValue: try line.integer(1, "the cutoff type", in: 0...8))!
    innerFraction = line.words.count > 2 ? try line.real(2, "alpha") : 0
    guard innerFraction >= 0, innerFraction < 1 else {
      throw line.error(expected: "alpha from 0 to below 1", found: "\(innerFraction)")
    }
  }

  /// The functions by central element, in the order of the file.
  func functions() throws(FormatError) -> [Int: [SymmetryFunction]] {
    var functions: [Int: [SymmetryFunction]] = [:]
    for line in lines.all(.symmetryFunction) {
      let center = try line.element(1, among: species)
      functions[center, default: []].append(try single(line))
    }
    for line in lines.all(.elementSymmetryFunction) {
      let center = try line.element(1, among: species)
      functions[center, default: []] += try combinations(line, typeAt: 2)
    }
    for line in lines.all(.globalSymmetryFunction) {
      let all = try combinations(line, typeAt: 1)
      for center in species { functions[center, default: []] += all }
    }
    return functions
  }

  private func single(_ line: N2P2Line) throws(FormatError) -> SymmetryFunction {
    let kind = try kind(line, typeAt: 2)
    let count = kind.neighborCount
    let names = ["centre, type, ", "centre, type, neighbour, ", "centre, type, two neighbours, "]
    let counts = kind.parameterCounts
    try line.require(
      arguments: (2 + count + counts.lowerBound)...(2 + count + counts.upperBound),
      names[count] + kind.parameters)
    var neighbors: [Int] = []
    for position in 3..<3 + count {
      neighbors.append(try line.element(position, among: species))
    }
    return try function(line, kind, neighbors, at: 3 + count)
  }

  private func combinations(
    _ line: N2P2Line, typeAt type: Int
  ) throws(FormatError) -> [SymmetryFunction] {
    let kind = try kind(line, typeAt: type)
    let counts = kind.parameterCounts
    try line.require(
      arguments: (type + counts.lowerBound)...(type + counts.upperBound),
      "type, " + kind.parameters)
    var combinations: [[Int]] = [[]]
    switch kind.neighborCount {
    case 1: combinations = species.map { [$0] }
    case 2:
      combinations = species.indices.flatMap { first in
        species[first...].map { [species[first], $0] }
      }
    default: break
    }
    var functions: [SymmetryFunction] = []
    for neighbors in combinations {
      functions.append(try function(line, kind, neighbors, at: type + 1))
    }
    return functions
  }

  /// The types that are read, by their numbers.
  private enum Kind: Int {
    case radial = 2
    case narrowAngular = 3
    case wideAngular = 9
    case weightedRadial = 12
    case weightedAngular = 13
    case compactRadial = 20
    case compactNarrowAngular = 21
    case compactWideAngular = 22
    case weightedCompactRadial = 23
    case weightedCompactNarrowAngular = 24
    case weightedCompactWideAngular = 25

    /// The number of neighbours' elements in a line.
    var neighborCount: Int {
      switch self {
      case .radial, .compactRadial: 1
      case .narrowAngular, .wideAngular, .compactNarrowAngular, .compactWideAngular: 2
      case .weightedRadial, .weightedAngular, .weightedCompactRadial,
        .weightedCompactNarrowAngular, .weightedCompactWideAngular:
        0
      }
    }

    /// What follows type and neighbours, in words.
    var parameters: String {
      switch self {
      case .radial, .weightedRadial: "eta, shift and cutoff"
      case .narrowAngular, .wideAngular: "eta, lambda, zeta, cutoff and maybe shift"
      case .weightedAngular: "eta, shift, lambda, zeta and cutoff"
      case .compactRadial, .weightedCompactRadial: "low, cutoff and shape"
      case .compactNarrowAngular, .compactWideAngular, .weightedCompactNarrowAngular,
        .weightedCompactWideAngular:
        "low, cutoff, left, right and shape"
      }
    }

    /// The possible numbers of words.
    var parameterCounts: ClosedRange<Int> {
      switch self {
      case .radial, .weightedRadial, .compactRadial, .weightedCompactRadial: 3...3
      case .narrowAngular, .wideAngular: 4...5
      case .weightedAngular, .compactNarrowAngular, .compactWideAngular,
        .weightedCompactNarrowAngular, .weightedCompactWideAngular:
        5...5
      }
    }
  }

  private func kind(_ line: N2P2Line, typeAt position: Int) throws(FormatError) -> Kind {
    let type = try line.integer(position, "the type of the symmetry function", in: 1...99)
    guard let kind = Kind(rawValue: type) else {
      throw line.error(
        expected: "a symmetry function of type 2, 3, 9, 12, 13 or 20 to 25", found: "type \(type)")
    }
    return kind
  }

  /// The function whose parameters start at a position.
  private func function(
    _ line: N2P2Line, _ kind: Kind, _ neighbors: [Int], at position: Int
  ) throws(FormatError) -> SymmetryFunction {
    switch kind {
    case .radial:
      return .radial(
        RadialSymmetryFunction(
          neighbor: neighbors[0], eta: try eta(line, position),
          shift: try line.real(position + 1, "the shift"),
          cutoff: try cutoff(line, position + 2)))
    case .narrowAngular, .wideAngular:
      let hasShift = line.words.count > position + 4
      let function = AngularSymmetryFunction(
        neighbors: neighbors[0], neighbors[1], eta: try eta(line, position),
        lambda: try line.real(position + 1, "lambda"), zeta: try zeta(line, position + 2),
        shift: hasShift ? try line.real(position + 4, "the shift") : 0,
        cutoff: try cutoff(line, position + 3))
      return kind == .wideAngular ? .wideAngular(function) : .narrowAngular(function)
    case .weightedRadial:
      return .weightedRadial(
        WeightedRadialSymmetryFunction(
          eta: try eta(line, position), shift: try line.real(position + 1, "the shift"),
          cutoff: try cutoff(line, position + 2)))
    case .weightedAngular:
      return .weightedAngular(
        WeightedAngularSymmetryFunction(
          eta: try eta(line, position), lambda: try line.real(position + 2, "lambda"),
          zeta: try zeta(line, position + 3), shift: try line.real(position + 1, "the shift"),
          cutoff: try cutoff(line, position + 4)))
    case .compactRadial, .weightedCompactRadial:
      return .compactRadial(
        CompactRadialSymmetryFunction(
          neighbor: neighbors.first, window: try window(line, position, shapeAt: position + 2)))
    case .compactNarrowAngular, .weightedCompactNarrowAngular:
      return .compactNarrowAngular(try compactAngular(line, neighbors, at: position))
    case .compactWideAngular, .weightedCompactWideAngular:
      return .compactWideAngular(try compactAngular(line, neighbors, at: position))
    }
  }

  private func compactAngular(
    _ line: N2P2Line, _ neighbors: [Int], at position: Int
  ) throws(FormatError) -> CompactAngularSymmetryFunction {
    let left = try line.real(position + 2, "the left angle")
    let right = try line.real(position + 3, "the right angle")
    guard CompactAngularSymmetryFunction.isSmooth(left, right) else {
      throw line.error(
        expected: "angles that increase, within 0 and 180 degrees or with their middle at one of "
          + "these", found: "\(left) and \(right)")
    }
    return CompactAngularSymmetryFunction(
      neighbors: neighbors.isEmpty ? nil : .init(neighbors[0], neighbors[1]),
      window: try window(line, position, shapeAt: position + 4), angles: left, right)
  }

  /// The window of distances; its shape is `e`, `p1` to `p4`, or `p1a` to `p4a`.
  private func window(
    _ line: N2P2Line, _ position: Int, shapeAt shapePosition: Int
  ) throws(FormatError) -> CompactWindow {
    let lower = try line.real(position, "the lower end of the distances")
    let upper = try line.real(position + 1, "the cutoff")
    guard upper > 0 else { throw line.error(expected: "a positive cutoff", found: "\(upper)") }
    guard lower < upper else {
      throw line.error(expected: "a lower end below the cutoff", found: "\(lower) and \(upper)")
    }
    let name = String(line.words[shapePosition])
    let isAsymmetric = name.count == 3 && name.hasPrefix("p") && name.hasSuffix("a")
    guard let shape = CompactWindow.Shape(rawValue: isAsymmetric ? String(name.dropLast()) : name)
    else {
      throw line.error(
        expected: "one of the shapes e, p1, p2, p3, p4, p1a, p2a, p3a and p4a",
        found: "\"\(name)\"")
    }
    return CompactWindow(shape, isAsymmetric: isAsymmetric, from: lower, to: upper)
  }

  private func eta(_ line: N2P2Line, _ position: Int) throws(FormatError) -> Double {
    let eta = try line.real(position, "eta")
    guard eta >= 0 else { throw line.error(expected: "eta of 0 or more", found: "\(eta)") }
    return eta
  }

  private func zeta(_ line: N2P2Line, _ position: Int) throws(FormatError) -> Double {
    let zeta = try line.real(position, "zeta")
    guard zeta > 0 else { throw line.error(expected: "a positive zeta", found: "\(zeta)") }
    guard zeta <= AngularSymmetryFunction.largestZeta else {
      throw line.error(
        expected: "zeta of at most \(AngularSymmetryFunction.largestZeta)", found: "\(zeta)")
    }
    return zeta
  }

  private func cutoff(_ line: N2P2Line, _ position: Int) throws(FormatError) -> Cutoff {
    let radius = try line.real(position, "the cutoff")
    guard radius > 0 else { throw line.error(expected: "a positive cutoff", found: "\(radius)") }
    return Cutoff(shape, radius: radius, innerFraction: innerFraction)
  }
}
