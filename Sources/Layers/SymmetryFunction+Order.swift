/// The order in which n2p2 and RuNNer number the functions of an element.
///
/// Scaling files, weight files and descriptor columns follow this order, not that of the settings
/// file: by type, shape of the cutoff, inner cutoff, radius, `η`, `r_s`, then `ζ` and `λ` of
/// angular functions, then the elements of the neighbours.
extension SymmetryFunction: Comparable {
  /// Whether the first function is numbered before the second.
  public static func < (first: SymmetryFunction, second: SymmetryFunction) -> Bool {
    first.sortKey.lexicographicallyPrecedes(second.sortKey)
  }

  private var sortKey: [Double] {
    let window = [
      Double(typeNumber), Double(cutoff.function.rawValue), cutoff.innerFraction, cutoff.radius,
    ]
    switch self {
    case .radial(let radial):
      return window + [radial.eta, radial.shift, Double(radial.neighbor)]
    case .narrowAngular(let angular), .wideAngular(let angular):
      return window + [
        angular.eta, angular.shift, angular.zeta, angular.lambda,
        Double(angular.firstNeighbor), Double(angular.secondNeighbor),
      ]
    }
  }
}
