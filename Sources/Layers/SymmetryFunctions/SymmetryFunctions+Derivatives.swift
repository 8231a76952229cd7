import Graph
import Tensors

/// Derivatives in plain primitives, for what the fused kernels do not cover.
extension SymmetryFunctions {
  /// `Σ_if c_if ∂G_if/∂d`, `[pairs, 3]`, for each slice of the cotangents.
  func composedGradient(
    _ cotangents: Symbol, at displacements: Symbol, centers: Extent
  ) -> Symbol {
    sliced(cotangents) { cotangents in
      let value = composed(displacements, centers: centers)
      return Graph.pullback(of: value, by: [displacements], cotangent: cotangents)[0]
        ?? .fill(0, displacements.shape)
    }
  }

  /// `Σ_p ∂G_if/∂d_p · v_p`, `[centers, functions]`, for each slice of the directions.
  ///
  /// The pullback of the gradient, which is linear in the cotangents, by the cotangents.
  func composedTangent(_ directions: Symbol, at displacements: Symbol, centers: Extent) -> Symbol {
    sliced(directions) { direction in
      let cotangents = Symbol.placeholder(
        "symmetryFunctions.cotangents", [centers, .fixed(set.count)])
      let gradient = composedGradient(cotangents, at: displacements, centers: centers)
      return Graph.pullback(of: gradient, by: [cotangents, displacements], cotangent: direction)[0]
        ?? .fill(0, cotangents.shape)
    }
  }

  /// `∂/∂d Σ_if c_if Σ_p ∂G_if/∂d_p · v_p`, `[pairs, 3]`, summed over slices.
  func curvature(
    _ cotangents: Symbol, along directions: Symbol, at displacements: Symbol, centers: Extent
  ) -> Symbol {
    guard cotangents.rank == 2 else {
      return repeated(
        [cotangents, directions], isBatched: [true, true], slices: cotangents.shape[0]
      ) {
        curvature($0[0], along: $0[1], at: displacements, centers: centers)
      }.sum(along: 0)
    }
    let gradient = composedGradient(cotangents, at: displacements, centers: centers)
    // The cotangents are named, too, so that what they depend on does not count.
    return Graph.pullback(of: gradient, by: [cotangents, displacements], cotangent: directions)[1]
      ?? .fill(0, displacements.shape)
  }

  /// Repeats a graph over the leading axis of the operands that have it.
  func repeated(
    _ operands: [Symbol], isBatched: [Bool], slices: Extent,
    _ graph: ([Symbol]) -> Symbol
  ) -> Symbol {
    var replacements: [Symbol: Batched] = [:]
    let slice = zip(operands, isBatched).enumerated().map { number, operand in
      guard operand.1 else { return operand.0 }
      let shape = Shape(operand.0.shape.extents.dropFirst())
      let symbol = Symbol.placeholder("slice of operand \(number)", shape)
      replacements[symbol] = .perSlice(operand.0)
      return symbol
    }
    switch batch([graph(slice)], slices: slices, replacing: replacements)[0] {
    case .perSlice(let symbol): return symbol
    case .shared(let symbol): return symbol.repeated(slices)
    case .segmented: trap("symmetryFunctions: dense slices became segmented")
    }
  }

  /// Repeats a graph over all axes of a symbol but the last two.
  private func sliced(_ operand: Symbol, _ graph: (Symbol) -> Symbol) -> Symbol {
    guard operand.rank > 2 else { return graph(operand) }
    return repeated([operand], isBatched: [true], slices: operand.shape[0]) {
      sliced($0[0], graph)
    }
  }
}
