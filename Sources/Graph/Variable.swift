import Tensors

/// A value that lives in `State` from step to step: a trainable parameter or an optimizer's memory.
///
/// Names are given, not guessed, because checkpoints outlive refactorings. Two variables of one name
/// are the same variable and must agree in everything; to share a variable, make it once and use it
/// twice, since two layers of one name are mostly a mistake: see `Symbol.duplicateVariables(of:)`.
public struct Variable: Hashable, Sendable {
  /// The name, unique within a program, such as `O.hidden1.weights`.
  public let name: String

  /// The lengths of all axes, outermost first; numbers, since the memory is made before any feed is
  /// known. Empty for a scalar.
  public let extents: [Int]

  /// The distribution of the first value.
  public let initializer: Initializer

  /// Whether optimizers change it: parameters lie side by side in one flat buffer.
  public let isTrainable: Bool

  /// Tells apart variables that were made separately; copies share it.
  private let identity = Identity()

  private final class Identity: Sendable {}

  /// Makes a trainable parameter or, with `isTrainable: false`, a piece of memory.
  public init(
    _ name: String, _ extents: [Int], initializer: Initializer, isTrainable: Bool = true
  ) {
    self.name = name
    self.extents = extents
    self.initializer = initializer
    self.isTrainable = isTrainable
  }

  /// Whether both have the same name and agree in everything, wherever they were made.
  public static func == (left: Variable, right: Variable) -> Bool {
    left.name == right.name && left.extents == right.extents
      && left.initializer == right.initializer && left.isTrainable == right.isTrainable
  }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Whether both are copies of one variable.
  func isCopy(of other: Variable) -> Bool { identity === other.identity }

  /// The number of elements.
  public var count: Int { extents.reduce(1, *) }

  /// The value that the variable has before the updates of a run, of its shape.
  public var symbol: Symbol { Symbol(.variable(self), type: .real(.fixed(extents))) }
}

extension Symbol {
  /// The variable whose value this symbol is, if it is one.
  public var variable: Variable? {
    if case .variable(let variable) = node.kind { variable } else { nil }
  }

  /// The trainable variables met when walking from these symbols, in order of first use.
  public static func parameters(of symbols: [Symbol]) -> [Variable] {
    topologicalOrder(of: symbols).compactMap(\.variable).filter(\.isTrainable).uniqued()
  }

  /// The names of which the graph behind some symbols holds variables that were made separately, in
  /// order of first use.
  ///
  /// They share one value in a `State`, which is mostly not what two layers of one name are meant to.
  public static func duplicateVariables(of symbols: [Symbol]) -> [String] {
    var first: [String: Variable] = [:]
    var names: [String] = []
    // Equal variables are one symbol of the order, so they are looked for among operands as well.
    let order = topologicalOrder(of: symbols)
    for variable in (order.flatMap(\.operands) + symbols).lazy.compactMap(\.variable) {
      let known = first[variable.name] ?? variable
      first[variable.name] = known
      if !variable.isCopy(of: known) { names.append(variable.name) }
    }
    return names.uniqued()
  }
}

extension Sequence where Element: Hashable {
  /// The elements without repetitions, in order of first occurrence.
  package func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
