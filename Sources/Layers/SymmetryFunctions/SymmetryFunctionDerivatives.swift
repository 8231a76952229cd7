import Tensors

/// Computes the functions and their derivatives by each displacement, `[neighbour, 3, functions]`.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func computeDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ environment: AtomEnvironment<Scalar>, values: UnsafeMutablePointer<Scalar>,
  derivatives: UnsafeMutablePointer<Scalar>
) {
  neighbors.stage(environment)
  let functions = constants.functionCount
  let sums = neighbors.sums
  sums.update(repeating: 0, count: Scalar.lanes * functions)
  let columns = neighbors.functionGradients
  columns.update(repeating: 0, count: 4 * functions * neighbors.capacity)
  for number in constants.radial.indices {
    addRadialDerivatives(constants, neighbors, constants.radial[number])
  }
  for number in constants.angular.indices {
    addAngularDerivatives(constants, neighbors, constants.angular[number])
  }
  for function in 0..<functions { values[function] = sums.lanes(at: Scalar.lanes * function).total }

  derivatives.update(repeating: 0, count: environment.count * 3 * functions)
  let (x, y, z, origin) = (neighbors.x, neighbors.y, neighbors.z, neighbors.origin)
  let capacity = neighbors.capacity
  for element in constants.elements.indices {
    let start = neighbors.starts[element]
    for k in start..<start + neighbors.counts[element] {
      let result = derivatives + 3 * functions * Int(origin[k])
      let (xk, yk, zk) = (x[k], y[k], z[k])
      var column = columns + k
      for function in 0..<functions {
        let along = column[0]
        result[function] = along * xk + column[capacity]
        result[functions + function] = along * yk + column[2 * capacity]
        result[2 * functions + function] = along * zk + column[3 * capacity]
        column += 4 * capacity
      }
    }
  }
}

@inline(__always)
private func addRadialDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Radial
) {
  let (window, slope) = (neighbors.window(group.window), neighbors.slope(group.window))
  let (r, inverse) = (neighbors.r, neighbors.inverse)
  let start = neighbors.starts[group.element]
  let end = start + neighbors.counts[group.element]
  for number in group.terms {
    let term = constants.radialTerms[number]
    let along = neighbors.functionGradients + 4 * neighbors.capacity * term.function
    var sum = Scalar.Vector(repeating: 0)
    var k = start
    while k < end {
      let distance = r.lanes(at: k) - term.shift
      let windowK = window.lanes(at: k)
      let value = Scalar.decay(distance * distance * term.eta)
      sum.addProduct(value, windowK)
      let derivative = slope.lanes(at: k).addingProduct(windowK, distance * (-2 * term.eta))
      along.setLanes(value * derivative * inverse.lanes(at: k) * term.scale, at: k)
      k += Scalar.lanes
    }
    let total = neighbors.sums.lanes(at: Scalar.lanes * term.function)
    neighbors.sums.setLanes(
      total.addingProduct(sum, Scalar.Vector(repeating: term.scale)),
      at: Scalar.lanes * term.function)
  }
}

