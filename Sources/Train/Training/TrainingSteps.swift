public import Graph

/// The computations of a training: one step for each kind of label, all for the same weights.
public struct TrainingSteps: Sendable {
  /// The kinds of label.
  public let kinds: [LabelKind]
  /// The step of each kind.
  public let steps: [Step]
  /// The variables of the model, frozen and idle ones included.
  public let variables: [Variable]
  /// The variables that no error of any kind depends on: they keep their first values.
  public let idleVariables: [Variable]
  /// The weights of models where they are means over steps; none where models have the last weights.
  let averages: [Variable: Symbol]

  /// Rewrites the errors of all kinds into new weights, in the order in which the first kind uses them.
  ///
  /// - Parameters:
  ///   - kinds: The kinds of label.
  ///   - variables: Variables of the model whether or not an error depends on them.
  ///   - optimizer: The rewrite of errors into new weights.
  ///   - frozen: Patterns of the names of variables that keep their first values.
  ///   - weightDecay: The strength λ of `λ |w|²` in the loss, see `Objective.withWeightDecay`.
  ///   - weightAverage: The factor d of a running mean of the weights for models, `a ← d a + (1 - d) w`.
  /// - Throws: `VariablePatternError` if a pattern fits no variable.
  public init(
    _ kinds: [LabelKind], variables: [Variable] = [], optimizer: some Optimizer,
    frozen: [VariablePattern] = [], weightDecay: Double = 0, weightAverage: Double? = nil
  ) throws(VariablePatternError) {
    self.kinds = kinds
    let used = Symbol.parameters(of: kinds.map(\.errors))
    let met = used + variables.filter { !used.contains($0) }
    let idle = Symbol.variablesWithoutInfluence(on: kinds.map(\.errors), among: met)
    let parameters = ParameterVector(
      try met.divided(by: frozen).others.filter { !idle.contains($0) },
      trainedOn: kinds.map(\.errors))
    let average = weightAverage.map { WeightAverage(parameters, decay: $0) }
    var steps: [Step] = []
    for kind in kinds {
      var objective = Objective(errors: kind.errors, parameters: parameters, kind: kind.name)
      if weightDecay > 0 { objective = try objective.withWeightDecay(weightDecay) }
      let step = objective.minimized(by: optimizer)
      steps.append(average?.following(step) ?? step)
    }
    averages = average?.values ?? [:]
    (self.steps, self.variables, idleVariables) = (steps, met, idle)
  }

  /// The program of an evaluation, if the optimizer's memory changes then.
  var evaluationProgram: Program? {
    let updates = steps.reduce(into: [:]) { $0.merge($1.updatesAtEvaluation) { $1 } }
    return updates.isEmpty ? nil : Program([], updates: updates)
  }

  /// The program of each step; its outputs are the monitors, then the errors, then whether each label is
  /// wild if the step tells.
  public func compiled() -> [Program] {
    zip(steps, kinds).map {
      $0.compiled(fetching: [$1.errors] + ($0.wildLabels.map { [$0] } ?? []))
    }
  }
}
