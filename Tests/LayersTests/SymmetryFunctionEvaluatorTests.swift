import Layers
import Tensors
import TestSupport
import Testing

/// The kernels against the oracle, which evaluates one function and one triplet at a time.
@Suite("The evaluator of symmetry functions")
struct SymmetryFunctionEvaluatorTests {
  @Test(
    "values and derivatives are the oracle's", arguments: CutoffFunction.allCases,
    [0, 1, 2, 3, 5, 9, 105])
  func oracle(shape: CutoffFunction, count: Int) {
    let set = SymmetryFunctionSet(functions: Self.functions(shape))
    let neighbors = Self.neighbors(count, seed: UInt64(count), elements: [1, 6, 8])
    let found = Evaluation<Double>(set, neighbors)
    for (column, function) in set.functions.enumerated() {
      let expected = SymmetryFunctionOracle.evaluate(function, neighbors)
      #expect(abs(found.values[column] - expected.value) <= 1e-10 * (1 + abs(expected.value)))
      let scale = 1 + (expected.gradients.flatMap { [abs($0.x), abs($0.y), abs($0.z)] }.max() ?? 0)
      var worst = 0.0
      for (neighbor, gradient) in expected.gradients.enumerated() {
        let own = found.derivative(neighbor, column)
        for axis in 0..<3 { worst = max(worst, abs(own[axis] - gradient[axis])) }
      }
      #expect(worst <= 1e-10 * scale, "function \(column) \(function)")
    }
  }

  @Test(
    "the gradient is the weighted sum of the derivatives", arguments: [0, 1, 2, 5, 9, 40, 105],
    [[1], [8], [1, 8], [1, 6, 7, 8]])
  func gradient(count: Int, elements: [Int]) {
    let set = SymmetryFunctionSet(functions: Self.functions(.polynomial2))
    let neighbors = Self.neighbors(count, seed: 7, elements: elements)
    let found = Evaluation<Double>(set, neighbors)
    for neighbor in 0..<count {
      for axis in 0..<3 {
        var sum = Evaluation<Double>.start
        for (column, weight) in found.weights.enumerated() {
          sum += weight * found.derivative(neighbor, column)[axis]
        }
        #expect(abs(found.gradient[3 * neighbor + axis] - sum) <= 1e-10 * (1 + abs(sum)))
      }
    }
  }

  @Test("single precision agrees with double precision", arguments: [1, 9, 105])
  func single(count: Int) {
    let set = SymmetryFunctionSet(functions: Self.functions(.tanhCubed))
    let neighbors = Self.neighbors(count, seed: 3, elements: [1, 6, 8])
    let (single, double) = (
      Evaluation<Float>(set, neighbors), Evaluation<Double>(set, neighbors)
    )
    #expect(largestDifference(single.values.map(Double.init), double.values) < 2e-5)
    #expect(largestDifference(single.gradient.map(Double.init), double.gradient) < 1e-3)
    #expect(largestDifference(single.derivatives.map(Double.init), double.derivatives) < 2e-4)
  }

  @Test("an evaluator remembers nothing of the atoms before")
  func reuse() {
    let set = SymmetryFunctionSet(functions: Self.functions(.cosine))
    let evaluator = SymmetryFunctionEvaluator<Double>(set)
    let large = Self.neighbors(105, seed: 1, elements: [1, 6, 8])
    let small = Self.neighbors(5, seed: 2, elements: [1, 8])
    _ = Evaluation(evaluator, large)
    #expect(Evaluation(evaluator, small).values == Evaluation<Double>(set, small).values)
    #expect(Evaluation(evaluator, small).gradient == Evaluation<Double>(set, small).gradient)
    #expect(Evaluation(evaluator, large).derivatives == Evaluation<Double>(set, large).derivatives)
  }

  @Test("the order of neighbours does not matter, and equal sets are equal")
  func permutation() {
    let functions = Self.functions(.polynomial1)
    let set = SymmetryFunctionSet(functions: functions)
    let neighbors = Self.neighbors(40, seed: 5, elements: [1, 6, 8])
    let found = Evaluation<Double>(set, neighbors)
    let reversed = Evaluation<Double>(set, neighbors.reversed())
    #expect(largestDifference(found.values, reversed.values) < 1e-12)
    #expect(set == SymmetryFunctionSet(functions: functions))
    #expect(set != SymmetryFunctionSet(functions: functions.reversed()))
    #expect(set.neighborElements == [1, 8])
  }

