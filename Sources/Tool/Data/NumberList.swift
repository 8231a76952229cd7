import Foundation

/// Numbers above zero with commas between them, as in `0.9,1.0,1.1`.
struct NumberList: ArgumentValue {
  /// The numbers in their order.
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = words.compactMap { Double($0) }.filter { $0 > 0 && $0.isFinite }
    guard !values.isEmpty, values.count == words.count else { return nil }
    self.values = values
  }

  static var expectation: String { "numbers above 0 with commas between them" }

  var argument: String { values.map { String(format: "%g", $0) }.joined(separator: ",") }
}
