/// An operation of a Jacobian that does not keep the rows of different errors apart, so that from there
/// on each error has rows of its own, most of them zero.
///
/// The result is right and costs as many passes as there are errors. `Program.denseFallbacks` lists
/// those of a program.
public struct DenseFallback: Hashable, Sendable, CustomStringConvertible {
  /// The operation with its attributes.
  public let operation: String

  /// The types of its operands without errors' axes.
  public let operands: [TensorType]

  /// The type of the result for all errors, [errors, …].
  public let result: TensorType

  /// A sentence such as `gather(real[atoms, 8], index[pairs]) becomes real[samples, pairs, 8]`.
  public var description: String {
    let types = operands.map(\.description).joined(separator: ", ")
    return "\(operation)(\(types)) does not keep errors apart and becomes \(result)"
  }
}

extension DenseFallback {
  /// The report on one operation of a batch; `nil` where no number of rows makes its memory large or
  /// where an operand was already dense.
  init?(
    of symbol: Symbol, _ operands: [Batched], result: Batched, isSpread: Bool
  ) {
    guard let primitive = symbol.primitive, case .perSlice(let value) = result else { return nil }
    let spreadsRows =
      isSpread && operands.contains { $0.segmented?.value.shape.hasNamedExtent ?? false }
    let growsRows =
      symbol.shape.hasNamedExtent
      && !operands.contains { $0.isLargePerSlice }
    guard spreadsRows || growsRows else { return nil }
    self.init(
      operation: primitive.name, operands: symbol.operands.map(\.type), result: value.type)
  }
}

extension Shape {
  fileprivate var hasNamedExtent: Bool { extents.contains { $0.constant == nil } }
}

extension Batched {
  /// Whether each slice has a value whose size depends on a feed.
  fileprivate var isLargePerSlice: Bool {
    guard case .perSlice(let symbol) = self else { return false }
    return Shape(symbol.shape.extents.dropFirst()).hasNamedExtent
  }
}
