/// The parts of a dataset by name and fraction, as in `training:0.8,validation:0.2`.
struct SplitArgument: ArgumentValue {
  /// The parts in their order.
  let parts: [(name: String, fraction: Double)]

  init?(argument: String) {
    var parts: [(name: String, fraction: Double)] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count == 2, let fraction = Double(words[1]), fraction > 0, fraction <= 1,
        !words[0].isEmpty, !parts.contains(where: { $0.name == words[0] }),
        words[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
      else { return nil }
      parts.append((String(words[0]), fraction))
    }
    guard parts.reduce(0, { $0 + $1.fraction }) <= 1 + 1e-9 else { return nil }
    self.parts = parts
  }

  static var expectation: String {
    "names and fractions with a sum of at most 1, such as training:0.8,validation:0.2"
  }

  var argument: String { parts.map { "\($0.name):\($0.fraction)" }.joined(separator: ",") }
}
