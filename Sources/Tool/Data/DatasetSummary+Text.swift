import Atomistic
import Foundation

extension DatasetSummary {
  /// The summary as a table of two columns.
  var text: String {
    let sizes = atomsPerStructure.map { ", \(Self.range($0, 0)) a structure" } ?? ""
    var rows: [(String, String)] = [
      ("structures", "\(structures)"),
      ("atoms", "\(atoms)\(sizes)"),
      ("elements", Self.counts(elements)),
      ("compositions", Self.counts(compositions)),
      ("periodic axes", Self.axes(periodicAxes)),
    ]
    func add(_ name: String, _ range: Range?, _ unit: String, _ digits: Int) {
      guard let range else { return }
      rows.append((name, "\(Self.range(range, digits)) \(unit)"))
    }
    add("density", density, "g/mL", 4)
    add("energy", energy, "eV", 4)
    add("energy per atom", energyPerAtom, "eV", 5)
    if let forceRootMeanSquare, let largestForce {
      let numbers = (Self.number(forceRootMeanSquare, 4), Self.number(largestForce, 4))
      rows.append(("forces", "\(numbers.0) root mean square, \(numbers.1) largest, eV/angstrom"))
    }
    add("pressure", pressure, "bar", 0)
    let distance =
      shortestDistance.map { "\(Self.number($0, 4)) angstrom" }
      ?? "beyond \(Self.distanceReach) angstrom"
    rows.append(("shortest distance", distance))
    if !unusableStructures.isEmpty {
      let first = unusableStructures.prefix(10).map(String.init).joined(separator: ", ")
      let rest = unusableStructures.count > 10 ? ", …" : ""
      rows.append(("atoms on top of each other", "structures \(first)\(rest) (counted from 0)"))
    }
    for line in inventory.description.split(separator: "\n") {
      rows.append(("labels", String(line)))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in
      "  \(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(value)\n"
    }.joined()
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  private static func range(_ range: Range, _ digits: Int) -> String {
    let (low, high) = (number(range.lowest, digits), number(range.highest, digits))
    return low == high ? low : "\(low) to \(high)"
  }

  /// The most frequent names with their counts.
  private static func counts(_ counts: [String: Int]) -> String {
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(8).map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return sorted.count > 8 ? "\(shown) and \(sorted.count - 8) more" : shown
  }

  private static func axes(_ structures: [Int]) -> String {
    structures.enumerated().filter { $0.element > 0 }
      .map { "\($0.offset): \($0.element)" }.joined(separator: ", ")
  }
}
