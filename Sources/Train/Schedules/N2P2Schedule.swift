import Atomistic
public import Tensors

/// n2p2's choice of labels: steps on energies and on forces in an order of their own, each with the first candidate
/// whose error is large enough.
///
/// In an epoch a kind of label has `patterns · fraction / perStep` steps, and the steps of all kinds come in
/// random order. The candidates of a kind come in turn, and from the start again after the last: in
/// an order of the epoch's own, or the largest errors at the start of the epoch first.
///
/// Source: Singraber et al. 2019; n2p2, `Training.cpp`, `selection_mode` 0, 1 and 2.
public struct N2P2Schedule: BatchSchedule {
  /// The name in configurations.
  public static let kind = "n2p2"

  /// The way to choose among candidates.
  public enum Mode: String, Codable, Sendable, CaseIterable {
    /// The next one in random order (n2p2's mode 0).
    case random
    /// The next one when the largest errors at the start of the epoch come first (mode 1).
    case largest
    /// In random order, the first of some candidates whose error exceeds a threshold times the root mean squared
    /// error of its kind at the start of the epoch, or else the last one tried (mode 2).
    case threshold
  }

  /// The choice of labels of one kind.
  public struct Choice: Sendable, Hashable {
    /// The share of labels that an epoch takes.
    public var fraction: Double
    /// The error that a candidate should exceed, in root mean squared errors of its kind.
    public var threshold: Double
    /// The number of candidates that are tried for a label.
    public var trials: Int
    /// The number of labels of a step.
    public var perStep: Int

    /// Makes a choice.
    public init(fraction: Double = 1, threshold: Double = 0, trials: Int = 3, perStep: Int = 1) {
      (self.fraction, self.threshold) = (fraction, threshold)
      (self.trials, self.perStep) = (trials, perStep)
    }
  }

  /// The epoch, counted from 0, from which on a mode holds.
  public struct Phase: Codable, Sendable, Hashable {
    /// The first epoch.
    public var from: Int
    /// The mode.
    public var mode: Mode

    /// Makes a phase.
    public init(from: Int, mode: Mode) { (self.from, self.mode) = (from, mode) }
  }

  /// The choice of labels by the name of their property; a property that is left out gives none.
  public var choices: [String: Choice]
  /// The modes, by their first epochs.
  public var selection: [Phase]
  /// How the errors of a step join.
  public var reduction: LabelReduction

  /// Makes the schedule; by default that of n2p2's recommended settings.
  public init(
    _ choices: [String: Choice] = [
      "energy": Choice(), "force": Choice(fraction: 0.041, threshold: 1),
    ],
    selection: [Phase] = [Phase(from: 0, mode: .threshold)], reduction: LabelReduction = .columns
  ) {
    self.choices = choices
    (self.selection, self.reduction) = (selection, reduction)
  }

  /// Labels of one property.
  public var batch: BatchForm {
    .labels(perStep: choices.mapValues(\.perStep), reduction)
  }

  /// True.
  public var looksAtErrors: Bool { true }

  /// Takes the labels of the next step of the epoch.
  public func draw(
    from candidates: any LabelCandidates, step: Int, using random: inout RandomStream,
    _ selection: inout LabelSelection, into labels: inout [Int]
  ) -> Int {
    if selection.kinds.allSatisfy({ $0.stepsLeft == 0 }) { beginEpoch(candidates, &selection) }
    // Without replacement, the chance of a kind is its share of the steps that are left.
    var place = random.integer(below: selection.kinds.reduce(0) { $0 + $1.stepsLeft })
    var kind = 0
    while place >= selection.kinds[kind].stepsLeft {
      place -= selection.kinds[kind].stepsLeft
      kind += 1
    }
    selection.kinds[kind].stepsLeft -= 1
    labels.removeAll(keepingCapacity: true)
    for _ in 0..<candidates.kinds[kind].labelsPerStep {
      labels.append(label(of: kind, besides: labels, candidates, random.seed, &selection))
    }
    selection.kinds[kind].count.used += labels.count
    return kind
  }

