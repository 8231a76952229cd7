import Atomistic
import Graph

/// The plan of labels that take rows of features, which are computed once.
///
/// The energy of a potential is a sum over rows, and a row depends on positions through pairs of its own:
///
///     E = Σ_g Σ_r e_g(f_r)            df_r = Σ_p (∂f_r/∂d_p) d(d_p)
///
/// with groups g of rows that have an axis in common, features f that no weight reaches, and
/// displacements d_p of pairs p. So an energy label needs the rows of its structure, and a force or
/// stress label those that depend on the coordinate that is moved. All of this is read off the graph.
struct RowPlan: Sendable {
  /// A feature of the rows of a group.
  struct Feature: Sendable {
    /// The feature as a graph over the inputs of a structure.
    let value: Symbol
    /// The placeholder in the graph of a row's energy.
    let placeholder: Symbol
    /// The placeholder of its change along the direction of a label.
    let tangent: Symbol
    /// The number of elements of a row.
    let width: Int
    /// Whether the feature depends on positions.
    let moves: Bool
  }

  /// Rows that have an axis in common.
  struct Group: Sendable {
    /// The part of each row in an energy.
    let sum: RowSum
    /// The name of the axis.
    let axis: String
    /// The features of the rows.
    let features: [Feature]
    /// The index placeholders that are taken row by row, such as atomic numbers.
    let indices: [Symbol]
    /// The number of the row that each pair belongs to, counted from 1; 0 for pairs of no row.
    let rowOfPair: Symbol?
    /// The placeholder of the numbers 1, 2, … of the rows, from which `rowOfPair` is made.
    let numbers: Symbol
    /// The placeholder of the label that each row belongs to.
    let label: Symbol
  }

  /// The groups.
  let groups: [Group]

  /// Why rows of a potential are no plan.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads the plan off the graph of a potential.
  init(_ potential: any Potential) throws(Refusal) {
    let inputs = AtomisticInputs(.given)
    let prefix = FrozenPrefix(of: [potential.energies(inputs)]) { number, value in
      value.label ?? "\(value.shape.extents.first.map { "\($0)." } ?? "")feature\(number)"
    }
    guard let sums = RowSum.sums(in: prefix.rest[0]) else {
      throw Refusal(description: "the energy joins the rows of different atoms")
    }
    var groups: [Group] = []
    for sum in sums {
      guard let axis = sum.rows.names.first, sum.rows == .named(axis),
        !groups.contains(where: { $0.axis == axis })
      else { throw Refusal(description: "the rows have the axis \(sum.rows), which is no name") }
      groups.append(try Self.group(axis, sum, prefix, inputs))
    }
    let used = Set(groups.flatMap { $0.features.map(\.placeholder) })
    guard prefix.features.allSatisfy({ used.contains($0.placeholder) }) else {
      throw Refusal(description: "there are features that do not belong to rows")
    }
    self.groups = groups
  }

  private static func group(
    _ axis: String, _ sum: RowSum, _ prefix: FrozenPrefix, _ inputs: AtomisticInputs
  ) throws(Refusal) -> Group {
    let numbers = Symbol.placeholder("\(axis).number", [sum.rows], .index)
    for symbol in topologicalOrder(of: [sum.value])
    where symbol.type.elements == .index && !sum.sources.contains(symbol) {
      guard let name = symbol.placeholderName else { continue }
      throw Refusal(description: "a row needs \(name) as a whole")
    }
    var features: [Feature] = []
    var segments: [Symbol] = []
    for feature in prefix.features where sum.sources.contains(feature.placeholder) {
      let extents = feature.value.shape.extents.dropFirst()
      guard let width = Shape(extents).count.constant else {
        throw Refusal(
          description: "the number of features of a row, \(Shape(extents).count), varies")
      }
      let needed = topologicalOrder(of: [feature.value])
      guard !needed.contains(inputs.positions) else {
        throw Refusal(
          description: "a feature depends on positions in another way than by displacements")
      }
      let moves = needed.contains(inputs.displacements)
      if moves { segments.append(try pairs(of: feature.value, inputs.displacements, numbers)) }
      features.append(
        Feature(
          value: feature.value, placeholder: feature.placeholder,
          tangent: .placeholder(
            "\(feature.placeholder.placeholderName ?? axis).tangent", [sum.rows, .fixed(width)]),
          width: width, moves: moves))
    }
    guard segments.allSatisfy({ $0.isSameExpression(as: segments[0]) }) else {
      throw Refusal(description: "the features of a row belong to different pairs")
    }
    return Group(
      sum: sum, axis: axis, features: features,
      indices: sum.sources.filter { $0.type.elements == .index }, rowOfPair: segments.first,
      numbers: numbers, label: .placeholder("\(axis).label", [sum.rows], .index))
  }

  /// The number of the row that each pair belongs to.
  ///
  /// The pullback of segmented rows says it; a row that depends on pairs of other rows has none.
  private static func pairs(
    of value: Symbol, _ displacements: Symbol, _ numbers: Symbol
  ) throws(Refusal) -> Symbol {
    let cotangent = Symbol.placeholder("cotangent of rows", value.shape)
    guard
      let pullback = pullback(of: value, by: [displacements], cotangent: cotangent)[0],
      let rows = batch(
        [pullback], slices: value.shape[0],
        replacing: [
          cotangent: .segmented(Segmented(value: cotangent, axis: 0, segments: numbers))
        ])[0].segmented, rows.axis == 0, rows.value.shape == displacements.shape
    else {
      throw Refusal(description: "a row depends on the pairs of other rows")
    }
    return rows.segments
  }
}

extension RowPlan.Feature {
  /// The derivatives of each element of a row by the displacements of its pairs, [width, pairs, 3]; nil
  /// where positions do not matter.
  ///
  /// The pullback of cotangents that are one-hot along the elements of a row gives all rows at once,
  /// since rows stay apart.
  var derivatives: Symbol? {
    guard moves else { return nil }
    let cotangent = Symbol.placeholder("cotangent of rows", value.shape)
    let displacements = AtomisticInputs(.given).displacements
    guard let pullback = pullback(of: value, by: [displacements], cotangent: cotangent)[0] else {
      return nil
    }
    let extents = value.shape.extents
    let row = Shape([.fixed(width)] + extents.dropFirst())
    let oneHot = Symbol.identity(.fixed(width)).reshaped(row)
      .broadcast(
        to: Shape([.fixed(width)] + extents), axes: [0] + (1..<extents.count).map { $0 + 1 })
    let slices = batch(
      [pullback], slices: .fixed(width), replacing: [cotangent: .perSlice(oneHot)])[0]
    return slices.dense(slices: .fixed(width)).symbol
  }
}
