public import Tensors

/// Values of variables by name, as files hold them: `SafeTensors(tensors: state.tensors(of: variables))`
/// is written to a file, and `state.load(file.tensors, into: variables)` reads it back.
extension State {
  /// Copies of the values of some variables by name, in the state's precision.
  public func tensors(of variables: some Sequence<Variable>) -> [String: Tensor] {
    Dictionary(
      variables.map { ($0.name, Tensor(copying: self[$0], shape: $0.extents)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Copies tensors into the variables of the same names, converted to the state's precision.
  ///
  /// - Parameters:
  ///   - tensors: values by name.
  ///   - variables: the variables to set, which the state holds.
  ///   - strict: whether each variable must have a tensor of its shape and each tensor a variable;
  ///     otherwise the tensors that fit are copied, and the result names the others.
  /// - Returns: the names that were loaded, and those that were not.
  /// - Throws: `WeightsMismatch` if loading is strict and something does not fit; the state has not
  ///   changed then.
  @discardableResult
  public func load(
    _ tensors: [String: Tensor], into variables: some Sequence<Variable>, strict: Bool = true
  ) throws(WeightsMismatch) -> LoadedWeights {
    let variables = variables.uniqued()
    var result = LoadedWeights()
    for variable in variables {
      guard let tensor = tensors[variable.name] else {
        result.missing.append(variable.name)
        continue
      }
      if tensor.shape == variable.extents {
        result.loaded.append(variable.name)
      } else {
        result.misshapen.append(
          .init(name: variable.name, expected: variable.extents, found: tensor.shape))
      }
    }
    result.extra = Set(tensors.keys).subtracting(variables.map(\.name)).sorted()
    if strict, !result.isComplete { throw WeightsMismatch(weights: result) }
    let loaded = Set(result.loaded)
    for variable in variables where loaded.contains(variable.name) {
      tensors[variable.name]!.copy(into: self[variable])
    }
    return result
  }
}

/// The variables that got values, and the names and shapes that did not fit.
public struct LoadedWeights: Sendable, Hashable, CustomStringConvertible {
  /// A tensor that has the name of a variable, but another shape.
  public struct Misshapen: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The variable's extents.
    public let expected: [Int]
    /// The tensor's extents.
    public let found: [Int]
  }

  /// The variables that have a tensor of their shape.
  public internal(set) var loaded: [String] = []
  /// The variables without a tensor.
  public internal(set) var missing: [String] = []
  /// The tensors without a variable, sorted.
  public internal(set) var extra: [String] = []
  /// The tensors of another shape.
  public internal(set) var misshapen: [Misshapen] = []

  /// Whether variables and tensors fit one to one.
  public var isComplete: Bool { missing.isEmpty && extra.isEmpty && misshapen.isEmpty }

  /// One sentence, with the names of all that does not fit.
  public var description: String {
    var parts = ["\(loaded.count) variables have values"]
    func add(_ names: [String], _ what: String) {
      if !names.isEmpty { parts.append("\(what): \(names.joined(separator: ", "))") }
    }
    add(missing, "without a tensor")
    add(extra, "tensors without a variable")
    add(misshapen.map { "\($0.name) is \($0.found), expected \($0.expected)" }, "of another shape")
    return parts.joined(separator: "; ")
  }
}

/// Weights that do not belong to the variables they were to be loaded into.
public struct WeightsMismatch: Error, Hashable, CustomStringConvertible {
  /// What fits and what does not.
  public let weights: LoadedWeights

  /// The error in a sentence.
  public var description: String {
    "the weights belong to another model, and nothing was loaded: \(weights)"
  }
}
