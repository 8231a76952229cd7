import Atomistic
import Graph
import Tensors

/// The values of labels as graphs over rows.
extension RowPlan {
  /// The values of labels of a property that rows are put together for, [labels].
  ///
  ///     energy   Σ_r e(f_r)
  ///     force   -Σ_r ∂e/∂f_r · t_r       with the tangents t of the rows along the moved coordinate
  ///     stress   Σ_r ∂e/∂f_r · t_r       with the tangents along the strain over the volume
  func values(of definition: Property.Definition, labels: Extent) -> Symbol {
    switch definition {
    case .energy: return sums(by: \.label, count: labels) { $0.sum.value }
    case .force: return -sums(by: \.label, count: labels) { $0.slopes(along: $0.tangents) }
    case .stress: return sums(by: \.label, count: labels) { $0.slopes(along: $0.tangents) }
    case .own: trap("RowPlan: only the energy and its slopes are sums over rows")
    }
  }

  /// The values of a property of all carriers of whole structures, one after another.
  ///
  /// The rows of each structure stand once. Forces add up what entries give, each of a row and a
  /// coordinate that moves it; stresses what rows give for each of the six strains.
  func wholeValues(of definition: Property.Definition) -> Symbol {
    let structures = AtomisticInputs.structures
    switch definition {
    case .energy: return sums(by: \.label, count: structures) { $0.sum.value }
    case .force:
      return -sums(by: \.coordinate, count: 3 * AtomisticInputs.atoms) { group in
        let slopes = group.slopes.map { $0.gathered(by: group.rowOfEntry) }
        return group.contraction(slopes, group.entryTangents)
      }
    case .stress:
      return sums(by: \.label, count: structures) { group in
        let slopes = zip(group.slopes, group.features).map { slope, feature in
          let shape = Shape([group.sum.rows, 6, .fixed(feature.width)])
          return slope.broadcast(to: shape, axes: [0, 2])
        }
        return group.contraction(slopes, group.strainTangents)
      }.flattened()
    case .own: trap("RowPlan: only the energy and its slopes are sums over rows")
    }
  }

  private func sums(
    by index: (Group) -> Symbol, count: Extent, _ values: (Group) -> Symbol
  ) -> Symbol {
    let parts = groups.map { values($0).segmentSum(by: index($0), count: count) }
    return parts.dropFirst().reduce(parts[0], +)
  }
}

extension RowPlan.Group {
  /// The derivative of the energy by each feature, [rows, width].
  fileprivate var slopes: [Symbol] {
    zip(gradient(of: sum.value.sum(), by: features.map(\.placeholder)), features).map {
      $0.reshaped([sum.rows, .fixed($1.width)])
    }
  }

  /// The tangents of each feature along the direction of a row's label, [rows, width].
  fileprivate var tangents: [Symbol] { features.map(\.tangent) }

  /// The part of each row in a slope of the energy, [rows].
  fileprivate func slopes(along tangents: [Symbol]) -> Symbol { contraction(slopes, tangents) }

  /// `Σ_f Σ_c slope[..., c] tangent[..., c]`.
  fileprivate func contraction(_ slopes: [Symbol], _ tangents: [Symbol]) -> Symbol {
    let terms = zip(slopes, tangents).map { ($0 * $1).sum(along: $0.rank - 1) }
    return terms.dropFirst().reduce(terms[0], +)
  }

  /// The axis of entries: each is a row and a coordinate that moves it.
  var entries: Extent { .named("\(axis).entries") }

  /// The row of each entry, an index of shape [entries].
  var rowOfEntry: Symbol { .placeholder("\(axis).entryRow", [entries], .index) }

  /// The coordinate of each entry among all of the batch, an index of shape [entries].
  var coordinate: Symbol { .placeholder("\(axis).coordinate", [entries], .index) }

  /// The derivatives of each feature by an entry's coordinate, [entries, width].
  var entryTangents: [Symbol] {
    features.enumerated().map { number, feature in
      .placeholder("\(axis).entryTangent\(number)", [entries, .fixed(feature.width)])
    }
  }

  /// The derivatives of each feature by the strains over the volume, [rows, 6, width].
  var strainTangents: [Symbol] {
    features.enumerated().map { number, feature in
      .placeholder("\(axis).strainTangent\(number)", [sum.rows, 6, .fixed(feature.width)])
    }
  }
}
