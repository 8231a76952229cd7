import Tensors

/// Radial distribution functions and running coordination numbers of pairs of elements.
///
///     g_AB(r) = < n_AB(r) / (N_A ρ_B ΔV(r)) >,   ρ_B = N_B / V
///
/// n_AB(r) counts the B around all A, other than themselves, in the shell between r and r + Δr of
/// volume ΔV. Every periodic image counts, an atom's own images among them: distances may go beyond half
/// the cell, and a crystal has the same g(r) whichever cell describes it. Each frame has a volume of its
/// own. For an ideal gas of N atoms g = 1 - 1/N; in a liquid, which is hardly compressible, that
/// effect of finite size is much smaller.
public struct RadialDistribution: Sendable {
  /// The result for one pair.
  public struct Curve: Hashable, Sendable, Codable {
    /// The middles of the shells in angstrom.
    public var r: [Double]
    /// The distribution function in each shell.
    public var g: [Double]
    /// The standard error of `g` from averages over ten parts of the trajectory.
    public var error: [Double]?
    /// The mean number of neighbours up to the outer radius of each shell.
    public var coordination: [Double]
    /// The highest point of `g`.
    public var peak: Peak

    /// Takes all as it is.
    public init(r: [Double], g: [Double], error: [Double]?, coordination: [Double], peak: Peak) {
      (self.r, self.g, self.error) = (r, g, error)
      (self.coordination, self.peak) = (coordination, peak)
    }
  }

  /// The highest point of a distribution function and the shell below it.
  public struct Peak: Hashable, Sendable, Codable {
    /// The distance of the peak in angstrom, by a parabola through the highest shell and its neighbours.
    public var position: Double
    /// The value in the highest shell.
    public var height: Double
    /// The distance of the minimum of `g` between the peak and 1.6 times its distance, in angstrom.
    public var minimum: Double
    /// The mean number of neighbours closer than `minimum`.
    public var coordination: Double

    /// Takes all as it is.
    public init(position: Double, height: Double, minimum: Double, coordination: Double) {
      (self.position, self.height) = (position, height)
      (self.minimum, self.coordination) = (minimum, coordination)
    }
  }

  /// The pairs.
  public let pairs: [ElementPair]
  /// The largest distance in angstrom.
  public let range: Double
  /// The number of shells.
  public let bins: Int

  private let frames: Int
  private var seen = 0
  private let parts: Int
  /// The sums over frames of g and of neighbours per atom, by part, pair and shell.
  private var distributions, neighbors: [Double]
  private var framesOfPart: [Int]
  private var counts: [Int]

  /// Prepares for a number of frames.
  ///
  /// - Parameters:
  ///   - pairs: The pairs of elements.
  ///   - frames: How many frames will be added.
  ///   - range: The largest distance in angstrom.
  ///   - bins: The number of shells.
  public init(pairs: [ElementPair], frames: Int, range: Double = 8, bins: Int = 200) {
    ensure(
      !pairs.isEmpty && frames > 0 && range > 0 && bins > 0,
      "RadialDistribution: pairs, frames, range and bins have to be positive")
    (self.pairs, self.frames, self.range, self.bins) = (pairs, frames, range, bins)
    parts = min(10, frames)
    distributions = Array(repeating: 0, count: parts * pairs.count * bins)
    neighbors = distributions
    framesOfPart = Array(repeating: 0, count: parts)
    counts = Array(repeating: 0, count: pairs.count * bins)
  }

  /// Adds a frame, whose cell has to repeat along all axes.
  public mutating func add(_ frame: Structure) throws(FrameFault) {
    ensure(seen < frames, "RadialDistribution: there are more than \(frames) frames")
    guard let cell = frame.cell, cell.periodicity == .all else {
      throw FrameFault(
        expected: "a cell that repeats along three axes, for the density of an ideal gas",
        found: frame.cell == nil ? "no cell" : "fewer periodic axes")
    }
    let composition = frame.composition
    for pair in pairs {
      for element in [pair.center, pair.neighbor] where composition[element] == nil {
        throw FrameFault(
          expected: "atoms of \(element) for the pair \(pair)", found: frame.formula,
          advice: "choose other pairs with --pair")
      }
    }
    try count(frame, cell)
    let part = seen * parts / frames
    for (index, pair) in pairs.enumerated() {
      let centers = Double(composition[pair.center] ?? 0)
      let ideal = Double(composition[pair.neighbor] ?? 0) / cell.volume
      for bin in 0..<bins where counts[index * bins + bin] > 0 {
        let perAtom = Double(counts[index * bins + bin]) / centers
        let slot = (part * pairs.count + index) * bins + bin
        neighbors[slot] += perAtom
        distributions[slot] += perAtom / (ideal * shellVolume(bin))
      }
    }
    framesOfPart[part] += 1
    seen += 1
  }

