import Tensors

/// Adds the gradient of the weighted sum of the functions to that by each displacement.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func computeGradient<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ environment: AtomEnvironment<Scalar>, weights: UnsafePointer<Scalar>,
  addingTo gradient: UnsafeMutablePointer<Scalar>
) {
  neighbors.stage(environment)
  let total = neighbors.total
  let (along, acrossX) = (neighbors.along, neighbors.acrossX)
  let (acrossY, acrossZ) = (neighbors.acrossY, neighbors.acrossZ)
  for column in [along, acrossX, acrossY, acrossZ] { column.update(repeating: 0, count: total) }
  for number in constants.radial.indices {
    addRadialGradient(constants, neighbors, constants.radial[number], weights)
  }
  for number in constants.angular.indices {
    addAngularGradient(constants, neighbors, constants.angular[number], weights)
  }
  let (x, y, z, origin) = (neighbors.x, neighbors.y, neighbors.z, neighbors.origin)
  for element in constants.elements.indices {
    let start = neighbors.starts[element]
    for k in start..<start + neighbors.counts[element] {
      let result = gradient + 3 * Int(origin[k])
      result[0] += along[k] * x[k] + acrossX[k]
      result[1] += along[k] * y[k] + acrossY[k]
      result[2] += along[k] * z[k] + acrossZ[k]
    }
  }
}

@inline(__always)
private func addRadialGradient<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Radial, _ weights: UnsafePointer<Scalar>
) {
  let (window, slope) = (neighbors.window(group.window), neighbors.slope(group.window))
  let (r, inverse, along) = (neighbors.r, neighbors.inverse, neighbors.along)
  var k = neighbors.starts[group.element]
  let end = k + neighbors.counts[group.element]
  while k < end {
    let rk = r.lanes(at: k)
    let windowK = window.lanes(at: k)
    let slopeK = slope.lanes(at: k)
    var sum = Scalar.Vector(repeating: 0)
    for number in group.terms {
      let term = constants.radialTerms[number]
      let distance = rk - term.shift
      let value =
        Scalar.decay(distance * distance * term.eta) * (weights[term.function] * term.scale)
      sum.addProduct(value, slopeK.addingProduct(windowK, distance * (-2 * term.eta)))
    }
    along.setLanes(along.lanes(at: k).addingProduct(sum, inverse.lanes(at: k)), at: k)
    k += Scalar.lanes
  }
}

private func addAngularGradient<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular, _ weights: UnsafePointer<Scalar>
) {
  let block = neighbors.triplets
  let end = neighbors.starts[group.first] + neighbors.counts[group.first]
  var j = neighbors.starts[group.first]
  while j < end {
    j = neighbors.fill(block, of: group, from: j)
    neighbors.computeWindows(block, of: group)
    neighbors.computePowers(block, of: group)
    block.clearSums()
    for gaussian in group.gaussians {
      let gaussian = constants.gaussians[gaussian]
      neighbors.computeExponentials(block, gaussian, of: group)
      sumAngular(constants, gaussian, weights, block)
      addTerms(gaussian, block)
    }
    neighbors.computeCoefficients(block, of: group)
    neighbors.addTriplets(block)
  }
}

/// Computes the weighted sums of the angular parts of one Gaussian.
private func sumAngular<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>,
  _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian, _ weights: UnsafePointer<Scalar>,
  _ block: TripletBlock<Scalar>
) {
  let (angular, angularDerivative) = (block.angular, block.angularDerivative)
  let count = block.wideCount
  var isFirst = true
  for term in gaussian.terms {
    let term = constants.angularTerms[term]
    let weight = Scalar.Vector(repeating: weights[term.function] * term.scale)
    let (power, derivative) = (block.power(term.power), block.powerDerivative(term.power))
    if isFirst {
      for number in 0..<count {
        let place = Scalar.lanes * number
        angular.setLanes(weight * power.lanes(at: place), at: place)
        angularDerivative.setLanes(weight * derivative.lanes(at: place), at: place)
      }
    } else {
      for number in 0..<count {
        let place = Scalar.lanes * number
        angular.setLanes(
          angular.lanes(at: place).addingProduct(weight, power.lanes(at: place)), at: place)
        angularDerivative.setLanes(
          angularDerivative.lanes(at: place).addingProduct(weight, derivative.lanes(at: place)),
          at: place)
      }
    }
    isFirst = false
  }
}

/// Adds the weighted terms of one Gaussian to the sums of a block.
private func addTerms<Scalar: RealScalar>(
  _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian, _ block: TripletBlock<Scalar>
) {
  let (exponential, angular) = (block.exponential, block.angular)
  let (angularDerivative, count) = (block.angularDerivative, block.wideCount)
  let (value, pull, byCosine) = (block.value, block.pull, block.byCosine)
  let slope = Scalar.Vector(repeating: -2 * gaussian.eta)
  for number in 0..<count {
    let place = Scalar.lanes * number
    let factor = exponential.lanes(at: place)
    let product = factor * angular.lanes(at: place)
    value.setLanes(value.lanes(at: place) + product, at: place)
    pull.setLanes(pull.lanes(at: place).addingProduct(product, slope), at: place)
    byCosine.setLanes(
      byCosine.lanes(at: place).addingProduct(factor, angularDerivative.lanes(at: place)),
      at: place)
  }
  guard gaussian.shift != 0 else { return }
  let shiftedPull = block.shiftedPull
  let shift = Scalar.Vector(repeating: -2 * gaussian.eta * gaussian.shift)
  for number in 0..<count {
    let place = Scalar.lanes * number
    let product = exponential.lanes(at: place) * angular.lanes(at: place)
    shiftedPull.setLanes(shiftedPull.lanes(at: place).addingProduct(product, shift), at: place)
  }
}

