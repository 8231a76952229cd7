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
