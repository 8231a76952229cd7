import Atomistic

/// Tells whether molecules stay whole: whether atoms come nearer to each other than ever with the teacher.
///
/// Neither density nor temperature tells: a liquid of broken or merged molecules may have both.
struct CloseContacts {
  /// How much nearer than the nearest with the teacher is too near, in angstrom.
  static let margin = 0.3
  /// The mean number of neighbours that are too near from which on molecules do not count as whole.
  static let tolerated = 0.01

  /// The distance below which atoms are too near, in angstrom, for each pair of elements.
  private let limits: [String: Double]

  /// Takes the nearest distances from simulations of the teacher; nil where no pair was measured.
  init?(teacher: [SimulationResult]) {
    var nearest: [String: Double] = [:]
    for (pair, curve) in teacher.flatMap(\.distributions) {
      guard let shell = curve.g.firstIndex(where: { $0 > 0 }) else { continue }
      nearest[pair] = min(nearest[pair] ?? .infinity, curve.r[shell])
    }
    guard !nearest.isEmpty else { return nil }
    limits = nearest.mapValues { $0 - Self.margin }
  }

  /// Whether a simulation went on to its end with whole molecules.
  func areAbsent(in result: SimulationResult) -> Bool {
    result.isStable
      && limits.allSatisfy { pair, limit in
        guard let curve = result.distributions[pair],
          let shell = curve.r.lastIndex(where: { $0 < limit })
        else { return true }
        return curve.coordination[shell] < Self.tolerated
      }
  }
}
