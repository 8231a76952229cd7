public import Graph
import Tensors

extension Objective {
  /// The objective with an error more for each variable, so that large weights cost something:
  ///
  ///     ξ_v = √λ |w_v|,        L₂ = Σ ξ² + λ |w|²
  ///
  /// with the length |w_v| of all elements of the variable v. For optimizers of gradients it adds
  /// `2λw` to the gradient: with Adam this goes through the moments, as in the original paper, and is
  /// not the decoupled decay of AdamW. A Kalman filter takes it as one measurement for each variable,
  /// that its length is zero, with the row `√λ w_v/|w_v|` in the Jacobian: weights shrink along P w,
  /// those least that the labels have determined best. Single weights as errors would have the same
  /// L₂, but cost the filter a row of the Jacobian for each weight.
  ///
  /// - Parameters:
  ///   - strength: the number λ; of the order of the loss over the sum of squared weights, or less.
  ///   - patterns: which parameters decay; all of them by default. Biases are often left out.
  /// - Returns: an objective of the same parameters.
  /// - Throws: `VariablePatternError` if a pattern fits none of the parameters.
  public func withWeightDecay(
    _ strength: Double, of patterns: [VariablePattern] = ["*"]
  ) throws(VariablePatternError) -> Objective {
    ensure(strength >= 0, "weight decay needs a strength of 0 or more, not \(strength)")
    let decayed = try parameters.variables.divided(by: patterns).matching
    let lengths = decayed.map { variable in
      strength.squareRoot() * variable.symbol.reshaped([1, .fixed(variable.count)]).norm(along: 1)
    }
    return Objective(
      errors: .concatenating([errors] + lengths, axis: 0), parameters: parameters,
      kind: kind)
  }
}