  private mutating func count(_ frame: Structure, _ cell: Cell) throws(FrameFault) {
    let elements = Set(pairs.flatMap { [$0.center, $0.neighbor] }).sorted()
    let kind = frame.elements.map { elements.firstIndex(of: $0) }
    let kept = kind.indices.filter { kind[$0] != nil }
    let kinds = kept.map { kind[$0] ?? 0 }
    let list: NeighborList
    do {
      list = try NeighborList(
        positions: kept.map { frame.positions[$0] }, cell: cell, cutoff: range)
    } catch {
      throw FrameFault(expected: "atoms apart from each other", found: error.description)
    }
    var pairOfKinds = [[Int]](repeating: [], count: elements.count * elements.count)
    for (index, pair) in pairs.enumerated() {
      guard let center = elements.firstIndex(of: pair.center),
        let neighbor = elements.firstIndex(of: pair.neighbor)
      else { continue }
      pairOfKinds[center * elements.count + neighbor].append(index)
    }
    for index in counts.indices { counts[index] = 0 }
    let scale = Double(bins) / range
    for entry in 0..<list.count {
      let bin = Int(list.distance[entry] * scale)
      guard bin < bins else { continue }
      let (first, second) = (kinds[Int(list.first[entry])], kinds[Int(list.second[entry])])
      for index in pairOfKinds[first * elements.count + second] { counts[index * bins + bin] += 1 }
    }
  }

  /// The inner radius of a shell in angstrom.
  private func radius(_ bin: Int) -> Double { Double(bin) * range / Double(bins) }

  private func shellVolume(_ bin: Int) -> Double {
    let (inner, outer) = (radius(bin), radius(bin + 1))
    return 4 * Double.pi / 3 * (outer * outer * outer - inner * inner * inner)
  }

  /// The results so far, a curve for each pair; there must be a frame.
  public func curves() -> [Curve] {
    ensure(seen > 0, "RadialDistribution: there are no frames")
    return pairs.indices.map { index in
      func mean(_ sums: [Double], _ bin: Int) -> Double {
        (0..<parts).reduce(0) { $0 + sums[($1 * pairs.count + index) * bins + bin] } / Double(seen)
      }
      let g = (0..<bins).map { mean(distributions, $0) }
      let full = (0..<parts).filter { framesOfPart[$0] > 0 }
      let error: [Double]? =
        full.count < 2
        ? nil
        : (0..<bins).map { bin in
          let values = full.map {
            distributions[($0 * pairs.count + index) * bins + bin] / Double(framesOfPart[$0])
          }
          return Estimate(independent: values).error ?? 0
        }
      var (total, coordination) = (0.0, [Double]())
      for bin in 0..<bins {
        total += mean(neighbors, bin)
        coordination.append(total)
      }
      return Curve(
        r: (0..<bins).map { (radius($0) + radius($0 + 1)) / 2 }, g: g, error: error,
        coordination: coordination, peak: peak(g, coordination))
    }
  }

  private func peak(_ g: [Double], _ coordination: [Double]) -> Peak {
    let width = range / Double(bins)
    let top = g.indices.max { g[$0] < g[$1] } ?? 0
    var position = (Double(top) + 0.5) * width
    if top > 0, top + 1 < bins {
      let (left, right) = (g[top - 1], g[top + 1])
      let curvature = left - 2 * g[top] + right
      if curvature < 0 { position += width * 0.5 * (left - right) / curvature }
    }
    let end = min(bins, max(top + 2, Int(1.6 * position / width)))
    let lowest = (min(top + 1, bins - 1)..<end).min { g[$0] < g[$1] } ?? top
    return Peak(
      position: position, height: g[top], minimum: (Double(lowest) + 0.5) * width,
      coordination: coordination[max(lowest - 1, 0)])
  }
}
