/// The terms of symmetry functions, each distinct one once.
///
/// Numbers such as `cutoff` are indices into the lists of this value; `function` is a column.
struct SymmetryFunctionGroups: Sendable {
  /// Radial functions of one element of neighbours and one cutoff.
  struct Radial: Sendable {
    var element: Int
    var cutoff: Int
    var terms: [(eta: Double, shift: Double, function: Int)] = []
  }

  /// Angular functions of one pair of elements, one cutoff and one kind.
  struct Angular: Sendable {
    var first: Int
    var second: Int
    var cutoff: Int
    var isNarrow: Bool
    var powers: [Power] = []
    var gaussians: [Gaussian] = []
  }

  /// The angular part `2^(1-ζ) (1 + λ cos θ)^ζ`.
  struct Power: Hashable, Sendable {
    var lambda: Double
    var zeta: Double
  }

  /// The factor `exp(-η Σ (r - r_s)²)`, and the functions that have it.
  struct Gaussian: Sendable {
    var eta: Double
    var shift: Double
    var terms: [(power: Int, function: Int)] = []
  }

  /// The atomic numbers of neighbours, increasing.
  private(set) var elements: [Int]
  private(set) var cutoffs: [Cutoff] = []
  private(set) var radial: [Radial] = []
  private(set) var angular: [Angular] = []

  init(_ functions: [SymmetryFunction]) {
    var numbers: Set<Int> = []
    for function in functions {
      switch function {
      case .radial(let radial): numbers.insert(radial.neighbor)
      case .narrowAngular(let angular), .wideAngular(let angular):
        numbers.formUnion([angular.firstNeighbor, angular.secondNeighbor])
      }
    }
    elements = numbers.sorted()
    for (column, function) in functions.enumerated() {
      switch function {
      case .radial(let radial): add(radial, column)
      case .narrowAngular(let angular): add(angular, column, isNarrow: true)
      case .wideAngular(let angular): add(angular, column, isNarrow: false)
      }
    }
  }

  private mutating func add(_ function: RadialSymmetryFunction, _ column: Int) {
    let element = elements.firstIndex(of: function.neighbor)!
    let cutoff = cutoffs.index(of: function.cutoff)
    let group =
      radial.firstIndex { $0.element == element && $0.cutoff == cutoff }
      ?? radial.appended(Radial(element: element, cutoff: cutoff))
    radial[group].terms.append((function.eta, function.shift, column))
  }

  private mutating func add(_ function: AngularSymmetryFunction, _ column: Int, isNarrow: Bool) {
    let first = elements.firstIndex(of: function.firstNeighbor)!
    let second = elements.firstIndex(of: function.secondNeighbor)!
    let cutoff = cutoffs.index(of: function.cutoff)
    let group =
      angular.firstIndex {
        ($0.first, $0.second, $0.cutoff, $0.isNarrow) == (first, second, cutoff, isNarrow)
      }
      ?? angular.appended(
        Angular(first: first, second: second, cutoff: cutoff, isNarrow: isNarrow))
    let power = angular[group].powers.index(
      of: Power(lambda: function.lambda, zeta: function.zeta))
    let gaussian =
      angular[group].gaussians.firstIndex {
        ($0.eta, $0.shift) == (function.eta, function.shift)
      }
      ?? angular[group].gaussians.appended(Gaussian(eta: function.eta, shift: function.shift))
    angular[group].gaussians[gaussian].terms.append((power, column))
  }
}

extension Array {
  /// Appends an element and returns its index.
  fileprivate mutating func appended(_ element: Element) -> Int {
    append(element)
    return count - 1
  }
}

extension Array where Element: Equatable {
  /// The index of an element, which is appended where it is not there yet.
  fileprivate mutating func index(of element: Element) -> Int {
    firstIndex(of: element) ?? appended(element)
  }
}