  /// The mode of an epoch, counted from 0.
  private func mode(in epoch: Int) -> Mode { selection.last { $0.from <= epoch }?.mode ?? .random }

  private func beginEpoch(_ candidates: any LabelCandidates, _ selection: inout LabelSelection) {
    if selection.epoch == 0 {
      selection.kinds = candidates.kinds.map { _ in LabelSelection.Kind() }
    }
    let errors = candidates.rootMeanSquareErrors()
    for (number, kind) in candidates.kinds.enumerated() {
      let choice = choices[kind.name] ?? Choice()
      let steps = Int(Double(kind.count) * choice.fraction) / kind.labelsPerStep
      var own = selection.kinds[number]
      (own.error, own.threshold, own.cursor) = (errors[number], choice.threshold, 0)
      own.stepsLeft = max(1, steps)
      own.order = nil
      if mode(in: selection.epoch) == .largest {
        let sizes = (0..<kind.count).map { candidates.error(of: $0, kind: number) }
        let sorted = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        own.order = Array(sorted.prefix(own.stepsLeft * kind.labelsPerStep))
      }
      selection.kinds[number] = own
    }
    selection.epoch += 1
  }

  /// The next candidate of a kind that is good enough, and not among the labels of the step already.
  private func label(
    of kind: Int, besides taken: [Int], _ candidates: any LabelCandidates, _ seed: UInt64,
    _ selection: inout LabelSelection
  ) -> Int {
    let count = candidates.kinds[kind].count
    let order =
      selection.kinds[kind].order
      ?? candidates.order(
        count, seed: seed,
        stream: Self.firstStream + UInt64(selection.epoch) << 8 + UInt64(kind))
    func next() -> Int {
      while true {
        let label = order[selection.kinds[kind].cursor % order.count]
        selection.kinds[kind].cursor += 1
        if !taken.contains(label) {
          selection.kinds[kind].count.visited += 1
          return label
        }
      }
    }
    var label = next()
    guard mode(in: selection.epoch - 1) == .threshold else { return label }
    let bound = selection.kinds[kind].threshold * selection.kinds[kind].error
    let trials = choices[candidates.kinds[kind].name]?.trials ?? 1
    for _ in 1..<max(1, trials) {
      if !(candidates.error(of: label, kind: kind) <= bound) { break }
      selection.kinds[kind].count.skipped += 1
      label = next()
    }
    return label
  }

  /// The number of the first epoch's streams; those of RuNNer's schedule come before.
  private static let firstStream: UInt64 = 3 << 32
}

extension N2P2Schedule {
  private enum CodingKeys: String, CodingKey {
    case selection
    case choices = "labels"
    case reduction = "group"
  }

  /// Decodes an object such as `{ labels: { force: { fraction: 0.041, threshold: 1 } } }`; an absent key
  /// means the value of `init`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    choices = try container.decodeChoices(.choices, default: choices)
    selection = try container.decode(.selection, default: selection)
    reduction = try container.decode(.reduction, default: reduction)
    let starts = selection.map(\.from)
    try container.require(
      starts.first == 0 && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 }, .selection,
      "the first epochs of its phases must rise from 0, but are \(starts).")
  }
}

extension N2P2Schedule.Choice: Codable {
  /// Decodes an object such as `{ fraction: 0.041, threshold: 1, trials: 3 }`, of which each key may be absent.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init()
    fraction = try container.decodeShare(.fraction, default: fraction)
    threshold = try container.decodeThreshold(.threshold, default: threshold)
    trials = try container.decode(.trials, default: trials)
    perStep = try container.decode(.perStep, default: perStep)
    try container.requirePositive(trials, .trials)
    try container.requirePositive(perStep, .perStep)
  }
}
