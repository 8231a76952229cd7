import Atomistic
import Graph

/// The errors of labels as graphs, by the plan that a potential's graph allows.
struct LabelGraphs {
  /// The layout of labels.
  enum Plan {
    /// Labels take rows of features that no weight reaches.
    case rows(RowPlan)
    /// Labels take whole structures, for a reason.
    case structures(reason: String)
  }

  /// The plan.
  let plan: Plan
  private let potential: any Potential

  /// Chooses the plan for the terms of a loss.
  init(_ potential: any Potential, _ terms: [LossTerm]) {
    self.potential = potential
    let own = terms.first { if case .own = $0.property.definition { true } else { false } }
    if let own {
      plan = .structures(reason: "\(own.property.name) is neither the energy nor a slope of it")
      return
    }
    do { plan = .rows(try RowPlan(potential)) } catch {
      plan = .structures(reason: error.description)
    }
  }

  /// The axis of labels.
  var labels: Extent {
    if case .rows = plan { "labels" } else { AtomisticInputs.structures }
  }

  /// The errors `ŷ - y` of labels of one property, [labels], as they are and with their factors.
  func errors(of term: Int, _ context: LabelContext) -> (plain: Symbol, weighted: Symbol) {
    let property = context.tables[term].property
    switch plan {
    case .rows(let rows):
      return context.errors(of: rows.values(of: property.definition, labels: labels))
    case .structures:
      return context.errors(of: WholeStructureGraphs.labels(property, of: potential))
    }
  }

  /// The errors of all labels of whole structures for one property, [values].
  func wholeErrors(of term: Int, _ context: LabelContext) -> Symbol {
    let property = context.tables[term].property
    switch plan {
    case .rows(let rows):
      return context.wholeErrors(of: rows.wholeValues(of: property.definition), term)
    case .structures:
      return context.wholeErrors(
        of: WholeStructureGraphs.values(property, of: potential).flattened(), term)
    }
  }
}
