import Tensors

/// How often atoms have left the range of a symmetry function over the training set.
///
/// An atom that is outside for two functions and three steps counts six times.
public struct ExtrapolationCount: Hashable, Sendable, Codable {
  /// The number in all steps.
  public private(set) var total = 0
  /// The number of steps with any.
  public private(set) var steps = 0
  /// The first one found in the last step that had any.
  public private(set) var last: Extrapolation?
  /// The one farthest outside, in units of its range.
  public private(set) var worst: Extrapolation?
  /// The number for each function of each network.
  public private(set) var byFunction: [[Int]]

  /// Starts to count for a model.
  public init(_ model: BehlerParrinello) {
    byFunction = model.networks.map { $0.ranges.map { _ in 0 } }
  }

  /// Adds what is outside in one step; `rows` gives the unscaled descriptors of a network's atoms.
  ///
  /// Returns the number of atoms that are outside for any function.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  @discardableResult
  mutating func add<Scalar: RealScalar>(
    _ model: BehlerParrinello, atoms: [[Int]], tolerance: Double = 1e-6,
    rows: (Int) -> UnsafeBufferPointer<Scalar>
  ) -> Int {
    let before = total
    var atomsOutside = 0
    for (number, network) in model.networks.enumerated() {
      let (values, ranges) = (rows(number), network.ranges)
      guard !ranges.isEmpty else { continue }
      var place = 0
      for atom in atoms[number] {
        let beforeAtom = total
        for function in ranges.indices {
          let (value, range) = (Double(values[place]), ranges[function])
          place += 1
          if range.contains(value, tolerance: tolerance) { continue }
          let found = Extrapolation(
            atom: atom, element: network.element, function: function, value: value,
            range: range.minimum...range.maximum)
          if total == before { last = found }
          if found.distance > worst?.distance ?? 0 { worst = found }
          total += 1
          byFunction[number][function] += 1
        }
        if total > beforeAtom { atomsOutside += 1 }
      }
    }
    if total > before { steps += 1 }
    return atomsOutside
  }

  /// One sentence for the end of a run: how many, of which function most, and how far at worst.
  public func summary(_ model: BehlerParrinello) -> String {
    guard let worst else { return "no descriptor left the range of the training set" }
    let counts = zip(model.networks, byFunction).flatMap { network, counts in
      counts.enumerated().map { (network.element, $0.offset, $0.element) }
    }
    let most = counts.max { $0.2 < $1.2 } ?? (worst.element, worst.function, 0)
    return """
      \(total) descriptor\(total == 1 ? "" : "s") outside of the training range in \(steps) \
      step\(steps == 1 ? "" : "s"), most (\(most.2)) of symmetry function number \(most.1 + 1) of \(most.0); \
      the farthest: \(worst)
      """
  }
}
