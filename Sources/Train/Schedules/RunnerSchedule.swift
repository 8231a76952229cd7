public import Atomistic
public import Tensors

/// RuNNer's choice of labels: structure by structure, the energy and then force components, each looked at
/// with the weights of the moment and used if its error is large enough.
///
/// In an epoch all structures come up once, in an order of their own. A label is looked at with a chance,
/// the fraction of its kind, and used if its error exceeds a threshold times the root mean squared error of its kind at the
/// start of the epoch. Labels are collected until a group is complete, or the block of structures ends; the
/// group is one step. An epoch that used no label of a kind lowers that threshold by a tenth; one that used
/// some raises it again, up to the given one.
///
/// Errors of energies count per atom, those of forces times s/N for N atoms, where s balances the sums over an epoch:
/// `s = g_F f_E / (3 N_el g_E f_F)` for fractions f, groups g and N_el atoms of the label's element
/// in its structure.
///
/// Unlike RuNNer's, a group's errors are all those of the moment of its step, not of the moments of the
/// visits; and the filters of all elements see the errors of all forces of a group, where in RuNNer the
/// error of a force goes to the filter of its atom's element alone, and its derivatives to all.
///
/// Source: Behler, RuNNer, `optimize_short_combined.f90`; Shao et al. 2021, table S3, for f_F = 0.04, groups of ten and
/// 16 molecules: `1/s²` = 3.69 for oxygen and 14.75 for hydrogen.
public struct RunnerSchedule: BatchSchedule {
  /// The name in configurations.
  public static let kind = "runner"

  /// The choice of labels of one kind.
  public struct Choice: Sendable, Hashable {
    /// The chance that a label is looked at.
    public var fraction: Double
    /// The error that a label must exceed, in root mean squared errors of its kind; 0 uses all.
    public var threshold: Double
    /// The number of labels of a step.
    public var group: Int

    /// Makes a choice.
    public init(fraction: Double = 1, threshold: Double = 0.8, group: Int = 1) {
      (self.fraction, self.threshold, self.group) = (fraction, threshold, group)
    }
  }

  /// The choice of labels by the name of their property; a property that is left out gives none.
  public var choices: [String: Choice]
  /// The factor s of errors of forces; nil for that which balances the sums over an epoch.
  public var forceScale: Double?
  /// How the errors of a group join.
  public var reduction: LabelReduction
  /// Whether each step on forces is followed by one on the energy of the same structure.
  public var repeatsEnergy: Bool
  /// The number of structures after which groups end; nil for all.
  public var structuresPerBlock: Int?

  /// Makes the schedule.
  public init(
    _ choices: [String: Choice] = ["energy": Choice(), "force": Choice(fraction: 0.05)],
    forceScale: Double? = nil, reduction: LabelReduction = .average, repeatsEnergy: Bool = false,
    structuresPerBlock: Int? = nil
  ) {
    (self.choices, self.forceScale) = (choices, forceScale)
    (self.reduction, self.repeatsEnergy) = (reduction, repeatsEnergy)
    self.structuresPerBlock = structuresPerBlock
  }

  /// Labels of one property.
  public var batch: BatchForm {
    .labels(perStep: choices.mapValues(\.group), reduction)
  }

  /// True.
  public var looksAtErrors: Bool { true }

  /// True.
  public var hasFactors: Bool { true }

  /// `1/N` for energies, `s/N` for forces.
  public func factor(of property: Property, value: Int, in structure: Structure) -> Double {
    let atoms = Double(structure.count)
    guard case .force = property.definition else { return 1 / atoms }
    if let forceScale { return forceScale / atoms }
    guard let energy = choices[Property.energy.name], let force = choices[property.name] else {
      return 1 / atoms
    }
    let element = structure.elements[value / property.components]
    let same = Double(structure.elements.count { $0 == element })
    return Double(force.group) * energy.fraction
      / (3 * same * Double(energy.group) * force.fraction) / atoms
  }

  /// Visits labels until a group is complete.
  public func draw(
    from candidates: any LabelCandidates, step: Int, using random: inout RandomStream,
    _ selection: inout LabelSelection, into labels: inout [Int]
  ) -> Int {
    while selection.next.isEmpty {
      if selection.epoch == 0 || selection.structure == candidates.structureCount {
        beginEpoch(candidates, &selection)
      }
      visit(candidates, &random, &selection)
    }
    let batch = selection.next.removeFirst()
    labels.removeAll(keepingCapacity: true)
    labels += batch.labels
    selection.kinds[batch.kind].count.used += batch.labels.count
    return batch.kind
  }

