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
  let (window, slope) = (neighbors.window(group.cutoff), neighbors.slope(group.cutoff))
  let (r, inverse, along) = (neighbors.r, neighbors.inverse, neighbors.along)
  var k = neighbors.starts[group.element]
  let end = k + neighbors.counts[group.element]
  while k < end {
    let rk = r.lanes(at: k)
    let windowK = window.lanes(at: k)
    let slopeK = slope.lanes(at: k)
    var sum = SIMD8<Scalar>(repeating: 0)
    for number in group.terms {
      let term = constants.radialTerms[number]
      let distance = rk - term.shift
      let value = Scalar.exp(distance * distance * -term.eta) * weights[term.function]
      sum.addProduct(value, slopeK.addingProduct(windowK, distance * (-2 * term.eta)))
    }
    along.setLanes(along.lanes(at: k).addingProduct(sum, inverse.lanes(at: k)), at: k)
    k += 8
  }
}

@inline(__always)
private func addAngularGradient<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>, _ neighbors: StagedNeighbors<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular, _ weights: UnsafePointer<Scalar>
) {
  let cutoff = constants.cutoffs[group.cutoff]
  let (window, slope) = (neighbors.window(group.cutoff), neighbors.slope(group.cutoff))
  let (r, inverse) = (neighbors.r, neighbors.inverse)
  let (rowAlong, rowAcross) = (neighbors.rowAlong, neighbors.rowAcross)
  let powers = neighbors.powers
  let derivatives = powers + 8 * group.powers.count
  let members = neighbors.members
  let first = neighbors.starts[group.first]
  for j in first..<first + neighbors.counts[group.first] where window[j] != 0 {
    let range = neighbors.partners(of: j, in: group)
    if range.isEmpty { continue }
    let row = neighbors.compactRow(j, range, of: group)
    let columns = (range.count + 7) / 8 * 8
    // Compact results take the places of what the row no longer needs.
    let (along, across) = group.isNarrow ? (row.slope, row.inverse) : (rowAlong, rowAcross)
    var sumJ = SIMD8<Scalar>(repeating: 0)
    var k = 0
    while k < row.count {
      let triplets = TripletDerivatives(
        row, at: k, cutoff: cutoff, isNarrow: group.isNarrow, rj: r[j], inverseJ: inverse[j],
        windowJ: window[j], slopeJ: slope[j])
      for number in group.powers {
        let (value, derivative) = constants.powers[number].valueAndDerivative(at: triplets.cosine)
        let place = 8 * (number - group.powers.lowerBound)
        powers.setLanes(value, at: place)
        derivatives.setLanes(derivative, at: place)
      }
      var sums = TripletDerivatives<Scalar>.Sums()
      for number in group.gaussians {
        let gaussian = constants.gaussians[number]
        var power = SIMD8<Scalar>(repeating: 0)
        var derivative = SIMD8<Scalar>(repeating: 0)
        for number in gaussian.terms {
          let term = constants.angularTerms[number]
          let weight = SIMD8(repeating: weights[term.function])
          power.addProduct(weight, powers.lanes(at: 8 * term.power))
          derivative.addProduct(weight, derivatives.lanes(at: 8 * term.power))
        }
        triplets.add(gaussian, power: power, derivative: derivative, to: &sums)
      }
      let result = triplets.coefficients(sums)
      sumJ += result.alongJ
      along.setLanes(result.alongK, at: k)
      across.setLanes(result.across, at: k)
      k += 8
    }
    if group.isNarrow {
      rowAlong.update(repeating: 0, count: columns)
      rowAcross.update(repeating: 0, count: columns)
      for member in 0..<row.count {
        let place = Int(members[member])
        rowAlong[place] = along[member]
        rowAcross[place] = across[member]
      }
    }
    neighbors.along[j] += sumJ.total
    neighbors.addRow(j, range)
  }
}

extension StagedNeighbors {
  /// Adds the gradients of the pairs of j with each k: `rowAcross[k] x_k` to that of j,
  /// `rowAlong[k] x_k + rowAcross[k] x_j` to that of k.
  @inline(__always)
  func addRow(_ j: Int, _ range: Range<Int>) {
    let (x, y, z, along) = (self.x, self.y, self.z, self.along)
    let (acrossX, acrossY, acrossZ) = (self.acrossX, self.acrossY, self.acrossZ)
    let (rowAlong, rowAcross) = (self.rowAlong, self.rowAcross)
    let (xj, yj, zj) = (x[j], y[j], z[j])
    var sumX = SIMD8<Scalar>(repeating: 0)
    var sumY = sumX
    var sumZ = sumX
    var k = range.lowerBound
    while k < range.upperBound {
      let place = k - range.lowerBound
      let across = rowAcross.lanes(at: place)
      along.setLanes(along.lanes(at: k) + rowAlong.lanes(at: place), at: k)
      acrossX.setLanes(acrossX.lanes(at: k) + across * xj, at: k)
      acrossY.setLanes(acrossY.lanes(at: k) + across * yj, at: k)
      acrossZ.setLanes(acrossZ.lanes(at: k) + across * zj, at: k)
      sumX.addProduct(across, x.lanes(at: k))
      sumY.addProduct(across, y.lanes(at: k))
      sumZ.addProduct(across, z.lanes(at: k))
      k += 8
    }
    acrossX[j] += sumX.total
    acrossY[j] += sumY.total
    acrossZ[j] += sumZ.total
  }
}
