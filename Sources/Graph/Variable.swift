import Tensors

/// A value that lives in `State` from step to step: a trainable parameter or an optimizer's memory.
///
/// Names are given, not guessed, because checkpoints outlive refactorings. Two variables of one name
/// are the same variable and must agree in everything.
public struct Variable: Hashable, Sendable {
  /// The name, unique within a program, such as `O.hidden1.weights`.
  public let name: String

  /// The lengths of all axes, outermost first; numbers, since the memory is made before any feed is
  /// known. Empty for a scalar.
  public let extents: [Int]

  /// How the first value is made.
  public let initializer: Initializer

  /// Whether optimizers change it: parameters lie side by side in one flat buffer.
  public let isTrainable: Bool

  /// Makes a trainable parameter or, with `isTrainable: false`, a piece of memory.
  public init(
    _ name: String, _ extents: [Int], initializer: Initializer, isTrainable: Bool = true
  ) {
    self.name = name
    self.extents = extents
    self.initializer = initializer
    self.isTrainable = isTrainable
  }

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
}

extension Sequence where Element: Hashable {
  /// The elements without repetitions, in order of first occurrence.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
