public import Graph

/// The network of one element as training sees it: rows of scaled descriptors in, energies out.
public struct ElementNetwork: Sendable {
  /// The element, whose symbol names the placeholders.
  public var element: Element

  /// The number of descriptors.
  public var width: Int

  /// The energy of each row, [rows], of descriptors [rows, width].
  public var energies: @Sendable (Symbol) -> Symbol

  /// Makes a network.
  public init(
    element: Element, width: Int, energies: @escaping @Sendable (Symbol) -> Symbol
  ) {
    self.element = element
    self.width = width
    self.energies = energies
  }

  private var inputs: ElementInputs { ElementInputs(element: element, width: width) }

  /// The axis of this element's rows.
  var rows: Extent { inputs.rows }

  /// The scaled descriptors of the rows.
  var descriptors: Symbol { inputs.descriptors }

  /// The derivative of the descriptors by the coordinate that a force label is about.
  var directions: Symbol { inputs.directions }

  /// The label that each row belongs to.
  var labelOfRow: Symbol { inputs.labelOfRow }
}

/// The placeholders of the rows of one element.
package struct ElementInputs: Sendable {
  /// The axis of this element's rows.
  let rows: Extent
  /// The scaled descriptors of the rows.
  package let descriptors: Symbol
  /// The derivative of the descriptors by the coordinate that a force label is about.
  package let directions: Symbol
  /// The label that each row belongs to.
  package let labelOfRow: Symbol

  package init(element: Element, width: Int) {
    let rows = Extent.named("\(element).rows")
    self.rows = rows
    descriptors = .placeholder("\(element).descriptors", [rows, .fixed(width)])
    directions = .placeholder("\(element).directions", [rows, .fixed(width)])
    labelOfRow = .placeholder("\(element).label", [rows], .index)
  }
}

/// The errors of energies and forces as graphs over cached descriptors.
///
/// Every row is an atom whose energy a label depends on. So both errors are sums over rows, and their
/// Jacobians cost one backward pass.
public enum PotentialErrors {
  /// The axis of labels.
  public static let labels: Extent = "labels"

  /// The labels' values.
  package static let references = Symbol.placeholder("references", [labels])

  /// The sum over rows of the energies, less the references: [labels].
  public static func energy(_ networks: [ElementNetwork]) -> Symbol {
    sums(networks) { $0.energies($0.descriptors) } - references
  }

  /// Minus the derivative of the energies along the directions, less the references: [labels].
  ///
  /// A force component is `F = -Σ_i ∂E_i/∂G_i · ∂G_i/∂x`.
  public static func force(_ networks: [ElementNetwork]) -> Symbol {
    let slopes = sums(networks) { network in
      let slope = gradient(of: network.energies(network.descriptors).sum(), by: network.descriptors)
      return (slope * network.directions).sum(along: 1)
    }
    return -slopes - references
  }

  private static func sums(
    _ networks: [ElementNetwork], _ rowValues: (ElementNetwork) -> Symbol
  ) -> Symbol {
    let parts = networks.map { rowValues($0).segmentSum(by: $0.labelOfRow, count: labels) }
    return parts.dropFirst().reduce(parts[0], +)
  }
}