  /// Radial and angular functions of hydrogen and oxygen, with two cutoffs.
  static func functions(_ shape: CutoffFunction) -> [SymmetryFunction] {
    let near = Cutoff(shape, radius: 6, innerFraction: 0.3)
    let far = Cutoff(shape, radius: 8)
    var functions: [SymmetryFunction] = [
      .radial(.init(neighbor: 1, eta: 0.05, cutoff: near)),
      .radial(.init(neighbor: 8, eta: 0.4, shift: 2.5, cutoff: near)),
      .radial(.init(neighbor: 8, eta: 0.01, cutoff: far)),
    ]
    let angular = [(1, 1), (1, 8), (8, 8)].flatMap { first, second in
      [(1.0, 0.03), (2, 0.03), (4, 0.1), (1.5, 0.1), (16, 0)].flatMap { zeta, eta in
        [1.0, -1].map { lambda in
          AngularSymmetryFunction(
            neighbors: first, second, eta: eta, lambda: lambda, zeta: zeta,
            shift: zeta == 2 ? 1.1 : 0, cutoff: zeta == 4 ? far : near)
        }
      }
    }
    for function in angular { functions += [.narrowAngular(function), .wideAngular(function)] }
    return functions
  }

  /// Neighbours in a ball a little larger than the cutoffs, none closer than 0.7.
  static func neighbors(_ count: Int, seed: UInt64, elements: [Int]) -> [OracleNeighbor] {
    var random = RandomStream(seed: seed, stream: 1)
    var result: [OracleNeighbor] = []
    while result.count < count {
      let unit = SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble())
      let place: SIMD3<Double> = unit * 17 - 8.5
      guard (place * place).sum() > 0.49 else { continue }
      let element = elements[Int(random.uniformDouble() * Double(elements.count))]
      result.append(OracleNeighbor(displacement: place, element: element, atom: result.count))
    }
    return result
  }
}

/// What all three kernels give for one atom.
struct Evaluation<Scalar: RealScalar> {
  /// What the gradient held before, since it is added to.
  static var start: Scalar { 0.25 }

  let values: [Scalar]
  let derivatives: [Scalar]
  let weights: [Scalar]
  let gradient: [Scalar]

  init(_ set: SymmetryFunctionSet, _ neighbors: [OracleNeighbor]) {
    self.init(SymmetryFunctionEvaluator<Scalar>(set), neighbors)
  }

  init(_ evaluator: SymmetryFunctionEvaluator<Scalar>, _ neighbors: [OracleNeighbor]) {
    let functions = evaluator.functionCount
    let displacements = neighbors.flatMap { neighbor in
      (0..<3).map { Scalar(neighbor.displacement[$0]) }
    }
    let elements = neighbors.map { Int32($0.element) }
    let weights = (0..<functions).map { Scalar(($0 * 7) % 5) - 1.5 }
    var values = [Scalar](repeating: .nan, count: functions)
    var again = values
    var derivatives = [Scalar](repeating: .nan, count: neighbors.count * 3 * functions + 1)
    var gradient = [Scalar](repeating: Self.start, count: neighbors.count * 3 + 1)
    (displacements + [0]).withUnsafeBufferPointer { displacements in
      (elements + [0]).withUnsafeBufferPointer { elements in
        let environment = AtomEnvironment(
          displacements: displacements.baseAddress!, elements: elements.baseAddress!,
          count: neighbors.count)
        evaluator.values(of: environment, into: &values)
        evaluator.valuesAndDerivatives(
          of: environment, values: &again, derivatives: &derivatives)
        evaluator.addGradient(of: environment, weights: weights, to: &gradient)
      }
    }
    let difference = zip(values, again).map { abs($0 - $1) / (1 + abs($0)) }.max() ?? 0
    #expect(difference < (Scalar.scalarType == .float32 ? 1e-5 : 1e-13))
    self.values = values
    self.weights = weights
    self.derivatives = derivatives.dropLast()
    self.gradient = gradient.dropLast()
  }

  func derivative(_ neighbor: Int, _ function: Int) -> SIMD3<Scalar> {
    let block = 3 * values.count * neighbor + function
    return SIMD3(
      derivatives[block], derivatives[block + values.count], derivatives[block + 2 * values.count])
  }
}
