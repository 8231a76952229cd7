/// How a symbol looks when a graph is repeated over slices.
public enum Batched: Sendable {
  /// The same for every slice.
  case shared(Symbol)

  /// A value for each slice, along a new leading axis.
  case perSlice(Symbol)

  /// Each row belongs to one slice and is zero in all others.
  case segmented(Segmented)
}

/// A batch of which slice `s` holds row `r` of `value` if `segments[r] == s` and zeros elsewhere.
///
/// Energies are sums over the rows of their atoms. The one-hot cotangents of all energies together
/// then cost as much memory as a single cotangent, and a product that contracts the rows falls into
/// the Jacobian's rows.
public struct Segmented: Sendable {
  /// The rows of all slices together, in the shape that the unrepeated graph has.
  public var value: Symbol

  /// The axis of `value` that runs over rows.
  public var axis: Int

  /// The slice of each row, an index of shape [rows].
  public var segments: Symbol

  /// Makes a batch of rows that each belong to the slice that `segments` gives for them.
  public init(value: Symbol, axis: Int, segments: Symbol) {
    self.value = value
    self.axis = axis
    self.segments = segments
  }

  /// The same segmentation of another value.
  public func with(_ value: Symbol, axis: Int? = nil, segments: Symbol? = nil) -> Batched {
    .segmented(
      Segmented(value: value, axis: axis ?? self.axis, segments: segments ?? self.segments))
  }

  /// The dense form, of shape [slices] + the shape of `value`.
  package func dense(slices: Extent) -> Symbol {
    let shape = value.shape.inserting(slices, at: 0)
    let mask = OneHot(count: slices)(segments).broadcast(to: shape, axes: [0, axis + 1])
    // A choice and no product, so that an infinite row stays within its slice.
    return mask.select(value.broadcast(to: shape, axes: Array(1..<shape.rank)), .fill(0, shape))
  }
}

extension Batched {
  /// The symbol, if it is the same for every slice.
  public var shared: Symbol? { if case .shared(let symbol) = self { symbol } else { nil } }

  /// The rows, if each belongs to one slice.
  public var segmented: Segmented? {
    if case .segmented(let segmented) = self { segmented } else { nil }
  }

  /// The value with a leading axis of slices, and whether it has one.
  package func dense(slices: Extent) -> (symbol: Symbol, isBatched: Bool) {
    switch self {
    case .shared(let symbol): (symbol, false)
    case .perSlice(let symbol): (symbol, true)
    case .segmented(let segmented): (segmented.dense(slices: slices), true)
    }
  }
}

/// The graph of `outputs` repeated over slices, where `replacements` says how some of its symbols
/// look per slice.
///
/// A primitive is first asked for its segmented form and, where it has none, for its dense one.
public func batch(
  _ outputs: [Symbol], slices: Extent, replacing replacements: [Symbol: Batched]
) -> [Batched] {
  let order = topologicalOrder(of: outputs)
  let affected = dependents(on: replacements.keys, in: order)
  var forms = replacements
  for symbol in order where affected.contains(symbol) && forms[symbol] == nil {
    guard let primitive = symbol.primitive else { continue }
    let operands = symbol.operands.map { forms[$0] ?? .shared($0) }
    if let form = primitive.segmented(operands, slices: slices) {
      forms[symbol] = form
    } else {
      let dense = operands.map { $0.dense(slices: slices) }
      let result = primitive.batched(
        dense.map(\.symbol), isBatched: dense.map(\.isBatched), slices: slices)
      assert(
        result.shape == symbol.shape.inserting(slices, at: 0),
        "\(primitive.name) batched has shape \(result.shape) instead of \(slices) + \(symbol.shape)"
      )
      forms[symbol] = .perSlice(result)
    }
  }
  return outputs.map { forms[$0] ?? .shared($0) }
}
