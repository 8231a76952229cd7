import Atomistic
import Foundation

/// The learning curve as a table on the terminal: root mean squared errors of each property.
struct LearningTable {
  /// The properties of the loss.
  let properties: [Property]

  /// Names and units of the columns.
  var header: String {
    let width = columns.reduce(0) { $0 + Self.padded($1.unit, $1.width).count }
    let parts = "training".padding(toLength: width + 3, withPad: " ", startingAt: 0) + "validation"
    let units = columns.map { Self.padded($0.unit, $0.width) }.joined()
    return "            \(parts)\n   steps  \(units)   \(units)\n"
  }

  /// The errors after so many steps; a star marks the best model so far.
  func row(_ step: Int, _ metrics: [Double?], isBest: Bool) -> String {
    // Each property has two metrics, of which the first is the root mean squared error.
    let cells = [0, 1].map { part in
      columns.enumerated().map { number, column in
        let value = metrics[2 * (part * columns.count + number)]
        return Self.padded(
          value.map { String(format: "%.\(column.digits)f", $0 * 1000) } ?? "-", column.width)
      }.joined()
    }
    return Self.padded("\(step)", 8) + "  " + cells.joined(separator: "   ")
      + (isBest ? " *\n" : "\n")
  }

  private var columns: [(unit: String, width: Int, digits: Int)] {
    properties.map { property in
      let unit = property.errorUnit.replacing("angstrom", with: "Å")
      return (unit, max(10, unit.count + 2), property.isReportedPerAtom ? 3 : 1)
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
