import Tensors

/// Computes the functions, as `sums`, and their derivatives by each displacement.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func computeDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ environment: AtomEnvironment<Scalar>
) {
  neighbors.stage(environment)
  neighbors.sums.update(repeating: 0, count: Scalar.lanes * constants.functionCount)
  for function in 0..<constants.functionCount {
    for axis in 0..<3 {
      neighbors.derivative(function, axis).update(repeating: 0, count: neighbors.total)
    }
  }
  for number in constants.radial.indices {
    addRadialDerivatives(constants, neighbors, constants.radial[number])
  }
  for number in constants.angular.indices {
    addAngularDerivatives(constants, neighbors, constants.angular[number])
  }
}

@inline(__always)
private func addRadialDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Radial
) {
  let (window, slope) = (neighbors.window(group.window), neighbors.slope(group.window))
  let (r, inverse) = (neighbors.r, neighbors.inverse)
  let (x, y, z) = (neighbors.x, neighbors.y, neighbors.z)
  let start = neighbors.starts[group.element]
  let end = start + neighbors.counts[group.element]
  for number in group.terms {
    let term = constants.radialTerms[number]
    let byX = neighbors.derivative(term.function, 0)
    let byY = neighbors.derivative(term.function, 1)
    let byZ = neighbors.derivative(term.function, 2)
    var sum = Scalar.Vector(repeating: 0)
    var k = start
    while k < end {
      let distance = r.lanes(at: k) - term.shift
      let windowK = window.lanes(at: k)
      let value = Scalar.decay(distance * distance * term.eta)
      sum.addProduct(value, windowK)
      let slopeK = slope.lanes(at: k).addingProduct(windowK, distance * (-2 * term.eta))
      let along = value * slopeK * inverse.lanes(at: k) * term.scale
      byX.setLanes(along * x.lanes(at: k), at: k)
      byY.setLanes(along * y.lanes(at: k), at: k)
      byZ.setLanes(along * z.lanes(at: k), at: k)
      k += Scalar.lanes
    }
    let total = neighbors.sums.lanes(at: Scalar.lanes * term.function)
    neighbors.sums.setLanes(
      total.addingProduct(sum, Scalar.Vector(repeating: term.scale)),
      at: Scalar.lanes * term.function)
  }
}

private func addAngularDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular
) {
  let block = neighbors.triplets
  let end = neighbors.starts[group.first] + neighbors.counts[group.first]
  var j = neighbors.starts[group.first]
  while j < end {
    j = neighbors.fill(block, of: group, from: j)
    if block.count == 0 { continue }
    neighbors.computeWindows(block, of: group)
    neighbors.computePowers(block, of: group)
    for gaussian in group.gaussians {
      let gaussian = constants.gaussians[gaussian]
      neighbors.computeExponentials(block, gaussian, of: group)
      setUnitTerms(gaussian, block)
      neighbors.computeTurns(block)
      addTerms(constants, gaussian, block, to: neighbors.sums)
      neighbors.computeCoefficients(block, of: group)
      for term in gaussian.terms { neighbors.addDerivative(constants.angularTerms[term], block) }
    }
  }
}

/// Sets the sums over terms to one Gaussian's alone, with an angular part of 1: the coefficients are
/// linear in the angular part and its derivative, so those of one and zero are enough for all terms.
private func setUnitTerms<Scalar: RealScalar>(
  _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian, _ block: TripletBlock<Scalar>
) {
  let (exponential, value, pull) = (block.exponential, block.value, block.pull)
  let (shiftedPull, byCosine) = (block.shiftedPull, block.byCosine)
  let slope = -2 * gaussian.eta
  let shiftedSlope = slope * gaussian.shift
  for number in 0..<block.wideCount {
    let place = Scalar.lanes * number
    let factor = exponential.lanes(at: place)
    value.setLanes(factor, at: place)
    pull.setLanes(factor * slope, at: place)
    shiftedPull.setLanes(factor * shiftedSlope, at: place)
    byCosine.setLanes(Scalar.Vector(repeating: 0), at: place)
  }
}

