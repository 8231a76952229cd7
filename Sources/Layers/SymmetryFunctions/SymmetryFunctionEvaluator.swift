public import Tensors

/// Computes the symmetry functions of one atom after the other, in memory that it keeps.
///
/// One thread uses an evaluator at a time. It allocates only when an atom has more neighbours than
/// any before it.
public final class SymmetryFunctionEvaluator<Scalar: RealScalar> {
  let constants: SymmetryFunctionConstants<Scalar>
  let neighbors: StagedNeighbors<Scalar>

  /// Makes an evaluator of the functions.
  public init(_ set: SymmetryFunctionSet) {
    constants = SymmetryFunctionConstants(set)
    neighbors = StagedNeighbors(constants)
  }

  /// The number of functions.
  public var functionCount: Int { constants.functionCount }

  /// Computes the functions, `G[functions]`.
  public func values(
    of environment: AtomEnvironment<Scalar>, into values: UnsafeMutablePointer<Scalar>
  ) {
    computeValues(constants, neighbors, environment, into: values)
  }

  /// Computes the functions and their derivatives by each displacement.
  ///
  /// `derivatives` is `[count, 3, functions]`, functions side by side; every element is written.
  public func valuesAndDerivatives(
    of environment: AtomEnvironment<Scalar>, values: UnsafeMutablePointer<Scalar>,
    derivatives: UnsafeMutablePointer<Scalar>
  ) {
    self.derivatives(of: environment)
    let functions = constants.functionCount
    derivatives.update(repeating: 0, count: environment.count * 3 * functions)
    for function in 0..<functions {
      values[function] = neighbors.sums.lanes(at: Scalar.lanes * function).total
      for axis in 0..<3 {
        let column = neighbors.derivative(function, axis)
        for k in 0..<neighbors.total where neighbors.origin[k] >= 0 {
          derivatives[(3 * Int(neighbors.origin[k]) + axis) * functions + function] = column[k]
        }
      }
    }
  }

  /// Computes the functions and their derivatives by each displacement, which `neighbors` holds then.
  func derivatives(of environment: AtomEnvironment<Scalar>) {
    computeDerivatives(constants, neighbors, environment)
  }

  /// Adds `Σ_f weights[f] dG_f/d(displacement)` to `gradient`, `[count, 3]`.
  ///
  /// With weights `dE/dG`, the chain rule's step from descriptors to displacements.
  public func addGradient(
    of environment: AtomEnvironment<Scalar>, weights: UnsafePointer<Scalar>,
    to gradient: UnsafeMutablePointer<Scalar>
  ) {
    computeGradient(constants, neighbors, environment, weights: weights, addingTo: gradient)
  }
}
