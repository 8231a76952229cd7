import Glibc
import Tensors

/// Mean square displacements of the atoms of each element, and their diffusion coefficients.
///
///     msd(t) = < |x(t₀ + t) - x(t₀)|² >,   D = slope of msd / 6
///
/// The mean is over atoms and over starts t₀. Atoms are followed through periodic boundaries from frame to
/// frame, so they must move by less than half a cell between frames. Motion of the whole system
/// is not taken off.
public struct MeanSquareDisplacement: Sendable {
  /// The result for one element.
  public struct Curve: Hashable, Sendable, Codable {
    /// The lags in fs.
    public var time: [Double]
    /// The mean square displacement in angstrom².
    public var msd: [Double]
    /// The diffusion coefficient in cm²/s, fitted from a fifth of the longest lag on; its error is
    /// that of five parts of the trajectory, which overlap a little.
    public var diffusion: Estimate
    /// The slope of ln msd by ln t over the lags of that fit: 2 while atoms fly freely, 1 once they
    /// diffuse; nil where it has no meaning, as for atoms at rest.
    public var exponent: Double?

    /// The exponent above which the motion is not diffusion yet.
    public static let largestExponent = 1.2
  }

  /// One angstrom²/fs in cm²/s.
  public static let diffusionUnit = 0.1

  /// The elements in the order of the curves.
  public let elements: [Element]
  /// The number of displacements by more than 0.4 of the cell, which may have been misjudged.
  public var doubtful: Int { follower.doubtful }

  private let interval: Double
  private let frames, lags: Int
  private var follower = PathFollower()
  private var correlation: OriginCorrelation?

  /// Prepares for a number of frames, at least four.
  ///
  /// - Parameters:
  ///   - elements: The elements that have a curve of their own; each must occur.
  ///   - frames: How many frames will be added.
  ///   - interval: The time between two frames in fs.
  ///   - longest: The longest lag in fs; by default a quarter of the frames.
  public init(elements: [Element], frames: Int, interval: Double, longest: Double? = nil) {
    ensure(
      frames >= 4 && interval > 0,
      "MeanSquareDisplacement: four frames and a positive interval are needed")
    (self.elements, self.frames, self.interval) = (elements, frames, interval)
    lags = LagCount.lags(of: frames, interval: interval, longest: longest)
  }

  /// Adds the next frame.
  public mutating func add(_ frame: Structure) throws(FrameFault) {
    try follower.add(frame)
    var current =
      if let correlation { correlation } else {
        try OriginCorrelation(frames: frames, lags: lags, elements: elements, of: frame)
      }
    correlation = nil
    current.add(follower.positions) { start, end in (end - start).dot(end - start) }
    correlation = current
  }

  /// The curves of the elements, once all frames have been added.
  public func curves() -> [Curve] {
    guard let correlation else {
      trap("MeanSquareDisplacement: there are no frames")
    }
    let time = (0..<lags).map { Double($0) * interval }
    func diffusion(_ msd: [Double]) -> Double {
      slope(time[fitted], msd[fitted]) / 6 * Self.diffusionUnit
    }
    return elements.indices.map { channel in
      let msd = correlation.mean(channel: channel)
      let parts = (0..<correlation.parts).map {
        diffusion(correlation.mean(channel: channel, part: $0))
      }
      let error = Estimate(independent: parts).error
      return Curve(
        time: time, msd: msd, diffusion: Estimate(mean: diffusion(msd), error: error),
        exponent: exponent(time, msd))
    }
  }

  /// The lags from a fifth of the longest on.
  private var fitted: Range<Int> { min((lags - 1 + 4) / 5, lags - 2)..<lags }

  private func exponent(_ time: [Double], _ msd: [Double]) -> Double? {
    let used = fitted.filter { $0 > 0 }
    guard used.count > 1, used.allSatisfy({ msd[$0] > 0 }) else { return nil }
    return slope(used.map { log(time[$0]) }, used.map { log(msd[$0]) })
  }
}

/// The slope of the straight line through points.
private func slope<Numbers: Collection<Double>>(_ x: Numbers, _ y: Numbers) -> Double {
  let middle = x.reduce(0, +) / Double(x.count)
  let (up, across) = zip(x, y).reduce((0.0, 0.0)) { sum, point in
    let distance = point.0 - middle
    return (sum.0 + distance * point.1, sum.1 + distance * distance)
  }
  return up / across
}

/// The number of lags of a correlation over a trajectory, zero included.
enum LagCount {
  /// Those up to `longest`, a quarter of the frames unless it is given, and two at least.
  static func lags(of frames: Int, interval: Double, longest: Double?) -> Int {
    let wanted = longest.map { ($0 / interval).rounded() } ?? Double(frames / 4)
    return Int(max(1, min(wanted, Double(frames - 1)))) + 1
  }
}

extension OriginCorrelation {
  /// Prepares for frames like the first one, a channel for each element and one for all others.
  init(frames: Int, lags: Int, elements: [Element], of frame: Structure) throws(FrameFault) {
    for element in elements where !frame.elements.contains(element) {
      throw FrameFault(
        expected: "atoms of \(element)", found: frame.formula,
        advice: "choose other elements with --element")
    }
    self.init(
      frames: frames, lags: lags,
      channelOfAtom: frame.elements.map { elements.firstIndex(of: $0) ?? elements.count },
      channels: elements.count + 1)
  }
}
