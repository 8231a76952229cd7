package import Graph

extension SymmetryFunctions {
  /// The same functions in plain primitives, which have derivatives of every order.
  package func composed(_ displacements: Symbol, centers: Extent) -> Symbol {
    let distances = displacements.square().sum(along: 1).squareRoot()
    var columns = [Symbol?](repeating: nil, count: set.count)
    for group in set.groups.radial {
      let (pair, row) = indices.pairs(set.groups.elements[group.element])
      let r = distances.gathered(by: pair)
      let window = set.groups.windows[group.window](r)
      for term in group.terms {
        let value = (-term.eta * (r - term.shift).square()).exp() * window
        add(value.segmentSum(by: row, count: centers), term.scale, to: &columns[term.function])
      }
    }
    for group in set.groups.angular {
      addAngular(group, displacements, distances, centers, to: &columns)
    }
    return .stacking(columns.map { $0! }, axis: 1)
  }

  private func addAngular(
    _ group: SymmetryFunctionGroups.Angular, _ displacements: Symbol, _ distances: Symbol,
    _ centers: Extent, to columns: inout [Symbol?]
  ) {
    let (first, second, row) = indices.triplets(
      set.groups.elements[group.first], set.groups.elements[group.second])
    let (a, b) = (displacements.gathered(by: first), displacements.gathered(by: second))
    let (ra, rb) = (distances.gathered(by: first), distances.gathered(by: second))
    let cosine = (a * b).sum(along: 1) / (ra * rb)
    let cutoff = set.groups.windows[group.window]
    var sides = [ra, rb]
    if group.isNarrow { sides.append((a - b).square().sum(along: 1).squareRoot()) }
    let windows = sides.dropFirst().reduce(cutoff(ra)) { $0 * cutoff($1) }
    let powers = group.powers.map { Self.angular($0, cosine) }
    for gaussian in group.gaussians {
      let exponents = sides.map { ($0 - gaussian.shift).square() }
      let sum = exponents.dropFirst().reduce(exponents[0], +)
      let factor = (-gaussian.eta * sum).exp() * windows
      for term in gaussian.terms {
        let sum = (powers[term.power] * factor).segmentSum(by: row, count: centers)
        add(sum, term.scale, to: &columns[term.function])
      }
    }
  }

  private func add(_ value: Symbol, _ scale: Double, to column: inout Symbol?) {
    let value = scale == 1 ? value : value * scale
    column = column.map { $0 + value } ?? value
  }

  /// The angular part of a function.
  private static func angular(
    _ power: SymmetryFunctionGroups.Power, _ cosine: Symbol
  ) -> Symbol {
    switch power {
    case .window(let window):
      // The margin keeps derivatives finite at 0 and 180 degrees, where they vanish.
      return window(cosine.maximum(-1 + 1e-12).minimum(1 - 1e-12).acos())
    case .cosine(let lambda, let zeta):
      let base = 1 + lambda * cosine
      let isWhole = zeta == zeta.rounded()
      let scale = Symbol.fill(2, .scalar).power(1 - zeta)
      return (isWhole ? base : base.maximum(0)).power(zeta) * scale
    }
  }
}
