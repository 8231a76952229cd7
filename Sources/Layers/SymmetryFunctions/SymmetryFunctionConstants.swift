import Tensors

/// The numbers of a set of functions in the precision of a kernel, in memory without reference
/// counts.
final class SymmetryFunctionConstants<Scalar: RealScalar> {
  struct Radial {
    var element: Int
    var cutoff: Int
    var terms: Range<Int>
  }

  struct RadialTerm {
    var eta: Scalar
    var shift: Scalar
    var function: Int
  }

  struct Angular {
    var first: Int
    var second: Int
    var cutoff: Int
    var isNarrow: Bool
    /// Whether some Gaussian has its centre elsewhere than at 0.
    var isShifted: Bool
    var powers: Range<Int>
    var gaussians: Range<Int>
  }

  struct Power {
    var lambda: Scalar
    var zeta: Scalar
    /// `2^(1-ζ)`
    var scale: Scalar
    /// ζ where it is a positive integer, otherwise 0.
    var integer: Int
  }

  struct Gaussian {
    var eta: Scalar
    var shift: Scalar
    var terms: Range<Int>
  }

  struct AngularTerm {
    /// The number of the power within its group.
    var power: Int
    var function: Int
  }

  let functionCount: Int
  let reach: Scalar
  let elements: FixedList<Int32>
  let cutoffs: FixedList<Cutoff>
  let radial: FixedList<Radial>
  let radialTerms: FixedList<RadialTerm>
  let angular: FixedList<Angular>
  let powers: FixedList<Power>
  let gaussians: FixedList<Gaussian>
  let angularTerms: FixedList<AngularTerm>

  init(_ set: SymmetryFunctionSet) {
    var radial: [Radial] = []
    var radialTerms: [RadialTerm] = []
    var angular: [Angular] = []
    var powers: [Power] = []
    var gaussians: [Gaussian] = []
    var angularTerms: [AngularTerm] = []
    for group in set.groups.radial {
      let start = radialTerms.count
      radialTerms += group.terms.map {
        RadialTerm(eta: Scalar($0.eta), shift: Scalar($0.shift), function: $0.function)
      }
      radial.append(
        Radial(
          element: group.element, cutoff: group.cutoff, terms: start..<radialTerms.count))
    }
    for group in set.groups.angular {
      let (firstPower, firstGaussian) = (powers.count, gaussians.count)
      powers += group.powers.map { power in
        let exponent = SIMD8(repeating: 1 - power.zeta)
        let isInteger = power.zeta >= 1 && power.zeta == power.zeta.rounded()
        return Power(
          lambda: Scalar(power.lambda), zeta: Scalar(power.zeta),
          scale: Scalar(Double.power(SIMD8(repeating: 2), exponent)[0]),
          integer: isInteger ? Int(power.zeta) : 0)
      }
      for gaussian in group.gaussians {
        let start = angularTerms.count
        angularTerms += gaussian.terms.map { AngularTerm(power: $0.power, function: $0.function) }
        gaussians.append(
          Gaussian(
            eta: Scalar(gaussian.eta), shift: Scalar(gaussian.shift),
            terms: start..<angularTerms.count))
      }
      angular.append(
        Angular(
          first: group.first, second: group.second, cutoff: group.cutoff,
          isNarrow: group.isNarrow, isShifted: group.gaussians.contains { $0.shift != 0 },
          powers: firstPower..<powers.count,
          gaussians: firstGaussian..<gaussians.count))
    }
    functionCount = set.count
    reach = Scalar(set.reach)
    elements = FixedList(set.groups.elements.map { Int32($0) })
    cutoffs = FixedList(set.groups.cutoffs)
    self.radial = FixedList(radial)
    self.radialTerms = FixedList(radialTerms)
    self.angular = FixedList(angular)
    self.powers = FixedList(powers)
    self.gaussians = FixedList(gaussians)
    self.angularTerms = FixedList(angularTerms)
  }

  deinit {
    elements.deallocate()
    cutoffs.deallocate()
    radial.deallocate()
    radialTerms.deallocate()
    angular.deallocate()
    powers.deallocate()
    gaussians.deallocate()
    angularTerms.deallocate()
  }
}

/// A list of plain values in memory of its own that somebody deallocates; reading it counts no references.
struct FixedList<Element> {
  let base: UnsafeMutablePointer<Element>
  let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    base = .allocate(capacity: max(1, count))
    base.initialize(from: elements, count: count)
  }

  var indices: Range<Int> { 0..<count }

  subscript(index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count)
      return base[index]
    }
  }

  func deallocate() { base.deallocate() }
}