extension StagedNeighbors {
  /// Computes the coefficients that belong to the derivative of an angular part,
  /// `-C cos θ / r_j²`, `-C cos θ / r_k²` and `C / (r_j r_k)` with C the Gaussian in its windows.
  fileprivate func computeTurns(_ block: TripletBlock<Scalar>) {
    let (first, second, inverse) = (block.first, block.second, self.inverse)
    let (turnJ, turnK, turnAcross) = (block.turnJ, block.turnK, block.turnAcross)
    for number in 0..<block.count {
      let place = Scalar.shortLanes * number
      let inverseJ = Scalar.ShortVector(repeating: inverse[Int(first[number])])
      let inverseK = inverse.shortLanes(at: Int(second[number]))
      let value = block.exponential.shortLanes(at: place) * block.factor.shortLanes(at: place)
      let turn = value * block.cosine.shortLanes(at: place)
      turnJ.setShortLanes(0 - turn * (inverseJ * inverseJ), at: place)
      turnK.setShortLanes(0 - turn * (inverseK * inverseK), at: place)
      turnAcross.setShortLanes(value * (inverseJ * inverseK), at: place)
    }
  }

  /// Adds the gradients of one term to the derivatives of its function.
  fileprivate func addDerivative(
    _ term: SymmetryFunctionConstants<Scalar>.AngularTerm, _ block: TripletBlock<Scalar>
  ) {
    let (x, y, z, first, second) = (self.x, self.y, self.z, block.first, block.second)
    let (alongJ, alongK, across) = (block.alongJ, block.alongK, block.across)
    let (turnJ, turnK, turnAcross) = (block.turnJ, block.turnK, block.turnAcross)
    let (power, slope) = (block.power(term.power), block.powerDerivative(term.power))
    let byX = derivative(term.function, 0)
    let byY = derivative(term.function, 1)
    let byZ = derivative(term.function, 2)
    let count = block.count
    var number = 0
    while number < count {
      let j = Int(first[number])
      let xj = Scalar.ShortVector(repeating: x[j])
      let yj = Scalar.ShortVector(repeating: y[j])
      let zj = Scalar.ShortVector(repeating: z[j])
      var sumX = Scalar.ShortVector(repeating: 0)
      var sumY = Scalar.ShortVector(repeating: 0)
      var sumZ = Scalar.ShortVector(repeating: 0)
      while number < count && Int(first[number]) == j {
        let (place, k) = (Scalar.shortLanes * number, Int(second[number]))
        let value = power.shortLanes(at: place) * term.scale
        let turn = slope.shortLanes(at: place) * term.scale
        let ofJ = (alongJ.shortLanes(at: place) * value)
          .addingProduct(turnJ.shortLanes(at: place), turn)
        let ofK = (alongK.shortLanes(at: place) * value)
          .addingProduct(turnK.shortLanes(at: place), turn)
        let both = (across.shortLanes(at: place) * value)
          .addingProduct(turnAcross.shortLanes(at: place), turn)
        let (xk, yk, zk) = (x.shortLanes(at: k), y.shortLanes(at: k), z.shortLanes(at: k))
        sumX = sumX.addingProduct(ofJ, xj).addingProduct(both, xk)
        sumY = sumY.addingProduct(ofJ, yj).addingProduct(both, yk)
        sumZ = sumZ.addingProduct(ofJ, zj).addingProduct(both, zk)
        byX.setShortLanes(
          byX.shortLanes(at: k).addingProduct(ofK, xk).addingProduct(both, xj), at: k)
        byY.setShortLanes(
          byY.shortLanes(at: k).addingProduct(ofK, yk).addingProduct(both, yj), at: k)
        byZ.setShortLanes(
          byZ.shortLanes(at: k).addingProduct(ofK, zk).addingProduct(both, zj), at: k)
        number += 1
      }
      byX[j] += sumX.total
      byY[j] += sumY.total
      byZ[j] += sumZ.total
    }
  }
}
