import Graph
import Tensors

/// The window of distances that a symmetry function has: a cutoff or one with compact support.
enum RadialWindow: Hashable, Sendable {
  case cutoff(Cutoff)
  case compact(CompactWindow)

  /// The distance from which on the window is 0.
  var radius: Double {
    switch self {
    case .cutoff(let cutoff): cutoff.radius
    case .compact(let window): window.upper
    }
  }

  /// Returns the window and its derivative at a vector of distances, both 0 outside.
  @inline(__always)
  func valueAndDerivative<Vector: RealVector>(at r: Vector) -> (value: Vector, derivative: Vector) {
    switch self {
    case .cutoff(let cutoff): cutoff.valueAndDerivative(at: r)
    case .compact(let window): window.valueAndDerivative(at: r)
    }
  }

  /// Returns the window of each distance.
  func callAsFunction(_ r: Symbol) -> Symbol {
    switch self {
    case .cutoff(let cutoff): cutoff(r)
    case .compact(let window): window(r)
    }
  }
}
