import Layers

/// Reads the symmetry functions of an `input.nn`:
///
///     symfunction_short <centre> 2 <neighbour> <eta> <shift> <cutoff>
///     symfunction_short <centre> 3|9 <neighbour> <neighbour> <eta> <lambda> <zeta> <cutoff> [<shift>]
///
/// `element_symfunction_short` leaves out the neighbours and stands for all combinations of
/// elements, `global_symfunction_short` leaves out the centre too.
struct SymmetryFunctionReader {
  private let lines: N2P2KeywordLines
  private let species: [Int]
  private let shape: CutoffFunction
  private let innerFraction: Double

  init(_ lines: N2P2KeywordLines, species: [Int]) throws(FormatError) {
    self.lines = lines
    self.species = species
    let line = try lines.required(.cutoffType)
    try line.require(arguments: 1...2, "a type from 0 to 8 and, if need be, alpha")
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
    switch try kind(line, typeAt: 2) {
    case .radial:
      try line.require(arguments: 6...6, "centre, type, neighbour, eta, shift and cutoff")
      return try radial(line, neighbor: try line.element(3, among: species), at: 4)
    case .angular(let wide):
      try line.require(
        arguments: 8...9, "centre, type, two neighbours, eta, lambda, zeta, cutoff and maybe shift")
      let first = try line.element(3, among: species)
      let second = try line.element(4, among: species)
      return try angular(line, wide: wide, neighbors: first, second, at: 5)
    }
  }

  private func combinations(
    _ line: N2P2Line, typeAt type: Int
  ) throws(FormatError) -> [SymmetryFunction] {
    var functions: [SymmetryFunction] = []
    switch try kind(line, typeAt: type) {
    case .radial:
      try line.require(arguments: (type + 3)...(type + 3), "type, eta, shift and cutoff")
      for neighbor in species {
        functions.append(try radial(line, neighbor: neighbor, at: type + 1))
      }
    case .angular(let wide):
      try line.require(arguments: (type + 4)...(type + 5), "type, eta, lambda, zeta and cutoff")
      for (index, first) in species.enumerated() {
        for second in species[index...] {
          functions.append(
            try angular(line, wide: wide, neighbors: first, second, at: type + 1))
        }
      }
    }
    return functions
  }

  private enum Kind {
    case radial
    case angular(wide: Bool)
  }

  private func kind(_ line: N2P2Line, typeAt position: Int) throws(FormatError) -> Kind {
    let type = try line.integer(position, "the type of the symmetry function", in: 1...99)
    switch type {
    case 2: return .radial
    case 3: return .angular(wide: false)
    case 9: return .angular(wide: true)
    default:
      throw line.error(
        expected: "a symmetry function of type 2, 3 or 9", found: "type \(type)",
        advice: "weighted functions (12, 13) and those with compact support (20 to 25) are not "
          + "supported")
    }
  }

  private func radial(
    _ line: N2P2Line, neighbor: Int, at position: Int
  ) throws(FormatError) -> SymmetryFunction {
    .radial(
      RadialSymmetryFunction(
        neighbor: neighbor, eta: try line.real(position, "eta"),
        shift: try line.real(position + 1, "the shift"), cutoff: try cutoff(line, position + 2)))
  }

  private func angular(
    _ line: N2P2Line, wide: Bool, neighbors first: Int, _ second: Int, at position: Int
  ) throws(FormatError) -> SymmetryFunction {
    let zeta = try line.real(position + 2, "zeta")
    guard zeta > 0 else { throw line.error(expected: "a positive zeta", found: "\(zeta)") }
    let hasShift = line.words.count > position + 4
    let function = AngularSymmetryFunction(
      neighbors: first, second, eta: try line.real(position, "eta"),
      lambda: try line.real(position + 1, "lambda"), zeta: zeta,
      shift: hasShift ? try line.real(position + 4, "the shift") : 0,
      cutoff: try cutoff(line, position + 3))
    return wide ? .wideAngular(function) : .narrowAngular(function)
  }

  private func cutoff(_ line: N2P2Line, _ position: Int) throws(FormatError) -> Cutoff {
    let radius = try line.real(position, "the cutoff")
    guard radius > 0 else { throw line.error(expected: "a positive cutoff", found: "\(radius)") }
    return Cutoff(shape, radius: radius, innerFraction: innerFraction)
  }
}