extension StagedNeighbors {
  /// Computes the coefficients of the gradients of a block's triplets, `a_j x_j + m x_k` for j and
  /// `a_k x_k + m x_j` for k.
  ///
  /// With `∂/∂r_j`, `∂/∂r_k`, `∂/∂r_jk` of the sum of terms and its derivative `C` by the cosine,
  /// `a_j = (∂/∂r_j - C cos θ / r_j) / r_j + p`, `m = C / (r_j r_k) - p` and
  /// `p = (∂/∂r_jk) / r_jk`.
  func computeCoefficients(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (first, second, count) = (block.first, block.second, block.count)
    let (inverse, window) = (self.inverse, self.window(group.window))
    let slope = self.slope(group.window)
    let (alongJ, alongK, across) = (block.alongJ, block.alongK, block.across)
    let (windowOpposite, slopeOpposite) = (block.window, block.slope)
    let zero = Scalar.ShortVector(repeating: 0)
    for number in 0..<count {
      let (place, j, k) = (Scalar.shortLanes * number, Int(first[number]), Int(second[number]))
      let (windowJ, inverseJ) = (
        Scalar.ShortVector(repeating: window[j]), Scalar.ShortVector(repeating: inverse[j])
      )
      let slopeJ = Scalar.ShortVector(repeating: slope[j] * inverse[j])
      let (windowK, inverseK) = (window.shortLanes(at: k), inverse.shortLanes(at: k))
      let slopeK = slope.shortLanes(at: k) * inverseK
      let value = block.value.shortLanes(at: place)
      let inside = windowOpposite.shortLanes(at: place) * value
      let both = windowJ * windowK * value
      let factor = block.factor.shortLanes(at: place)
      let pull = factor * block.pull.shortLanes(at: place)
      let byCosine = factor * block.byCosine.shortLanes(at: place)
      let turn = byCosine * block.cosine.shortLanes(at: place)
      let opposite =
        group.isNarrow ? pull.addingProduct(both, slopeOpposite.shortLanes(at: place)) : zero
      let equal = pull + opposite
      alongJ.setShortLanes(
        equal.addingProduct(inside, windowK * slopeJ) - turn * inverseJ * inverseJ, at: place)
      alongK.setShortLanes(
        equal.addingProduct(inside, windowJ * slopeK) - turn * inverseK * inverseK, at: place)
      across.setShortLanes(byCosine * (inverseJ * inverseK) - opposite, at: place)
    }
    if group.isShifted { addShifts(block, of: group) }
  }

  /// Adds the terms of the centres of shifted Gaussians to the coefficients.
  private func addShifts(_ block: TripletBlock<Scalar>, of group: AngularGroup) {
    let (alongJ, alongK, across) = (block.alongJ, block.alongK, block.across)
    for number in 0..<block.count {
      let (place, j, k) = (
        Scalar.shortLanes * number, Int(block.first[number]), Int(block.second[number])
      )
      let pull = block.factor.shortLanes(at: place) * block.shiftedPull.shortLanes(at: place)
      var byJ = pull * Scalar.ShortVector(repeating: inverse[j])
      var byK = pull * inverse.shortLanes(at: k)
      if group.isNarrow {
        let opposite = pull / block.opposite.shortLanes(at: place)
        across.setShortLanes(across.shortLanes(at: place) + opposite, at: place)
        byJ += opposite
        byK += opposite
      }
      alongJ.setShortLanes(alongJ.shortLanes(at: place) - byJ, at: place)
      alongK.setShortLanes(alongK.shortLanes(at: place) - byK, at: place)
    }
  }

  /// Adds the gradients of a block's triplets to those of the neighbours.
  fileprivate func addTriplets(_ block: TripletBlock<Scalar>) {
    let (x, y, z, first, second) = (self.x, self.y, self.z, block.first, block.second)
    let (alongJ, alongK, across) = (block.alongJ, block.alongK, block.across)
    let (along, acrossX, acrossY, acrossZ) = (self.along, self.acrossX, self.acrossY, self.acrossZ)
    let count = block.count
    var number = 0
    while number < count {
      let j = Int(first[number])
      let (xj, yj, zj) = (x[j], y[j], z[j])
      var sum = Scalar.ShortVector(repeating: 0)
      var sumX = Scalar.ShortVector(repeating: 0)
      var sumY = Scalar.ShortVector(repeating: 0)
      var sumZ = Scalar.ShortVector(repeating: 0)
      while number < count && Int(first[number]) == j {
        let (place, k) = (Scalar.shortLanes * number, Int(second[number]))
        let both = across.shortLanes(at: place)
        sum += alongJ.shortLanes(at: place)
        sumX.addProduct(both, x.shortLanes(at: k))
        sumY.addProduct(both, y.shortLanes(at: k))
        sumZ.addProduct(both, z.shortLanes(at: k))
        along.setShortLanes(along.shortLanes(at: k) + alongK.shortLanes(at: place), at: k)
        acrossX.setShortLanes(
          acrossX.shortLanes(at: k).addingProduct(both, Scalar.ShortVector(repeating: xj)), at: k)
        acrossY.setShortLanes(
          acrossY.shortLanes(at: k).addingProduct(both, Scalar.ShortVector(repeating: yj)), at: k)
        acrossZ.setShortLanes(
          acrossZ.shortLanes(at: k).addingProduct(both, Scalar.ShortVector(repeating: zj)), at: k)
        number += 1
      }
      along[j] += sum.total
      acrossX[j] += sumX.total
      acrossY[j] += sumY.total
      acrossZ[j] += sumZ.total
    }
  }
}
