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
    rows += report.rows
    for line in inventory.description.split(separator: "\n") {
      rows.append(("labels", String(line)))
    }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in
      "  \(name.padding(toLength: width, withPad: " ", startingAt: 0))  \(value)\n"
    }.joined() + report.warnings.map { "  warning: \($0)\n" }.joined()
  }

  fileprivate static func number(_ value: Double, _ digits: Int) -> String {
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

extension DataReport {
  /// The names and values that a summary shows beside its own.
  fileprivate var rows: [(String, String)] {
    let distance =
      shortest.map {
        "\(DatasetSummary.number($0.distance, 4)) angstrom, atoms \($0.first) and \($0.second) of "
          + "structure \($0.structure)"
      } ?? "beyond \(cutoff) angstrom"
    var rows = [
      ("shortest distance", distance),
      ("no neighbours", "\(atomsWithoutNeighbors) atoms within \(cutoff) angstrom"),
    ]
    if !reference.energies.isEmpty {
      let energies = reference.energies.sorted { $0.key < $1.key }
        .map { "\($0.key): \(DatasetSummary.number($0.value, 4))" }.joined(separator: ", ")
      let rest = reference.isRankDeficient ? ", the smallest that fit" : ""
      rows.append(("reference energy", "\(energies) eV\(rest)"))
    }
    for label in labels {
      guard let median = label.median else { continue }
      let missing = label.missing > 0 ? ", missing in \(label.missing) structures" : ""
      rows.append(("median \(label.property)", "\(Float(median)) \(label.unit)\(missing)"))
    }
    return rows
  }
}
