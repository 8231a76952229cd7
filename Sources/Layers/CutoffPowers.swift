public import Graph
import Tensors

/// Powers of a cutoff function of distances, `e_b(r) = f_c(r)^p_b`.
///
/// PiNN calls this basis polynomial. Source: Shao et al., J. Chem. Inf. Model. 60, 1184 (2020).
public struct CutoffPowers: Hashable, Sendable {
  /// The exponents `p_b`.
  public let exponents: [Double]
  /// The window `f_c`.
  public let cutoff: Cutoff

  /// Makes a basis of given powers.
  public init(exponents: [Double], cutoff: Cutoff) {
    ensure(
      !exponents.isEmpty && exponents.allSatisfy { $0 > 0 && $0.isFinite },
      "CutoffPowers: positive exponents are needed, not \(exponents)")
    self.exponents = exponents
    self.cutoff = cutoff
  }

  /// Returns the functions of each distance, `[pairs]` to `[pairs, basis]`.
  public func callAsFunction(_ r: Symbol) -> Symbol {
    let window = cutoff(r)
    return .stacking(exponents.map { $0 == 1 ? window : window.power($0) }, axis: 1)
  }
}
