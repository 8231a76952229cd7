import Tensors

/// The energies of a set of structures that do not belong to the others.
///
/// Eight and more structures of one composition are judged by themselves: their energies per atom have a
/// median and a spread. All others are judged by what `AbsoluteDeviationFit` leaves of their energies, if
/// there are enough of them. No energy may differ from lone atoms by more than any substance does.
struct EnergyOutliers {
  /// An energy that lies apart.
  struct Outlier {
    /// The place of the structure.
    var structure: Int
    /// The energy per atom and the one expected from the others, in eV.
    var perAtom: Double
    var expected: Double
    /// The distance from the expected one in spreads.
    var score: Double
    /// Whether the structures can be no kind of their own: few energies lie apart, or they do so by more
    /// than any substance is bound, or in another unit.
    var isGross: Bool
    /// The unit of energy with which the energy belongs to the others.
    var suspectedUnit: EnergyUnit?
  }

  /// The outliers in ascending order of structures.
  private(set) var outliers: [Outlier] = []

  /// The score beyond which an energy may lie apart.
  static let bar = 5.0
  /// The score within which an energy belongs to the others.
  private static let core = 4.0
  /// The smallest spread in eV per atom, the noise of good labels.
  private static let smallestSpread = 1e-3

  /// Judges the energies of the members of a list of structures.
  ///
  /// - Throws: `LinearAlgebra.Failure` where an energy is not finite.
  init(
    _ structures: [Structure], members: some Sequence<Int>
  ) throws(LinearAlgebra.Failure) {
    var (places, rows, names): ([Int], [AbsoluteDeviationFit.Row], [String]) = ([], [], [])
    var columns: [Element: Int] = [:]
    for place in members where structures[place].count > 0 {
      let structure = structures[place]
      guard let energy = structure.labels.energy else { continue }
      let (atoms, composition) = (Double(structure.count), structure.composition)
      let fractions = composition.sorted { $0.key < $1.key }.map { element, count in
        if columns[element] == nil { columns[element] = columns.count }
        return (element: columns[element] ?? 0, value: Double(count) / atoms)
      }
      places.append(place)
      rows.append(.init(energy: energy / atoms, fractions: fractions))
      names.append(structure.isLoneAtom ? "" : structure.formula(of: composition))
    }
    guard !rows.isEmpty else { return }
    let fit = try AbsoluteDeviationFit(rows, elements: columns.count)

    var found: [Int: Outlier] = [:]
    func judge(
      _ scores: RobustScores, _ candidates: [Int], _ score: (_ row: Int, _ energy: Double) -> Double
    ) {
      let apart = scores.apart(beyond: Self.bar).compactMap { $0 < candidates.count ? $0 : nil }
      for number in apart {
        let row = candidates[number]
        let energy = rows[row].energy
        let unit = EnergyUnit.allCases.first {
          $0 != .electronVolt && abs(score(row, energy * $0.inElectronVolt)) <= Self.core
        }
        found[row] = Outlier(
          structure: places[row], perAtom: energy,
          expected: energy - scores.scores[number] * scores.spread, score: scores.scores[number],
          isGross: unit != nil || Self.areFew(apart.count, of: candidates.count)
            || abs(scores.scores[number] * scores.spread) > InteractionEnergies.largestPerAtom,
          suspectedUnit: unit)
      }
    }

    var rare: [Int] = []
    var medians: [Double] = []
    let groups = Dictionary(grouping: rows.indices.filter { names[$0] != "" }) { names[$0] }
    for (_, group) in groups.sorted(by: { $0.key < $1.key }) {
      guard
        let scores = RobustScores(
          group.map { rows[$0].energy }, smallestSpread: Self.smallestSpread)
      else {
        rare += group
        continue
      }
      medians.append(RobustScores.median(of: group.map { fit.residuals[$0] }))
      judge(scores, group) { scores.score($1) }
    }
    let points = rare.map { fit.residuals[$0] } + medians
    if rare.count >= RobustScores.fewestNumbers,
      points.count >= fit.rank + RobustScores.fewestNumbers,
      let scores = RobustScores(points, smallestSpread: Self.smallestSpread)
    {
      judge(scores, rare) { row, energy in
        scores.score(fit.residuals[row] + energy - rows[row].energy)
      }
    }

    let absurd = rows.indices.filter {
      abs(fit.residuals[$0]) > InteractionEnergies.largestPerAtom && found[$0] == nil
    }
    for row in absurd {
      found[row] = Outlier(
        structure: places[row], perAtom: rows[row].energy,
        expected: rows[row].energy - fit.residuals[row],
        score: fit.residuals[row] / Self.smallestSpread,
        isGross: Self.areFew(absurd.count, of: rows.count), suspectedUnit: nil)
    }
    outliers = found.values.sorted { $0.structure < $1.structure }
  }

  /// Whether so few numbers of many lie apart that they can be no kind of their own.
  static func areFew(_ count: Int, of all: Int) -> Bool { count <= max(2, all / 10) }
}
