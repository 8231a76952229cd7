public import Tensors

/// The execution of one instruction: memory, threads and rows.
///
/// What an operation means stands in `Primitive`, whose values are kernels themselves. The compiler
/// makes kernels of its own that are no part of the language and have no derivative.
public protocol Kernel: Sendable {
  /// The name in printed programs; by default the type's name with a small first letter.
  var name: String { get }

  /// The name with its attributes, as printed programs show it.
  var text: String { get }

  /// Computes the result. Every element of `result` must be written.
  func evaluate<Scalar: RealScalar>(_ operands: Operands<Scalar>, into result: Destination<Scalar>)

  /// The number of scalars of scratch memory that `evaluate` needs for operands of these shapes.
  func scratchCount(
    _ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers
  ) -> Int

  /// Whether the result may be written over this operand, so that a variable changes in place.
  func canOverwrite(operand: Int) -> Bool

  /// Extents among the attributes that `evaluate` needs as numbers; see `Operands.attribute`.
  var attributeExtents: [Extent] { get }

  /// Whether the result is the first operand's memory under another shape, so that nothing is moved.
  var isView: Bool { get }

  /// The operands that are taken by blocks of rows and not as a whole, or `nil` if the result is best
  /// computed in one go.
  ///
  /// Such kernels run block by block of rows, one after the other while a block is in the cache, and
  /// blocks by several threads. Rows have to stay apart for that, see `Primitive.rowOperands`.
  func blockOperands(_ operands: [TensorType], result: TensorType) -> [Bool]?

  /// The operands whose rows the result is a sum over, so that each block of their rows adds a share;
  /// `nil` if it is no such sum, or too large for each thread to have sums of its own.
  func summedOperands(_ operands: [TensorType], result: TensorType) -> [Bool]?

  /// Adds the share of a block of rows to the result; for kernels that have `summedOperands`.
  func add<Scalar: RealScalar>(_ operands: Operands<Scalar>, to result: Destination<Scalar>)

  /// The rows of the result that the share of a block may change.
  func changedRows<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, of result: ResolvedShape
  ) -> Range<Int>

  /// Whether the rows of the result are those of a table, each any number of times: an axis with such
  /// rows is taken to be many times as long as others.
  var looksUpRows: Bool { get }

  /// Whether `evaluate` shares its work among threads, so that it is not to run beside others.
  var sharesWork: Bool { get }

  /// What it costs to compute rows of the result again, beside keeping them in memory.
  func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost

  /// How many values are computed for each element of the result, which decides whether rows are worth
  /// sharing among threads.
  var valuesPerElement: Int { get }
}

extension Kernel {
  /// The type's name with a small first letter.
  public var name: String {
    let name = String(describing: Self.self)
    return name.prefix(1).lowercased() + name.dropFirst()
  }

  /// The name, with the stored properties in brackets if there are any.
  public var text: String {
    let attributes = Mirror(reflecting: self).children.compactMap { child in
      child.label.map { "\($0): \(child.value)" }
    }
    return attributes.isEmpty ? name : "\(name)[\(attributes.joined(separator: ", "))]"
  }

  /// No scratch memory.
  public func scratchCount(
    _ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers
  ) -> Int { 0 }

  /// False: operands are read while the result is written.
  public func canOverwrite(operand: Int) -> Bool { false }

  /// No extents.
  public var attributeExtents: [Extent] { [] }

  /// False: the result has memory of its own.
  public var isView: Bool { false }

  /// None: the result is computed as a whole.
  public func blockOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? { nil }

  /// None: the result is no sum over rows.
  public func summedOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? { nil }

  /// Traps: the result is no sum over rows.
  public func add<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, to result: Destination<Scalar>
  ) { trap("\(name) has no shares of rows to add") }

  /// All.
  public func changedRows<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, of result: ResolvedShape
  ) -> Range<Int> { 0..<result[0] }

  /// False: rows are computed.
  public var looksUpRows: Bool { false }

  /// False: one thread does it all.
  public var sharesWork: Bool { false }

  /// High: what was computed is kept.
  public func rowCost(_ operands: [TensorType], result: TensorType) -> RowCost { .high }

  /// One.
  public var valuesPerElement: Int { 1 }
}

/// What it costs to compute rows again, beside the way of their elements to the memory and back.
public enum RowCost: Int, Comparable, Sendable {
  /// Little: elements are moved or take a few instructions of the processor.
  case low
  /// As much: elements take a function such as tanh.
  case equal
  /// More.
  case high

  /// Whether one costs less than another.
  public static func < (left: RowCost, right: RowCost) -> Bool { left.rawValue < right.rawValue }
}
