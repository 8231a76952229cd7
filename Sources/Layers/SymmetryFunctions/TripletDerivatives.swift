import Tensors

/// What the derivatives of one term `P(cos θ) exp(-η Σ (r - r_s)²) f f f` have in common, for a
/// vector of triangles of one neighbour j with neighbours k.
///
/// With the power `P` and its derivative `P'`, a term's gradients are `a_j x_j + m x_k` and
/// `a_k x_k + m x_j`, where each coefficient is linear in `P` and `P'`.
struct TripletDerivatives<Scalar: RealScalar> {
  let isNarrow: Bool
  let rj: Scalar, inverseJ: Scalar, windowJ: Scalar, slopeJ: Scalar
  let rk: Scalar.Vector, inverseK: Scalar.Vector, windowK: Scalar.Vector, slopeK: Scalar.Vector
  let opposite: Scalar.Vector, inverseOpposite: Scalar.Vector
  let windowOpposite: Scalar.Vector, slopeOpposite: Scalar.Vector
  let cosine: Scalar.Vector

  @inline(__always)
  init(
    _ row: TripletRow<Scalar>, at k: Int, cutoff: RadialWindow, isNarrow: Bool, rj: Scalar,
    inverseJ: Scalar, windowJ: Scalar, slopeJ: Scalar
  ) {
    self.isNarrow = isNarrow
    self.rj = rj
    self.inverseJ = inverseJ
    self.windowJ = windowJ
    self.slopeJ = slopeJ
    rk = row.r.lanes(at: k)
    inverseK = row.inverse.lanes(at: k)
    windowK = row.window.lanes(at: k)
    slopeK = row.slope.lanes(at: k)
    cosine = row.cosine.lanes(at: k)
    if isNarrow {
      opposite = Scalar.squareRoot(row.square.lanes(at: k))
      inverseOpposite = 1 / opposite
      (windowOpposite, slopeOpposite) = cutoff.valueAndDerivative(at: opposite)
    } else {
      opposite = Scalar.Vector(repeating: 0)
      inverseOpposite = Scalar.Vector(repeating: 0)
      windowOpposite = Scalar.Vector(repeating: 1)
      slopeOpposite = Scalar.Vector(repeating: 0)
    }
  }

  /// The product of the windows.
  @inline(__always)
  var factor: Scalar.Vector { windowK * windowJ * windowOpposite }

  /// Sums over terms: of their Gaussians times powers, and of what derivatives bring down from the
  /// exponents; all without the windows.
  struct Sums {
    var value = Scalar.Vector(repeating: 0)
    var byCosine = Scalar.Vector(repeating: 0)
    var byRJ = Scalar.Vector(repeating: 0)
    var byRK = Scalar.Vector(repeating: 0)
    var byOpposite = Scalar.Vector(repeating: 0)

    @inline(__always) init() {}
  }

  /// Adds the terms of one Gaussian, given the weighted sum of its powers and of their derivatives.
  @inline(__always)
  func add(
    _ gaussian: SymmetryFunctionConstants<Scalar>.Gaussian, power: Scalar.Vector,
    derivative: Scalar.Vector, to sums: inout Sums
  ) {
    let value = Scalar.decay(gaussian.exponent(rj, rk, opposite, isNarrow: isNarrow))
    let product = value * power
    let slope = product * (-2 * gaussian.eta)
    sums.value += product
    sums.byCosine.addProduct(value, derivative)
    sums.byRJ.addProduct(slope, Scalar.Vector(repeating: rj - gaussian.shift))
    sums.byRK.addProduct(slope, rk - gaussian.shift)
    if isNarrow { sums.byOpposite.addProduct(slope, opposite - gaussian.shift) }
  }

  /// The coefficients `a_j`, `a_k` and `m` of the gradients.
  @inline(__always)
  func coefficients(
    _ sums: Sums
  ) -> (alongJ: Scalar.Vector, alongK: Scalar.Vector, across: Scalar.Vector) {
    let both = windowK * windowJ
    let factor = both * windowOpposite
    let byRJ = (factor * sums.byRJ)
      .addingProduct(sums.value, windowK * windowOpposite * slopeJ)
    let byRK = (factor * sums.byRK)
      .addingProduct(sums.value, slopeK * windowOpposite * windowJ)
    let byCosine = factor * sums.byCosine
    var alongJ = (byRJ - byCosine * cosine * inverseJ) * inverseJ
    var alongK = (byRK - byCosine * cosine * inverseK) * inverseK
    var across = byCosine * inverseK * inverseJ
    if isNarrow {
      let byOpposite = (factor * sums.byOpposite).addingProduct(sums.value, both * slopeOpposite)
      let pull = byOpposite * inverseOpposite
      alongJ += pull
      alongK += pull
      across -= pull
    }
    return (alongJ, alongK, across)
  }
}

extension SymmetryFunctionConstants.Gaussian {
  /// `η Σ (r - r_s)²` over the two or three sides of a vector of triangles.
  @inline(__always)
  func exponent(
    _ rj: Scalar, _ rk: Scalar.Vector, _ opposite: Scalar.Vector, isNarrow: Bool
  ) -> Scalar.Vector {
    let first = rj - shift
    let second = rk - shift
    var sum = Scalar.Vector(repeating: first * first).addingProduct(second, second)
    if isNarrow {
      let third = opposite - shift
      sum.addProduct(third, third)
    }
    return sum * eta
  }
}
