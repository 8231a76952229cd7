import Atomistic
import Graph
import Layers
import Tensors
import Train

/// The workload "water-64": boxes of 64 molecules, their cached descriptors, and labels to train on.
///
/// Each atom has about 105 neighbours within 12 bohr; oxygen has 30 functions and hydrogen 27.
final class WaterWorkload<Scalar: RealScalar> {
  /// The number of structures that labels are drawn from unless a case needs more.
  static var usualCount: Int { 8 }

  /// The structures, labelled.
  let structures: [Structure]

  /// Energies, less the mean, and force components.
  let labels: StructureLabels<Scalar>

  private let ranges: [[DescriptorRange]]
  /// The mean energy of an atom.
  let reference: ReferenceEnergies

  /// Makes structures and caches their features, which takes seconds.
  init(structures count: Int = 8, molecules: Int = 64, workers: Workers) throws {
    let structures = try WaterBoxes.labelled(count: count, molecules: molecules, workers: workers)
    self.structures = structures
    // Always those of the same structures, so that more of them do not change the numbers.
    let usual = Array(structures.prefix(Self.usualCount))
    let energies = usual.compactMap(\.labels.energy)
    let mean = energies.reduce(0, +) / Double(energies.count)
    let offset = mean / Double(structures[0].count)
    reference = ReferenceEnergies([.hydrogen: offset, .oxygen: offset])
    let model = try BehlerParrinello(
      .init(), TrainingStructures(usual, reference: reference, workers: workers))
    ranges = model.networks.map(\.ranges)
    labels = try StructureLabels(
      TrainingData(training: structures, reference: reference), model, workers: workers)
  }

  /// The potential with the same hidden layers for hydrogen and oxygen.
  func network(_ size: NetworkSize = .paper) -> BehlerParrinello {
    let choice = DescriptorChoice.water
    let networks = zip([Element.hydrogen, .oxygen], ranges).map { element, ranges in
      BehlerParrinello.Network(
        element: element, symmetryFunctions: choice.functions[element.number]!, ranges: ranges,
        hiddenNodes: size.hidden, hiddenActivations: size.hidden.map { _ in .tanh },
        energyOffset: reference.energies[element] ?? 0)
    }
    return BehlerParrinello(networks: networks, lengthUnit: choice.lengthUnit)
  }

  /// The scaled errors `ξ = (ŷ - y) / √m` of a batch, as a graph.
  func errors(_ batch: LabelBatch, _ network: BehlerParrinello) -> Symbol {
    let kinds = try? StructureLabels<Scalar>.kinds(
      of: network, terms: [LossTerm(batch.kind.property)],
      schedule: RandomLabels([batch.kind.rawValue: batch.count]))
    guard let kind = kinds?.first else { trap("WaterWorkload: \(batch) takes no labels") }
    return kind.errors
  }

  /// The objective of a batch; parameters in the order of the model's flat buffer.
  func objective(_ batch: LabelBatch, _ network: BehlerParrinello) -> Objective {
    Objective(errors: errors(batch, network), parameters: network.variables)
  }

  /// The numbers of the labels of a batch: the first energies, or force components drawn at random.
  func numbers(_ batch: LabelBatch) -> [Int] {
    switch batch.kind {
    case .energy: return Array(0..<batch.count)
    case .force:
      var random = RandomStream(seed: 3)
      let all = 3 * structures.prefix(Self.usualCount).reduce(0) { $0 + $1.count }
      return (0..<batch.count).map { _ in random.integer(below: all) }
    }
  }

  /// The number of the batch's kind among those of the labels.
  func kind(_ batch: LabelBatch) -> Int {
    labels.kinds.firstIndex { $0.name == batch.kind.rawValue } ?? 0
  }

  /// Fills a feed with a batch.
  func fill(_ feed: Feed<Scalar>, _ batch: LabelBatch, _ numbers: [Int]) {
    labels.fill(feed, kind: kind(batch), labels: numbers)
  }

  /// A feed that holds a batch.
  func feed(_ batch: LabelBatch) -> Feed<Scalar> {
    let feed = Feed<Scalar>()
    fill(feed, batch, numbers(batch))
    return feed
  }
}

/// Some labels of one kind, as an update takes them.
struct LabelBatch: Hashable, Sendable {
  /// The kinds of label.
  enum Kind: String, Sendable {
    case energy, force

    /// The property that the labels are of.
    var property: Property { self == .energy ? .energy : .force }
  }

  let kind: Kind
  let count: Int

  /// The batch of that many energies.
  static func energies(_ count: Int) -> LabelBatch { LabelBatch(kind: .energy, count: count) }

  /// The batch of that many force components.
  static func forces(_ count: Int) -> LabelBatch { LabelBatch(kind: .force, count: count) }

  /// The batch's part of a case's name, such as `force-10`.
  var name: String { "\(kind.rawValue)-\(count)" }

  /// How many structures the batch needs.
  var structures: Int { kind == .energy ? max(8, count) : 8 }
}

/// The hidden layers of both networks.
struct NetworkSize: Hashable, Sendable {
  let hidden: [Int]

  /// The paper's 25 and 25 nodes: 2827 weights.
  static let paper = NetworkSize(hidden: [25, 25])
  /// 541 weights.
  static let small = NetworkSize(hidden: [7, 7])
  /// 10 091 weights.
  static let large = NetworkSize(hidden: [57, 57])
}
