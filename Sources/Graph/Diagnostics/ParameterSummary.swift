/// The number of parameters of each layer of a model.
public struct ParameterSummary: Sendable, Hashable, CustomStringConvertible {
  /// One layer and the number of elements of its variables.
  public struct Row: Sendable, Hashable {
    /// The name of the layer: that of its variables without the last component.
    public let layer: String
    /// The number of elements.
    public var count: Int
  }

  /// The layers in the order of their first variables.
  public let rows: [Row]

  /// Sums up variables such as `Symbol.parameters(of:)` lists them.
  ///
  /// `O.hidden1.weights` and `O.hidden1.bias` belong to the layer `O.hidden1`; a name of a single
  /// component is a layer of its own.
  public init(_ variables: [Variable]) {
    var rows: [Row] = []
    for variable in variables.uniqued() {
      if let place = rows.firstIndex(where: { $0.layer == variable.layer }) {
        rows[place].count += variable.count
      } else {
        rows.append(Row(layer: variable.layer, count: variable.count))
      }
    }
    self.rows = rows
  }

  /// The number of elements of all layers.
  public var count: Int { rows.reduce(0) { $0 + $1.count } }

  /// A table of a line for each layer, and the total.
  public var description: String {
    TextTable(
      ["layer", "parameters"],
      rows.map { [$0.layer, "\($0.count)"] } + [["total", "\(count)"]]
    ).description
  }
}

extension Variable {
  /// The name of the layer that the variable belongs to: its own name without the last component.
  public var layer: String {
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    return components.count > 1 ? components.dropLast().joined(separator: ".") : name
  }
}

extension Symbol {
  /// The variables among those given that no derivative of the outputs reaches: optimizers would
  /// leave them as they are.
  ///
  /// A variable that is only met behind `detached()` is one of them.
  public static func variablesWithoutInfluence(
    on outputs: [Symbol], among variables: [Variable]
  ) -> [Variable] {
    var remaining = variables
    for output in outputs {
      let cotangents = pullback(
        of: output, by: remaining.map(\.symbol), cotangent: .fill(1, output.shape))
      remaining = zip(remaining, cotangents).filter { $0.1 == nil }.map(\.0)
    }
    return remaining
  }
}
