public import Tensors

/// One operation of the graph language: its type, its value, its derivative and its batched form.
///
/// Stored properties are the attributes of the operation, operands are edges of the graph. All that a
/// transformation needs to know about a primitive stands in its own file.
public protocol Primitive: Hashable, Sendable {
  /// The name in printed programs; by default the type's name with a small first letter.
  var name: String { get }

  /// The name with its attributes, as printed programs show it.
  var text: String { get }

  /// The type of the result, or the reason the operands do not fit.
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType

  /// Computes the result. Every element of `result` must be written.
  func evaluate<Scalar: RealScalar>(_ operands: Operands<Scalar>, into result: Destination<Scalar>)

  /// The cotangent of each operand, written with primitives; `nil` where it is identically zero.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?]

  /// The same operation per slice of a new leading axis of length `slices`.
  ///
  /// Asked only if some operand has that axis; `operands[i]` has it where `isBatched[i]`.
  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol

  /// The batched form for operands of which each row belongs to one slice, or `nil` where there is
  /// none cheaper than the dense one.
  func segmented(_ operands: [Batched], slices: Extent) -> Batched?

  /// Whether the result holds elements of the operands and nothing that is computed from them, so that
  /// it need not be kept where the operands are.
  var movesElements: Bool { get }

  /// Whether all rows of the result along axis 0 are the same, whatever the operands are.
  var repeatsRows: Bool { get }

  /// How many scalars of scratch memory `evaluate` needs for operands of these shapes.
  func scratchCount(
    _ shapes: [ResolvedShape], result: ResolvedShape, workers: Workers
  ) -> Int

  /// Whether the result may be written over this operand, so that a variable changes in place.
  func canOverwrite(operand: Int) -> Bool

  /// Extents among the attributes that `evaluate` needs as numbers; see `Operands.attribute`.
  var attributeExtents: [Extent] { get }

  /// Whether the result is the first operand's memory under another shape, so that nothing is moved.
  var isView: Bool { get }

  /// Which operands the rows of the result come from, if each row along axis 0 needs the same row of
  /// these and the others as a whole; `nil` if that is not so.
  ///
  /// Such operations are done block by block of rows, one after the other while a block is in the
  /// cache, and blocks by several threads.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]?

  /// Whether `evaluate` shares its work among threads, so that it is not to run beside others.
  var sharesWork: Bool { get }

  /// How many values are computed for each element of the result, which tells whether rows are worth
  /// sharing among threads.
  var valuesPerElement: Int { get }
}

extension Primitive {
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

  /// None: rows are spread over dense slices.
  public func segmented(_ operands: [Batched], slices: Extent) -> Batched? { nil }

  /// False: elements are computed.
  public var movesElements: Bool { false }

  /// False: rows differ.
  public var repeatsRows: Bool { false }

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
  public func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? { nil }

  /// False: one thread does it all.
  public var sharesWork: Bool { false }

  /// One.
  public var valuesPerElement: Int { 1 }

  /// Whether both are the same operation with the same attributes.
  func isEqual(to other: any Primitive) -> Bool { other as? Self == self }

  /// The symbol of this operation applied to the operands.
  ///
  /// Traps with a sentence that names the operation and all shapes when they do not fit.
  public func callAsFunction(_ operands: Symbol...) -> Symbol { applied(to: operands) }

  /// The symbol of this operation applied to the operands.
  public func applied(to operands: [Symbol]) -> Symbol {
    do {
      let type = try resultType(operands.map(\.type))
      return Symbol(.operation(self), operands: operands, type: type)
    } catch {
      let types = operands.map(\.type.description).joined(separator: ", ")
      trap("\(name) \(error), got (\(types))")
    }
  }
}