  private func beginEpoch(_ candidates: any LabelCandidates, _ selection: inout LabelSelection) {
    let errors = candidates.rootMeanSquareErrors()
    let isFirst = selection.epoch == 0
    if isFirst { selection.kinds = candidates.kinds.map { _ in LabelSelection.Kind() } }
    for (number, kind) in candidates.kinds.enumerated() {
      let given = choices[kind.name]?.threshold ?? 0
      let former = selection.kinds[number]
      selection.kinds[number].threshold =
        isFirst
        ? given
        : former.usedInEpoch == 0 ? 0.9 * former.threshold : min(given, former.threshold / 0.9)
      selection.kinds[number].error = errors[number]
      selection.kinds[number].usedInEpoch = 0
    }
    selection.epoch += 1
    (selection.structure, selection.kind, selection.visited) = (0, 0, 0)
  }

  /// Looks at the next label, or goes on to the next kind or structure where there is none.
  private func visit(
    _ candidates: any LabelCandidates, _ random: inout RandomStream,
    _ selection: inout LabelSelection
  ) {
    let order = candidates.order(
      candidates.structureCount, seed: random.seed,
      stream: Self.firstStream + UInt64(selection.epoch))
    let (structure, kind) = (order[selection.structure], selection.kind)
    let labels = candidates.labels(of: structure, kind: kind)
    guard selection.visited < labels.count else {
      (selection.kind, selection.visited) = (kind + 1, 0)
      if selection.kind == candidates.kinds.count { endStructure(candidates, &selection) }
      return
    }
    let label = labels.lowerBound + selection.visited
    selection.visited += 1
    guard let choice = choices[candidates.kinds[kind].name],
      choice.fraction >= 1 || random.uniformDouble() < choice.fraction
    else { return }
    var own = selection.kinds[kind]
    own.count.visited += 1
    let bound = own.threshold * own.error
    // An error that is no number is used: the step then says so.
    if bound > 0, candidates.error(of: label, kind: kind) <= bound {
      own.count.skipped += 1
    } else {
      own.usedInEpoch += 1
      own.group.append(label)
    }
    selection.kinds[kind] = own
    guard own.group.count == choice.group else { return }
    settle(kind, &selection)
    let isForce = candidates.kinds[kind].name == Property.force.name
    if repeatsEnergy, isForce,
      let energy = candidates.kinds.firstIndex(where: { $0.name == Property.energy.name })
    {
      let own = Array(candidates.labels(of: structure, kind: energy))
      if !own.isEmpty { selection.next.append(LabelSelection.Batch(kind: energy, labels: own)) }
    }
  }

  private func endStructure(_ candidates: any LabelCandidates, _ selection: inout LabelSelection) {
    selection.kind = 0
    selection.structure += 1
    let isEnd = selection.structure == candidates.structureCount
    guard isEnd || structuresPerBlock.map({ selection.structure % $0 == 0 }) ?? false else {
      return
    }
    for kind in selection.kinds.indices where !selection.kinds[kind].group.isEmpty {
      settle(kind, &selection)
    }
  }

  private func settle(_ kind: Int, _ selection: inout LabelSelection) {
    selection.next.append(
      LabelSelection.Batch(kind: kind, labels: selection.kinds[kind].group))
    selection.kinds[kind].group = []
  }

  /// The number of the first epoch's stream; those of whole structures come before.
  private static let firstStream: UInt64 = 2 << 32
}

extension RunnerSchedule {
  private enum CodingKeys: String, CodingKey {
    case forceScale, repeatsEnergy, structuresPerBlock
    case choices = "labels"
    case reduction = "group"
  }

  /// Decodes an object such as `{ labels: { energy: { threshold: 0.8, group: 10 } } }`; an absent key means
  /// the value of `init`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    choices = try container.decodeChoices(.choices, default: choices)
    forceScale = try container.decodeIfPresent(Double.self, forKey: .forceScale)
    if let forceScale { try container.requirePositive(forceScale, .forceScale) }
    reduction = try container.decode(.reduction, default: reduction)
    repeatsEnergy = try container.decode(.repeatsEnergy, default: repeatsEnergy)
    structuresPerBlock = try container.decodeIfPresent(Int.self, forKey: .structuresPerBlock)
    if let structuresPerBlock {
      try container.requirePositive(structuresPerBlock, .structuresPerBlock)
    }
  }
}

extension RunnerSchedule.Choice: Codable {
  /// Decodes an object such as `{ fraction: 0.04, threshold: 0.8, group: 10 }`, of which each key may be
  /// absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    fraction = try container.decodeShare(.fraction, default: fraction)
    threshold = try container.decodeThreshold(.threshold, default: threshold)
    group = try container.decode(.group, default: group)
    try container.requirePositive(group, .group)
  }
}
