public import Graph
import Tensors

/// Gaussians of distances under a cutoff, `e_b(r) = exp(-η_b (r - c_b)²) f_c(r)`.
public struct GaussianBasis: Hashable, Sendable {
  /// The centres `c_b`.
  public let centers: [Double]
  /// The widths `η_b`, one over length squared.
  public let widths: [Double]
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes a basis of given Gaussians.
  public init(centers: [Double], widths: [Double], cutoff: Cutoff) {
    ensure(
      !centers.isEmpty && centers.count == widths.count,
      "GaussianBasis: \(centers.count) centres need as many widths, not \(widths.count)")
    self.centers = centers
    self.widths = widths
    self.cutoff = cutoff
  }

  /// Makes a basis of Gaussians at equal distances Δ from `start` to the cutoff's radius, each with the
  /// width `η = 1/(2 Δ²)`.
  public init(count: Int, from start: Double = 0, cutoff: Cutoff) {
    ensure(
      count > 1 && start < cutoff.radius,
      "GaussianBasis: at least two functions from \(start) up to \(cutoff.radius) can be spaced "
        + "evenly, not \(count)")
    let spacing = (cutoff.radius - start) / Double(count - 1)
    self.init(
      centers: (0..<count).map { start + Double($0) * spacing },
      widths: Array(repeating: 1 / (2 * spacing * spacing), count: count), cutoff: cutoff)
  }

  /// Returns the functions of each distance, `[pairs]` to `[pairs, basis]`.
  public func callAsFunction(_ r: Symbol) -> Symbol {
    let shape: Shape = [r.shape[0], .fixed(centers.count)]
    let distance =
      r.broadcast(to: shape, axes: [0])
      - Symbol.constant(centers).broadcast(to: shape, axes: [1])
    let width = Symbol.constant(widths).broadcast(to: shape, axes: [1])
    return (-(width * distance * distance)).exp() * cutoff(r).broadcast(to: shape, axes: [0])
  }
}