@inline(__always)
private func addAngularDerivatives<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular
) {
  let cutoff = constants.windows[group.window]
  let (window, slope) = (neighbors.window(group.window), neighbors.slope(group.window))
  let (r, inverse) = (neighbors.r, neighbors.inverse)
  let (x, y, z) = (neighbors.x, neighbors.y, neighbors.z)
  let capacity = neighbors.capacity
  let columns = neighbors.functionGradients
  let sums = neighbors.sums
  let sumsJ = sums + Scalar.lanes * constants.functionCount
  let powers = neighbors.powers
  let derivatives = powers + Scalar.lanes * group.powers.count
  let gaussians = group.gaussians
  let firstTerm = constants.gaussians[gaussians.lowerBound].terms.lowerBound
  let terms = firstTerm..<constants.gaussians[gaussians.upperBound - 1].terms.upperBound
  let first = neighbors.starts[group.first]
  for j in first..<first + neighbors.counts[group.first] where window[j] != 0 {
    let range = neighbors.partners(of: j, in: group)
    if range.isEmpty { continue }
    let row = neighbors.row(j, range, of: group)
    let (xj, yj, zj) = (x[j], y[j], z[j])
    for number in terms {
      sumsJ.advanced(by: 4 * Scalar.lanes * constants.angularTerms[number].function)
        .update(repeating: 0, count: 4 * Scalar.lanes)
    }
    var k = 0
    while k < row.count {
      let triplets = TripletDerivatives(
        row, at: k, cutoff: cutoff, isNarrow: group.isNarrow, rj: r[j], inverseJ: inverse[j],
        windowJ: window[j], slopeJ: slope[j])
      if group.isNarrow && triplets.windowOpposite.total == 0 {
        k += Scalar.lanes
        continue
      }
      for number in group.powers {
        let (value, derivative) = constants.powers[number].valueAndDerivative(at: triplets.cosine)
        let place = Scalar.lanes * (number - group.powers.lowerBound)
        powers.setLanes(value, at: place)
        derivatives.setLanes(derivative, at: place)
      }
      let place = range.lowerBound + k
      let (xk, yk, zk) = (x.lanes(at: place), y.lanes(at: place), z.lanes(at: place))
      for number in group.gaussians {
        let gaussian = constants.gaussians[number]
        // Coefficients are linear in power and derivative, so those of one and zero are enough.
        var parts = TripletDerivatives<Scalar>.Sums()
        triplets.add(
          gaussian, power: Scalar.Vector(repeating: 1), derivative: Scalar.Vector(repeating: 0),
          to: &parts)
        let ofPower = triplets.coefficients(parts)
        var slopes = TripletDerivatives<Scalar>.Sums()
        slopes.byCosine = parts.value
        let ofDerivative = triplets.coefficients(slopes)
        let value = parts.value * triplets.factor
        for number in gaussian.terms {
          let term = constants.angularTerms[number]
          let power = powers.lanes(at: Scalar.lanes * term.power) * term.scale
          let derivative = derivatives.lanes(at: Scalar.lanes * term.power) * term.scale
          let alongJ = (ofPower.alongJ * power).addingProduct(ofDerivative.alongJ, derivative)
          let alongK = (ofPower.alongK * power).addingProduct(ofDerivative.alongK, derivative)
          let across = (ofPower.across * power).addingProduct(ofDerivative.across, derivative)
          let sum = sums.lanes(at: Scalar.lanes * term.function)
          sums.setLanes(sum.addingProduct(value, power), at: Scalar.lanes * term.function)
          let sumJ = sumsJ + 4 * Scalar.lanes * term.function
          sumJ.setLanes(sumJ.lanes(at: 0) + alongJ, at: 0)
          sumJ.setLanes(sumJ.lanes(at: Scalar.lanes).addingProduct(across, xk), at: Scalar.lanes)
          sumJ.setLanes(
            sumJ.lanes(at: 2 * Scalar.lanes).addingProduct(across, yk), at: 2 * Scalar.lanes)
          sumJ.setLanes(
            sumJ.lanes(at: 3 * Scalar.lanes).addingProduct(across, zk), at: 3 * Scalar.lanes)
          let column = columns + 4 * capacity * term.function + place
          column.setLanes(column.lanes(at: 0) + alongK, at: 0)
          column.setLanes(column.lanes(at: capacity) + across * xj, at: capacity)
          column.setLanes(column.lanes(at: 2 * capacity) + across * yj, at: 2 * capacity)
          column.setLanes(column.lanes(at: 3 * capacity) + across * zj, at: 3 * capacity)
        }
      }
      k += Scalar.lanes
    }
    for number in terms {
      let function = constants.angularTerms[number].function
      let column = columns + 4 * capacity * function + j
      for moment in 0..<4 {
        column[moment * capacity] +=
          sumsJ.lanes(at: 4 * Scalar.lanes * function + Scalar.lanes * moment).total
      }
    }
  }
}
