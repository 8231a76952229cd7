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
  sums.update(repeating: 0, count: 8 * constants.functionCount)
  for number in constants.radial.indices {
    let group = constants.radial[number]
    let window = neighbors.window(group.cutoff)
    let r = neighbors.r
    let start = neighbors.starts[group.element]
    let end = start + neighbors.counts[group.element]
    for number in group.terms {
      let term = constants.radialTerms[number]
      var sum = SIMD8<Scalar>(repeating: 0)
      var k = start
      while k < end {
        let distance = r.lanes(at: k) - term.shift
        let exponent: SIMD8<Scalar> = distance * distance * -term.eta
        sum.addProduct(Scalar.exp(exponent), window.lanes(at: k))
        k += 8
      }
      sums.setLanes(sum, at: 8 * term.function)
    }
  }
  for number in constants.angular.indices {
    let group = constants.angular[number]
    let window = neighbors.window(group.cutoff)
    let first = neighbors.starts[group.first]
    for j in first..<first + neighbors.counts[group.first] where window[j] != 0 {
      let range = neighbors.partners(of: j, in: group)
      if range.isEmpty { continue }
      let row = neighbors.compactRow(j, range, of: group)
      addAngularValues(
        constants, group, row, r: neighbors.r[j], window: window[j], powers: neighbors.powers,
        to: sums)
    }
  }
  for function in 0..<constants.functionCount {
    values[function] = sums.lanes(at: 8 * function).total
  }
}

/// Adds the terms of all pairs of a row to the functions' sums, eight lanes for each function.
@inline(__always)
private func addAngularValues<Scalar: RealScalar>(
  _ constants: SymmetryFunctionConstants<Scalar>,
  _ group: SymmetryFunctionConstants<Scalar>.Angular, _ row: TripletRow<Scalar>, r: Scalar,
  window: Scalar, powers: UnsafeMutablePointer<Scalar>, to sums: UnsafeMutablePointer<Scalar>
) {
  let cutoff = constants.cutoffs[group.cutoff]
  var k = 0
  while k < row.count {
    let cosine = row.cosine.lanes(at: k)
    let rk = row.r.lanes(at: k)
    var factor = row.window.lanes(at: k) * window
    var opposite = SIMD8<Scalar>(repeating: 0)
    if group.isNarrow {
      opposite = Scalar.squareRoot(row.square.lanes(at: k))
      factor *= cutoff.valueAndDerivative(at: opposite).value
    }
    for number in group.powers {
      let power = constants.powers[number].value(at: cosine)
      powers.setLanes(power, at: 8 * (number - group.powers.lowerBound))
    }
    for number in group.gaussians {
      let gaussian = constants.gaussians[number]
      let term =
        factor
        * Scalar.exp(
          gaussian.exponent(r, rk, opposite, isNarrow: group.isNarrow))
      for number in gaussian.terms {
        let angular = constants.angularTerms[number]
        let sum = sums.lanes(at: 8 * angular.function)
        sums.setLanes(
          sum.addingProduct(term, powers.lanes(at: 8 * angular.power)), at: 8 * angular.function)
      }
    }
    k += 8
  }
}

extension SymmetryFunctionConstants.Gaussian {
  /// `-η Σ (r - r_s)²` over the two or three sides of eight triangles.
  @inline(__always)
  func exponent(
    _ rj: Scalar, _ rk: SIMD8<Scalar>, _ opposite: SIMD8<Scalar>, isNarrow: Bool
  ) -> SIMD8<Scalar> {
    let first = rj - shift
    let second = rk - shift
    var sum = SIMD8(repeating: first * first).addingProduct(second, second)
    if isNarrow {
      let third = opposite - shift
      sum.addProduct(third, third)
    }
    return sum * -eta
  }
}
