import Tensors

/// Computes the functions of one atom.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func computeValues<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ environment: AtomEnvironment<Scalar>, into values: UnsafeMutablePointer<Scalar>
) {
  neighbors.stage(environment)
  let sums = neighbors.sums
  sums.update(repeating: 0, count: Scalar.lanes * constants.functionCount)
  for number in constants.radial.indices {
    let group = constants.radial[number]
    let window = neighbors.window(group.window)
    let r = neighbors.r
    let start = neighbors.starts[group.element]
    let end = start + neighbors.counts[group.element]
    for number in group.terms {
      let term = constants.radialTerms[number]
      var sum = Scalar.Vector(repeating: 0)
      var k = start
      while k < end {
        let distance = r.lanes(at: k) - term.shift
        let exponent: Scalar.Vector = distance * distance * term.eta
        sum.addProduct(Scalar.decay(exponent), window.lanes(at: k))
        k += Scalar.lanes
      }
      let total = sums.lanes(at: Scalar.lanes * term.function)
      sums.setLanes(
        total.addingProduct(sum, Scalar.Vector(repeating: term.scale)),
        at: Scalar.lanes * term.function)
    }
  }
  for number in constants.angular.indices {
    addAngularValues(constants, neighbors, constants.angular[number])
  }
  for function in 0..<constants.functionCount {
    values[function] = sums.lanes(at: Scalar.lanes * function).total
  }
}

/// Adds the terms of all triplets to the functions' sums, a vector for each function.
private func addAngularValues<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular
) {
  let block = neighbors.triplets
  let end = neighbors.starts[group.first] + neighbors.counts[group.first]
  var j = neighbors.starts[group.first]
  while j < end {
    j = neighbors.fill(block, of: group, from: j)
    neighbors.computeWindows(block, of: group)
    neighbors.computePowers(block, of: group)
    for gaussian in group.gaussians {
      let gaussian = constants.gaussians[gaussian]
      neighbors.computeExponentials(block, gaussian, of: group)
      addTerms(constants, gaussian, block, to: neighbors.sums)
    }
  }
}

/// Adds the terms of one Gaussian; its exponentials become their products with the windows.
func addTerms<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>,
  _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian, _ block: TripletBlock<Scalar>,
  to sums: UnsafeMutablePointer<Scalar>
) {
  let (factor, value, count) = (block.factor, block.exponential, block.wideCount)
  for number in 0..<count {
    value.setLanes(
      value.lanes(at: Scalar.lanes * number) * factor.lanes(at: Scalar.lanes * number),
      at: Scalar.lanes * number)
  }
  for term in gaussian.terms {
    let term = constants.angularTerms[term]
    let power = block.power(term.power)
    var even = Scalar.Vector(repeating: 0)
    var odd = Scalar.Vector(repeating: 0)
    var number = 0
    while number + 1 < count {
      even.addProduct(
        value.lanes(at: Scalar.lanes * number), power.lanes(at: Scalar.lanes * number))
      odd.addProduct(
        value.lanes(at: Scalar.lanes * number + Scalar.lanes),
        power.lanes(at: Scalar.lanes * number + Scalar.lanes))
      number += 2
    }
    if number < count {
      even.addProduct(
        value.lanes(at: Scalar.lanes * number), power.lanes(at: Scalar.lanes * number))
    }
    let total = sums.lanes(at: Scalar.lanes * term.function)
    sums.setLanes(
      total.addingProduct(even + odd, Scalar.Vector(repeating: term.scale)),
      at: Scalar.lanes * term.function)
  }
}
