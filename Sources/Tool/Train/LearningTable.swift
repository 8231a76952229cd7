import Foundation

/// The learning curve as a table on the terminal.
struct LearningTable {
  /// Names and units of the columns.
  var header: String {
    """
                 training            validation
       steps   meV/atom  meV/Å     meV/atom  meV/Å

    """
  }

  /// The root mean squared errors after so many steps; a star marks the best model so far.
  func row(_ step: Int, _ metrics: [Double?], isBest: Bool) -> String {
    func cell(_ index: Int, _ digits: Int) -> String {
      metrics[index].map { String(format: "%8.\(digits)f", $0 * 1000) } ?? "       -"
    }
    let (training, validation) = (cell(0, 3) + cell(2, 1), cell(4, 3) + cell(6, 1))
    return String(format: "%8d  ", step) + training + "     " + validation
      + (isBest ? " *\n" : "\n")
  }
}
