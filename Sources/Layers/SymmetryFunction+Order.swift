/// The order in which n2p2 and RuNNer number the functions of an element.
///
/// Scaling files, weight files and descriptor columns follow this order, not that of the settings
/// file: by type, shape of the cutoff, inner cutoff, radius, `η`, `r_s`, then `ζ` and `λ` of
/// angular functions, then the elements of the neighbours. Functions with compact support come by
/// type, shape, elements, upper and lower end of the distances and then of the angles.
extension SymmetryFunction: Comparable {
  /// Whether the first function is numbered before the second.
  public static func < (first: SymmetryFunction, second: SymmetryFunction) -> Bool {
    first.sortKey.lexicographicallyPrecedes(second.sortKey)
  }

  private var sortKey: [Double] {
    switch self {
    case .radial(let radial):
      return key(radial.cutoff) + [radial.eta, radial.shift, Double(radial.neighbor)]
    case .narrowAngular(let angular), .wideAngular(let angular):
      return key(angular.cutoff) + [
        angular.eta, angular.shift, angular.zeta, angular.lambda,
        Double(angular.firstNeighbor), Double(angular.secondNeighbor),
      ]
    case .weightedRadial(let radial):
      return key(radial.cutoff) + [radial.eta, radial.shift]
    case .weightedAngular(let angular):
      return key(angular.cutoff) + [angular.eta, angular.shift, angular.zeta, angular.lambda]
    case .compactRadial(let radial):
      return key(radial.window, [radial.neighbor])
    case .compactNarrowAngular(let angular), .compactWideAngular(let angular):
      return key(angular.window, [angular.neighbors?.first, angular.neighbors?.second]) + [
        angular.lowerAngle, angular.upperAngle,
      ]
    }
  }

  private func key(_ cutoff: Cutoff) -> [Double] {
    [
      Double(typeNumber), Double(cutoff.function.rawValue), cutoff.innerFraction, cutoff.radius,
    ]
  }

  private func key(_ window: CompactWindow, _ neighbors: [Int?]) -> [Double] {
    // The order of n2p2's names: e, p1, p1a, p2, p2a, …
    let shape = CompactWindow.Shape.allCases.firstIndex(of: window.shape) ?? 0
    return [Double(typeNumber), Double(2 * shape + (window.isAsymmetric ? 1 : 0))]
      + neighbors.map { Double($0 ?? 0) } + [window.upper, window.lower]
  }
}
