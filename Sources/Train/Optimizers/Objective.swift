public import Graph
import Tensors

/// What training makes small: a vector of weighted errors of a model's predictions.
///
/// With predictions ŷ, labels y, a weighting factor c of the kind of label and n labels in an update
/// the errors are `ξ = √(c/n) (ŷ - y)`. Optimizers of gradients take `L₂ = Σ ξ²`, Kalman filters take ξ
/// and its Jacobian, so all make the same loss small (Shao et al. 2021).
public struct Objective: Sendable {
  /// The scaled errors ξ, of shape [labels].
  public let errors: Symbol

  /// The name of the kind of label, by which an optimizer may tell kinds apart.
  public let kind: String

  /// The trainable variables that the errors depend on, in the order of the flat parameter vector.
  public let parameters: ParameterVector

  /// Makes the objective of scaled errors; `parameters` defaults to the variables that they depend on.
  ///
  /// Objectives of different kinds of label that train one model must be given the same parameters.
  public init(errors: Symbol, parameters: [Variable]? = nil) {
    self.init(
      errors: errors,
      parameters: ParameterVector(
        parameters ?? Symbol.parameters(of: [errors]), trainedOn: [errors]))
  }

  /// Makes the objective of scaled errors for parameters that other kinds of label train, too.
  public init(errors: Symbol, parameters: ParameterVector, kind: String = "labels") {
    ensure(errors.rank == 1, "an objective needs a vector of errors, got \(errors.type)")
    (self.errors, self.parameters, self.kind) = (errors, parameters, kind)
  }

  /// The loss `L₂ = Σ ξ²`, a scalar.
  public var squaredError: Symbol { (errors * errors).sum() }

  /// The gradient of a scalar with respect to the flat parameter vector, of shape [n].
  public func gradient(of loss: Symbol) -> Symbol {
    .concatenating(
      Graph.gradient(of: loss, by: parameters.variables.map(\.symbol)).map { $0.flattened() },
      axis: 0)
  }

  /// The Jacobian `∂ξ/∂w`, of shape [labels, n].
  public var jacobian: Symbol {
    Graph.jacobian(of: errors, by: parameters.variables.map(\.symbol))
  }

  /// The objective with the errors of other weights, `ξ(w + δ)`, for a change δ [n] that derivatives take
  /// as a constant.
  public func moved(by change: Symbol) -> Objective {
    let parts = parameters.parts(of: change.detached())
    let replacements = zip(parameters.variables, parts).map {
      ($0.symbol, $0.symbol + $1.reshaped(.fixed($0.extents)))
    }
    let errors = Symbol.substituting(
      Dictionary(uniqueKeysWithValues: replacements), in: [errors])[0]
    return Objective(errors: errors, parameters: parameters, kind: kind)
  }

  /// Rewrites the objective by an optimizer into new values of weights and memory; nothing is
  /// computed yet.
  public func minimized(by optimizer: some Optimizer) -> Step { optimizer.step(for: self) }
}

extension Variable {
  /// Whether it is a matrix of several rows and columns.
  var isMatrix: Bool { extents.count == 2 && extents.allSatisfy { $0 > 1 } }
}

/// All trainable variables of a model as one vector.
public struct ParameterVector: Sendable {
  /// The variables, in the order of their elements.
  public let variables: [Variable]

  /// The errors of all kinds of label that train the variables; they tell networks apart.
  let errors: [Symbol]

  /// Makes the vector of the variables, with the errors of all kinds of label that train them.
  public init(_ variables: [Variable], trainedOn errors: [Symbol] = []) {
    (self.variables, self.errors) = (variables, errors)
  }

  /// The number of elements.
  public var count: Int { variables.reduce(0) { $0 + $1.count } }

  /// The elements of all variables one after another, of shape [n].
  public var value: Symbol {
    .concatenating(variables.map { $0.symbol.flattened() }, axis: 0)
  }

  /// The parts of a vector [n] that belong to each variable, vectors as well.
  func parts(of vector: Symbol) -> [Symbol] {
    var start = 0
    return variables.map { variable in
      defer { start += variable.count }
      return vector.slice(.fixed(start), count: .fixed(variable.count))
    }
  }

  /// The new value of each variable, given the new vector.
  public func updates(to value: Symbol) -> [Variable: Symbol] {
    Dictionary(
      uniqueKeysWithValues: zip(variables, parts(of: value)).map {
        ($0, $1.reshaped(.fixed($0.extents)))
      })
  }
}
