import Graph
import Layers
import Tensors

/// The symmetry functions of some atoms, [rows, functions], by the fused kernel of `Layers`.
///
/// Operands: displacements [pairs, 3] sorted by first atom, the atomic number of each pair's second
/// atom [pairs], the start of each atom's pairs [atoms + 1], and the atom of each row [rows]. Each
/// atom must stand in one row at most.
struct AtomDescriptors: Primitive {
  var set: SymmetryFunctionSet

  var text: String { "\(name)[functions: \(set.count)]" }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 4 && operands[0].elements == .real && operands[0].shape.rank == 2
        && operands[1] == .index([operands[0].shape[0]])
        && operands.dropFirst(2).allSatisfy { $0.elements == .index && $0.shape.rank == 1 },
      "needs displacements, elements of pairs, starts of pairs and the atoms of rows")
    return .real([operands[3].shape[0], .fixed(set.count)])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    forEachEnvironment(of: set, operands) { evaluator, row, environment, _ in
      evaluator.values(of: environment, into: result.base + row * set.count)
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    [AtomDescriptorGradient(set: set).applied(to: operands + [cotangent]), nil, nil, nil]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    preconditionFailure("atomDescriptors: the geometry must be the same for every slice")
  }
}

/// The pullback of descriptors, `Σ_f weights[f] ∂G_f/∂d`, [pairs, 3]; zero for pairs of other rows.
///
/// Operands: those of `AtomDescriptors` and the weights, [rows, functions].
struct AtomDescriptorGradient: Primitive {
  var set: SymmetryFunctionSet

  var text: String { "\(name)[functions: \(set.count)]" }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 5 && operands[4].shape == [operands[3].shape[0], .fixed(set.count)],
      "needs the operands of descriptors and a weight for each")
    return operands[0]
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    result.base.update(repeating: 0, count: result.shape.count)
    forEachEnvironment(of: set, operands) { evaluator, row, environment, pair in
      evaluator.addGradient(
        of: environment, weights: operands[4] + row * set.count, to: result.base + 3 * pair)
    }
  }

  /// Linear in the weights; the derivative by displacements has no fused kernel.
  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let tangent = AtomDescriptorTangent(set: set)
    let missing = MissingCurvature()(cotangent)
    return [missing, nil, nil, nil, tangent.applied(to: operands.prefix(4) + [cotangent])]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    preconditionFailure(
      "atomDescriptorGradient: Jacobians of forces are made from cached descriptors")
  }
}

/// The change of descriptors along a direction, `Σ ∂G/∂d · direction`, [rows, functions].
///
/// Operands: those of `AtomDescriptors` and the direction, [pairs, 3].
struct AtomDescriptorTangent: Primitive {
  var set: SymmetryFunctionSet

  var text: String { "\(name)[functions: \(set.count)]" }

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(
      operands.count == 5 && operands[4].shape == operands[0].shape,
      "needs the operands of descriptors and a direction for each pair")
    return .real([operands[3].shape[0], .fixed(set.count)])
  }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    forEachEnvironment(of: set, operands) { evaluator, row, environment, pair in
      let target = result.base + row * set.count
      let direction = operands[4] + 3 * pair
      withUnsafeTemporaryAllocation(
        of: Scalar.self, capacity: set.count * (3 * environment.count + 1)
      ) { memory in
        let values = memory.baseAddress.unsafelyUnwrapped
        let slopes = values + set.count
        evaluator.valuesAndDerivatives(of: environment, values: values, derivatives: slopes)
        target.update(repeating: 0, count: set.count)
        for component in 0..<3 * environment.count {
          let slope = slopes + component * set.count
          for function in 0..<set.count {
            target[function] += slope[function] * direction[component]
          }
        }
      }
    }
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    let gradient = AtomDescriptorGradient(set: set)
    let missing = MissingCurvature()(operands[0])
    return [missing, nil, nil, nil, gradient.applied(to: operands.prefix(4) + [cotangent])]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    preconditionFailure("atomDescriptorTangent: the geometry must be the same for every slice")
  }
}

/// Stands where a second derivative of descriptors by positions would; traps if it is ever needed.
struct MissingCurvature: Primitive {
  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType { operands[0] }

  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    preconditionFailure("the fused symmetry functions have no second derivative by positions")
  }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] { [nil] }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    MissingCurvature()(operands[0])
  }
}

/// Calls `body` for each row with its number, its atom's surroundings and the first of its pairs.
///
/// Rows are cut into chunks, each with an evaluator of its own.
private func forEachEnvironment<Scalar: RealScalar>(
  of set: SymmetryFunctionSet, _ operands: Operands<Scalar>,
  _ body: (SymmetryFunctionEvaluator<Scalar>, Int, AtomEnvironment<Scalar>, Int) -> Void
) {
  let rows = operands.shape(3)[0]
  let chunk = max(16, (rows + 4 * operands.workers.count - 1) / (4 * operands.workers.count))
  operands.workers.forEach((rows + chunk - 1) / chunk) { number in
    let evaluator = SymmetryFunctionEvaluator<Scalar>(set)
    for row in number * chunk..<min(rows, (number + 1) * chunk) {
      let atom = Int(operands.indices(3)[row])
      let (start, end) = (Int(operands.indices(2)[atom]), Int(operands.indices(2)[atom + 1]))
      let environment = AtomEnvironment(
        displacements: operands[0] + 3 * start, elements: operands.indices(1) + start,
        count: end - start)
      body(evaluator, row, environment, start)
    }
  }
}
