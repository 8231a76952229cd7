import Glibc
import Tensors

/// Velocity autocorrelation functions of each element and their spectra.
///
///     C(t) = < v(t₀) · v(t₀ + t) > / < v² >,   S(ν) = 4 ∫₀ᵀ C(t) cos²(πt/2T) cos(2πνt) dt
///
/// The mean is over atoms and over starts t₀; T is the longest lag. The window makes peaks about 1/T wide
/// instead of surrounding them with ripples. The spectrum has an area of one from zero upwards,
/// and is drawn over wavenumbers ν/c. `all` weighs atoms with their masses: then the spectrum is
/// the vibrational density of states.
public struct VelocityAutocorrelation: Sendable {
  /// The result for one element, or for all atoms.
  public struct Curve: Hashable, Sendable, Codable {
    /// The lags in fs.
    public var time: [Double]
    /// The autocorrelation function, one at the beginning.
    public var vacf: [Double]
    /// The wavenumbers in 1/cm.
    public var wavenumber: [Double]
    /// The spectrum in cm.
    public var spectrum: [Double]
    /// The wavenumber where the spectrum is highest, in 1/cm.
    public var maximum: Double
  }

  /// The speed of light in cm/fs.
  public static let speedOfLight = 2.99792458e-5
  /// The longest lag that is taken unless another is asked for, in fs.
  public static let customaryLag = 2000.0
  /// The largest wavenumber of a spectrum in 1/cm.
  public static let largestWavenumber = 5000.0

  /// The elements in the order of the curves.
  public let elements: [Element]

  private let interval: Double
  private let frames, lags: Int
  private var species: [Element] = []
  private var correlation: OriginCorrelation?

  /// Prepares for a number of frames, at least four.
  ///
  /// - Parameters:
  ///   - elements: All elements of the frames.
  ///   - frames: How many frames will be added.
  ///   - interval: The time between two frames in fs.
  ///   - longest: The longest lag in fs; by default 2000, but not more than a quarter of the frames.
  public init(elements: [Element], frames: Int, interval: Double, longest: Double? = nil) {
    ensure(
      frames >= 4 && interval > 0,
      "VelocityAutocorrelation: four frames and a positive interval are needed")
    (self.elements, self.frames, self.interval) = (elements, frames, interval)
    let customary = min(Self.customaryLag, Double(frames / 4) * interval)
    lags = LagCount.lags(of: frames, interval: interval, longest: longest ?? customary)
  }

  /// Adds the next frame, which has to have velocities.
  public mutating func add(_ frame: Structure) throws(FrameFault) {
    guard let velocities = frame.velocities else {
      throw FrameFault(expected: "a column velocities:R:3", found: "none")
    }
    if species.isEmpty { species = frame.elements }
    guard frame.elements == species else {
      throw FrameFault(
        expected: "the same atoms in the same order as in the frames before", found: frame.formula)
    }
    var current =
      if let correlation { correlation } else {
        try OriginCorrelation(frames: frames, lags: lags, elements: elements, of: frame)
      }
    correlation = nil
    current.add(velocities) { $0.dot($1) }
    correlation = current
  }

  /// The curves of the elements and that of all atoms, once all frames have been added.
  public func curves() -> (byElement: [Curve], all: Curve) {
    guard let correlation else {
      trap("VelocityAutocorrelation: there are no frames")
    }
    var total = [Double](repeating: 0, count: lags)
    let curves = elements.indices.map { channel in
      let mean = correlation.mean(channel: channel)
      let weight = elements[channel].mass * Double(species.count { $0 == elements[channel] })
      for lag in 0..<lags { total[lag] += weight * mean[lag] }
      return curve(mean)
    }
    return (curves, curve(total))
  }

  private func curve(_ correlation: [Double]) -> Curve {
    let first = correlation[0]
    let vacf = correlation.map { first == 0 ? 0 : $0 / first }
    let span = Double(lags) * interval
    let step = 1 / (4 * span * Self.speedOfLight)
    let last = min(Self.largestWavenumber, 1 / (2 * interval * Self.speedOfLight))
    let wavenumber = (0...Int(last / step)).map { Double($0) * step }
    let windowed = vacf.indices.map { lag in
      let window = cos(Double.pi / 2 * Double(lag) / Double(lags))
      return vacf[lag] * window * window * (lag == 0 ? 0.5 : 1)
    }
    let spectrum = wavenumber.map { wavenumber in
      let phase = 2 * Double.pi * wavenumber * Self.speedOfLight * interval
      return windowed.indices.reduce(0) { $0 + windowed[$1] * cos(phase * Double($1)) }
        * 4 * interval * Self.speedOfLight
    }
    let highest = spectrum.indices.max { spectrum[$0] < spectrum[$1] } ?? 0
    return Curve(
      time: vacf.indices.map { Double($0) * interval }, vacf: vacf, wavenumber: wavenumber,
      spectrum: spectrum, maximum: wavenumber[highest])
  }
}
