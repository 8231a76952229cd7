import Tensors

/// The numbers of a set of functions in the precision of a kernel, in memory without reference
/// counts.
final class SymmetryFunctionConstants<Scalar: RealScalar> {
  struct Radial {
    var element: Int
    var window: Int
    var terms: Range<Int>
  }

  struct RadialTerm {
    var eta: Scalar
    var shift: Scalar
    var scale: Scalar
    var function: Int
  }

  struct Angular {
    var first: Int
    var second: Int
    var window: Int
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
    /// The window of angles that stands in the place of the power.
    var window: CompactWindow?
  }

  struct Gaussian {
    var eta: Scalar
    var shift: Scalar
    var terms: Range<Int>
  }

  struct AngularTerm {
    /// The number of the power within its group.
    var power: Int
    var scale: Scalar
    var function: Int
  }

  let functionCount: Int
  let reach: Scalar
  let elements: FixedList<Int32>
  let windows: FixedList<RadialWindow>
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
        RadialTerm(
          eta: Scalar($0.eta), shift: Scalar($0.shift), scale: Scalar($0.scale),
          function: $0.function)
      }
      radial.append(
        Radial(
          element: group.element, window: group.window, terms: start..<radialTerms.count))
    }
    for group in set.groups.angular {
      let (firstPower, firstGaussian) = (powers.count, gaussians.count)
      powers += group.powers.map(Self.power)
      for gaussian in group.gaussians {
        let start = angularTerms.count
        angularTerms += gaussian.terms.map {
          AngularTerm(power: $0.power, scale: Scalar($0.scale), function: $0.function)
        }
        gaussians.append(
          Gaussian(
            eta: Scalar(gaussian.eta), shift: Scalar(gaussian.shift),
            terms: start..<angularTerms.count))
      }
      angular.append(
        Angular(
          first: group.first, second: group.second, window: group.window,
          isNarrow: group.isNarrow, isShifted: group.gaussians.contains { $0.shift != 0 },
          powers: firstPower..<powers.count,
          gaussians: firstGaussian..<gaussians.count))
    }
    functionCount = set.count
    reach = Scalar(set.reach)
    elements = FixedList(set.groups.elements.map { Int32($0) })
    windows = FixedList(set.groups.windows)
    self.radial = FixedList(radial)
    self.radialTerms = FixedList(radialTerms)
    self.angular = FixedList(angular)
    self.powers = FixedList(powers)
    self.gaussians = FixedList(gaussians)
    self.angularTerms = FixedList(angularTerms)
  }

  private static func power(_ power: SymmetryFunctionGroups.Power) -> Power {
    switch power {
    case .window(let window):
      return Power(lambda: 0, zeta: 0, scale: 1, integer: 0, window: window)
    case .cosine(let lambda, let zeta):
      let isInteger =
        zeta >= 1 && zeta <= AngularSymmetryFunction.largestZeta && zeta == zeta.rounded()
      let scale = Double.power(.init(repeating: 2), .init(repeating: 1 - zeta))[0]
      return Power(
        lambda: Scalar(lambda), zeta: Scalar(zeta), scale: Scalar(scale),
        integer: isInteger ? Int(zeta) : 0, window: nil)
    }
  }

  deinit {
    elements.deallocate()
    windows.deallocate()
    radial.deallocate()
    radialTerms.deallocate()
    angular.deallocate()
    powers.deallocate()
    gaussians.deallocate()
    angularTerms.deallocate()
  }
}

/// A list of plain values in memory that its owner deallocates; reading it counts no references.
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
