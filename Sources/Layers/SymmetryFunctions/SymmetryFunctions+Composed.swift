import Graph

extension SymmetryFunctions {
  /// The same functions in plain primitives, which have derivatives of every order.
  package func composed(_ displacements: Symbol, centers: Extent) -> Symbol {
    let distances = displacements.square().sum(along: 1).squareRoot()
    var columns = [Symbol?](repeating: nil, count: set.count)
    for group in set.groups.radial {
      let (pair, row) = indices.pairs(set.groups.elements[group.element])
      let r = distances.gathered(by: pair)
      let window = set.groups.cutoffs[group.cutoff](r)
      for term in group.terms {
        let value = (-term.eta * (r - term.shift).square()).exp() * window
        columns[term.function] = value.segmentSum(by: row, count: centers)
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
    let cutoff = set.groups.cutoffs[group.cutoff]
    var sides = [ra, rb]
    if group.isNarrow { sides.append((a - b).square().sum(along: 1).squareRoot()) }
    let windows = sides.dropFirst().reduce(cutoff(ra)) { $0 * cutoff($1) }
    let powers = group.powers.map { power in
      let base = 1 + power.lambda * cosine
      let isWhole = power.zeta == power.zeta.rounded()
      let scale = Symbol.fill(2, .scalar).power(1 - power.zeta)
      return (isWhole ? base : base.maximum(0)).power(power.zeta) * scale
    }
    for gaussian in group.gaussians {
      let exponents = sides.map { ($0 - gaussian.shift).square() }
      let sum = exponents.dropFirst().reduce(exponents[0], +)
      let factor = (-gaussian.eta * sum).exp() * windows
      for term in gaussian.terms {
        columns[term.function] = (powers[term.power] * factor)
          .segmentSum(by: row, count: centers)
      }
    }
  }
}
