import Atomistic
import Graph
import Tensors

/// A way to lay out labels in a batch: the numbers for the placeholders of `LabelGraphs`.
protocol LabelPlan<Scalar>: AnyObject {
  associatedtype Scalar: RealScalar

  /// Sets the placeholders of the errors of some labels of one property.
  func fill(_ feed: Feed<Scalar>, term: Int, labels: [Int])

  /// Sets the placeholders of the errors of all labels of some structures.
  func fill(_ feed: Feed<Scalar>, structures: [Int])

  /// Predicts the properties of single structures with the weights of a state.
  func predictions(_ state: State<Scalar>, workers: Workers) -> any PropertyPredictions
}

/// Predicts the values of properties of structures, one structure after the other.
protocol PropertyPredictions: AnyObject {
  /// The values of each property of a structure, energies less those of lone atoms.
  func values(of structure: Int) -> [[Double]]
}

/// The data and placeholders that both plans share.
struct LabelContext {
  /// All structures.
  let structures: [Structure]
  /// The labels to train on, property by property.
  let tables: [LabelTable]
  /// The square root of each structure's weight; nil where all weights are 1.
  let rootWeights: [Double]?

  /// The batch schedule, which may give labels factors.
  let schedule: any BatchSchedule
  /// The number of structures to train on.
  let members: Int
  /// The axis of labels.
  let labels: Extent

  /// The labels' values, [labels].
  private var references: Symbol { .placeholder("references", [labels]) }
  /// The factors of the labels' errors, [labels].
  private var weights: Symbol { .placeholder("labelWeights", [labels]) }

  /// Whether labels have factors.
  private var hasFactors: Bool { rootWeights != nil || schedule.hasFactors }

  /// The errors of predicted labels as they are, and with the factors that labels have.
  func errors(of predictions: Symbol) -> (plain: Symbol, weighted: Symbol) {
    let errors = predictions - references
    return (errors, hasFactors ? errors * weights : errors)
  }

  /// The factor of a label's error: the root of its structure's weight times that of the schedule.
  private func factor(_ term: Int, _ structure: Int, _ value: Int) -> Double {
    (rootWeights?[structure] ?? 1)
      * schedule.factor(of: tables[term].property, value: value, in: structures[structure])
  }

  /// The buffers of references and factors of a feed; factors only where labels have some.
  func buffers<Scalar: RealScalar>(
    of feed: Feed<Scalar>
  ) -> (references: Buffer<Scalar>, weights: Buffer<Scalar>?) {
    (feed.values(of: references), hasFactors ? feed.values(of: weights) : nil)
  }

  /// Sets the references and weights of some labels of one property.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func fill<Scalar: RealScalar>(
    _ buffers: (references: Buffer<Scalar>, weights: Buffer<Scalar>?), term: Int, labels: [Int]
  ) {
    buffers.references.resize(to: labels.count)
    buffers.weights?.resize(to: labels.count)
    for (position, label) in labels.enumerated() {
      let (structure, value) = tables[term].place(of: label)
      let reference = tables[term].references[structure]?[value] ?? .nan
      buffers.references.base[position] = Scalar(reference)
      if let weights = buffers.weights {
        weights.base[position] = Scalar(factor(term, structure, value))
      }
    }
  }

  /// The axis of all values of a property in a batch of whole structures.
  func extent(of term: Int) -> Extent {
    let property = tables[term].property
    let carriers = property.carrier == .atom ? AtomisticInputs.atoms : AtomisticInputs.structures
    return carriers * .fixed(property.components)
  }

  private func wholeReferences(_ term: Int) -> Symbol {
    .placeholder("\(tables[term].property.name).references", [extent(of: term)])
  }

  /// The placeholder of the factors of all values' errors.
  private func wholeWeights(_ term: Int) -> Symbol {
    .placeholder("\(tables[term].property.name).weights", [extent(of: term)])
  }

  /// Whether some structure has no reference or a weight, so that errors of whole structures need
  /// factors.
  private func needsFactors(_ term: Int) -> Bool {
    rootWeights != nil || tables[term].structures.count < members
  }

  /// The errors of all values of whole structures over the root of their number, [values].
  ///
  /// A value without a reference has no error and does not count.
  func wholeErrors(of predictions: Symbol, _ term: Int) -> Symbol {
    let extent = extent(of: term)
    let errors = predictions.reshaped([extent]) - wholeReferences(term)
    if needsFactors(term) { return errors * wholeWeights(term) }
    return errors * (1 / Symbol.size(of: extent).squareRoot())
  }

  /// Sets the references and factors of whole structures for one property.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func fillWhole<Scalar: RealScalar>(_ feed: Feed<Scalar>, structures: [Int], term: Int) {
    let references = feed.values(of: wholeReferences(term))
    references.resize(to: 0)
    let factors = needsFactors(term) ? feed.values(of: wholeWeights(term)) : nil
    factors?.resize(to: 0)
    var count = 0
    for number in structures {
      let values = tables[term].references[number]
      let size = tables[term].property.count(of: self.structures[number])
      for value in 0..<size { references.append(Scalar(values?[value] ?? 0)) }
      let factor = values == nil ? 0 : rootWeights?[number] ?? 1
      for _ in 0..<size { factors?.append(Scalar(factor)) }
      if values != nil { count += size }
    }
    if let factors, count > 0 {
      let scale = Scalar(1 / Double(count).squareRoot())
      for index in 0..<factors.count { factors.base[index] *= scale }
    }
  }
}
