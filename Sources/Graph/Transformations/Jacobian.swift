import Tensors

/// The form in which a Jacobian's one-hot cotangents go through the graph.
public enum JacobianForm: Sendable, CaseIterable {
  /// As a dense identity matrix: the definition, and what tests compare with.
  case dense
  /// As rows that each belong to one error, as long as the graph keeps the rows of different errors
  /// apart: the cost of one gradient plus writing the result.
  case segmented
}

/// The Jacobian `J[i, j] = ∂errors[i] / ∂sources[j]`, of shape [errors, elements of all sources].
///
/// It is the pullback of the errors, batched over one-hot cotangents; the columns follow the order
/// of `sources`, each flattened. Errors that are concatenated have Jacobians of their own, one below the
/// other, since a row of the graph may belong to one error of each kind. Where the rows of different
/// errors do not stay apart, `Program.denseFallbacks` lists the operation.
public func jacobian(
  of errors: Symbol, by sources: [Symbol], form: JacobianForm = .segmented
) -> Symbol {
  ensure(errors.rank == 1, "jacobian needs a vector of errors, got \(errors.type)")
  if form == .segmented, let concatenate = errors.primitive as? Concatenate, concatenate.axis == 0 {
    return .concatenating(
      errors.operands.map { jacobian(of: $0, by: sources, form: form) }, axis: 0)
  }
  let slices = errors.shape[0]
  let seed = Symbol.placeholder("one-hot cotangent", errors.shape)
  let identity: Batched =
    switch form {
    case .dense: .perSlice(OneHot(count: slices)(Iota(count: slices)()))
    case .segmented:
      .segmented(
        Segmented(value: .fill(1, errors.shape), axis: 0, segments: Iota(count: slices)()))
    }
  let cotangents = pullback(of: errors, by: sources, cotangent: seed)
  let reached = batch(cotangents.compactMap(\.self), slices: slices, replacing: [seed: identity])
  var remaining = reached[...]
  let columns = zip(sources, cotangents).map { source, cotangent -> Symbol in
    let shape = source.shape.inserting(slices, at: 0)
    let flat: Shape = [slices, source.shape.count]
    guard cotangent != nil else { return .fill(0, flat) }
    let (symbol, isBatched) = remaining.removeFirst().dense(slices: slices)
    return (isBatched ? symbol : symbol.broadcast(to: shape, axes: Array(1..<shape.rank)))
      .reshaped(flat)
  }
  return columns.count == 1 ? columns[0] : .concatenating(columns, axis: 1)
}
