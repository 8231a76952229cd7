/// The terms of symmetry functions, each distinct one once.
///
/// A weighted function has terms for every element, each with its own scale. Numbers such as `window` are indices into the lists of this value; `function` is a column.
struct SymmetryFunctionGroups: Sendable {
  /// Radial functions of one element of neighbours and one window.
  struct Radial: Sendable {
    var element: Int
    var window: Int
    var terms: [(eta: Double, shift: Double, scale: Double, function: Int)] = []
  }

  /// Angular functions of one pair of elements, one window and one kind.
  struct Angular: Sendable {
    var first: Int
    var second: Int
    var window: Int
    var isNarrow: Bool
    var powers: [Power] = []
    var gaussians: [Gaussian] = []
  }

  /// The angular part of a function.
  enum Power: Hashable, Sendable {
    /// `2^(1-ζ) (1 + λ cos θ)^ζ`
    case cosine(lambda: Double, zeta: Double)
    /// `C(θ)`, with angles in radians.
    case window(CompactWindow)
  }

  /// The factor `exp(-η Σ (r - r_s)²)`, and the functions that have it.
  struct Gaussian: Sendable {
    var eta: Double
    var shift: Double
    var terms: [(power: Int, scale: Double, function: Int)] = []
  }

  /// The atomic numbers of neighbours, increasing.
  private(set) var elements: [Int]
  private(set) var windows: [RadialWindow] = []
  private(set) var radial: [Radial] = []
  private(set) var angular: [Angular] = []

  /// Sorts functions into groups; weighted ones count the neighbours of all of `species`.
  init(_ functions: [SymmetryFunction], species: [Int]) {
    let isWeighted = functions.contains(where: \.isWeighted)
    var numbers = isWeighted ? Set(species) : []
    for function in functions { numbers.formUnion(function.neighborElements) }
    elements = numbers.sorted()
    for (column, function) in functions.enumerated() {
      switch function {
      case .radial(let own):
        add(own.neighbor, .cutoff(own.cutoff), own.eta, own.shift, column)
      case .weightedRadial(let own):
        add(nil, .cutoff(own.cutoff), own.eta, own.shift, column)
      case .compactRadial(let own):
        add(own.neighbor, .compact(own.window), 0, 0, column)
      case .narrowAngular(let own), .wideAngular(let own):
        add(
          (own.firstNeighbor, own.secondNeighbor), .cutoff(own.cutoff), own.eta, own.shift,
          .cosine(lambda: own.lambda, zeta: own.zeta), column, isNarrow: function.typeNumber == 3)
      case .weightedAngular(let own):
        add(
          nil, .cutoff(own.cutoff), own.eta, own.shift,
          .cosine(lambda: own.lambda, zeta: own.zeta), column, isNarrow: true)
      case .compactNarrowAngular(let own):
        add(
          own.neighbors.map { ($0.first, $0.second) }, .compact(own.window), 0, 0,
          .window(own.angle), column, isNarrow: true)
      case .compactWideAngular(let own):
        add(
          own.neighbors.map { ($0.first, $0.second) }, .compact(own.window), 0, 0,
          .window(own.angle), column, isNarrow: false)
      }
    }
  }

  /// Adds the radial terms of one element, or of all, weighted.
  private mutating func add(
    _ neighbor: Int?, _ window: RadialWindow, _ eta: Double, _ shift: Double, _ column: Int
  ) {
    let window = windows.index(of: window)
    for (element, number) in elements.enumerated() where neighbor == nil || number == neighbor {
      let group =
        radial.firstIndex { $0.element == element && $0.window == window }
        ?? radial.appended(Radial(element: element, window: window))
      radial[group].terms.append((eta, shift, neighbor == nil ? Double(number) : 1, column))
    }
  }

  /// Adds the angular terms of one pair of elements, or of all, weighted.
  private mutating func add(
    _ neighbors: (Int, Int)?, _ window: RadialWindow, _ eta: Double, _ shift: Double,
    _ power: Power, _ column: Int, isNarrow: Bool
  ) {
    let window = windows.index(of: window)
    for (first, number) in elements.enumerated() {
      for second in first..<elements.count {
        let pair = (number, elements[second])
        if let neighbors, neighbors != pair { continue }
        let scale = neighbors == nil ? Double(pair.0 * pair.1) : 1
        let group =
          angular.firstIndex {
            ($0.first, $0.second, $0.window, $0.isNarrow) == (first, second, window, isNarrow)
          }
          ?? angular.appended(
            Angular(first: first, second: second, window: window, isNarrow: isNarrow))
        let power = angular[group].powers.index(of: power)
        let gaussian =
          angular[group].gaussians.firstIndex { ($0.eta, $0.shift) == (eta, shift) }
          ?? angular[group].gaussians.appended(Gaussian(eta: eta, shift: shift))
        angular[group].gaussians[gaussian].terms.append((power, scale, column))
      }
    }
  }
}

extension SymmetryFunction {
  /// The atomic numbers of the neighbours that the function names.
  fileprivate var neighborElements: [Int] {
    switch self {
    case .radial(let own): [own.neighbor]
    case .narrowAngular(let own), .wideAngular(let own): [own.firstNeighbor, own.secondNeighbor]
    case .weightedRadial, .weightedAngular: []
    case .compactRadial(let own): own.neighbor.map { [$0] } ?? []
    case .compactNarrowAngular(let own), .compactWideAngular(let own):
      own.neighbors.map { [$0.first, $0.second] } ?? []
    }
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
