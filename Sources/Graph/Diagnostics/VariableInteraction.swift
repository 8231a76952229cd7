extension Symbol {
  /// Unites groups of variables that interact: those left are the groups of which outputs are a sum,
  ///
  ///     Σ outputs = Σ_g f_g(variables of group g).
  ///
  /// Two variables interact where the derivative by one depends on the other. In a model with a
  /// network for each element, networks do not: energies only add up.
  ///
  /// - Parameters:
  ///   - groups: Groups to begin with, each variable in one of them.
  ///   - outputs: The outputs.
  /// - Returns: The united groups, each in the order of its variables.
  public static func groups(
    _ groups: [[Variable]], unitedBy outputs: [Symbol]
  ) -> [[Variable]] {
    let variables = groups.flatMap { $0 }
    /// The number of the group of each variable.
    var group: [Variable: Int] = [:]
    for (number, members) in groups.enumerated() { for one in members { group[one] = number } }
    for output in outputs {
      let slopes = pullback(
        of: output, by: variables.map(\.symbol), cotangent: .fill(1, output.shape))
      for (variable, slope) in zip(variables, slopes) {
        guard let slope else { continue }
        let own = group[variable]
        let met = Set(parameters(of: [slope]).compactMap { group[$0] }).subtracting([own])
        guard !met.isEmpty else { continue }
        for (other, number) in group where met.contains(number) { group[other] = own }
      }
    }
    let united = Dictionary(grouping: variables) { group[$0] }
    return variables.compactMap { group[$0] }.uniqued().compactMap { united[$0] }
  }
}
