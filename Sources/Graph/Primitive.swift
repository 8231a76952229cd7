import Tensors

/// One operation of the graph language: its type, its value, its derivative and its batched form.
///
/// Stored properties are the attributes of the operation, operands are edges of the graph. All that a
/// transformation needs to know about a primitive stands in its own file. How its value is computed
/// is asked by `Kernel`, whose requirements have defaults, except `evaluate`.
public protocol Primitive: Kernel, Hashable {
  /// The type of the result, or the reason the operands do not fit.
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType

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

  /// Which operands the rows of the result come from, if each row along axis 0 needs the same row of
  /// these and the others as a whole; `nil` if that is not so.
  func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]?

  /// For each operand the extent below which its elements have to lie, since they address rows;
  /// `nil` where any element will do.
  ///
  /// A session compares the indices of a feed with the extents before it runs, so kernels need not.
  func operandBounds(_ operands: [TensorType]) -> [Extent?]

  /// The extents below which the elements of operands have to lie for all elements of the result, an
  /// index, to lie in `0 ..< bound`; `nil` if that does not follow from the operands.
  ///
  /// Results of which it is not known are compared when they are computed.
  func operandBounds(_ operands: [TensorType], forResultBelow bound: Extent) -> [Extent?]?
}

extension Primitive {
  /// None: rows are spread over dense slices.
  public func segmented(_ operands: [Batched], slices: Extent) -> Batched? { nil }

  /// False: elements are computed.
  public var movesElements: Bool { false }

  /// False: rows differ.
  public var repeatsRows: Bool { false }

  /// None: a row of the result may need any row of the operands.
  public func rowOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? { nil }

  /// Those that rows come from: where rows stay apart they are computed in blocks.
  public func blockOperands(_ operands: [TensorType], result: TensorType) -> [Bool]? {
    rowOperands(operands, result: result)
  }

  /// None: no operand addresses rows.
  public func operandBounds(_ operands: [TensorType]) -> [Extent?] { operands.map { _ in nil } }

  /// The bound itself where elements are moved, and unknown otherwise.
  public func operandBounds(
    _ operands: [TensorType], forResultBelow bound: Extent
  ) -> [Extent?]? {
    movesElements ? operandBounds(operands).map { $0 == nil ? bound : nil } : nil
  }

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
