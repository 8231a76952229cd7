import Dispatch
import Graph
import Tensors

/// Draws labels and fills their feeds, one step ahead: the next batch is prepared by another thread
/// while the program runs on this one.
///
/// The labels drawn depend on the random stream alone, so runs are the same with and without.
final class BatchPreparation<Source: LabelSource>: @unchecked Sendable {
  /// The labels of a step.
  struct Batch {
    /// The number of their kind.
    var kind: Int
    /// The numbers of the labels.
    var labels: [Int]
    /// The placeholders' values; they stay until the batch after the next is prepared.
    var feed: Feed<Source.Scalar>
    /// The steps done before.
    var step: Int
    /// The random stream before and after they were drawn.
    var before: RandomStream, after: RandomStream
    /// What the schedule keeps after they were drawn.
    var selection: LabelSelection
  }

  private let source: Source
  private let kinds: [LabelKind]
  private let candidates: TrainingCandidates<Source>
  private let schedule: any BatchSchedule
  /// Two feeds for each kind: one is read while the other is filled.
  private let feeds: [[Feed<Source.Scalar>]]
  private let isAhead: Bool
  /// All but `init` and the wait for it is done by this queue, one preparation at a time.
  private let queue = DispatchQueue(label: "batches", qos: .userInitiated)
  private var labels: [Int] = []
  private var turn = 0
  private var prepared: Batch?

  /// Prepares batches of a source; ahead of time if there is more than one thread and the weights do not
  /// matter.
  init(_ source: Source, _ candidates: TrainingCandidates<Source>, workers: Workers) {
    self.source = source
    self.candidates = candidates
    kinds = source.kinds
    schedule = source.schedule
    feeds = kinds.map { _ in [Feed(), Feed()] }
    isAhead = workers.count > 1 && !schedule.looksAtErrors
  }

  /// Waits until the source is no longer asked.
  ///
  /// Not a `deinit`: the last reference may be that of the queue, which cannot wait for itself.
  func finish() { queue.sync {} }

  /// The batch of a step that is drawn from the stream, after what the schedule has kept.
  func batch(
    atStep step: Int, from random: RandomStream, _ selection: LabelSelection
  ) -> Batch {
    let batch = queue.sync {
      // A position that was put back, as by a resumed run, makes the prepared batch useless.
      if let prepared, prepared.before == random, prepared.step == step { return prepared }
      return prepare(step, from: random, selection)
    }
    prepared = nil
    let (random, next) = (batch.after, batch.selection)
    if isAhead { queue.async { self.prepared = self.prepare(step + 1, from: random, next) } }
    return batch
  }

  /// A batch of the first labels of a kind, of the size that steps take.
  func example(of kind: Int) -> Feed<Source.Scalar> {
    queue.sync {
      source.fill(feeds[kind][0], kind: kind, labels: Array(0..<kinds[kind].labelsPerStep))
      return feeds[kind][0]
    }
  }

  private func prepare(
    _ step: Int, from random: RandomStream, _ selection: LabelSelection
  ) -> Batch {
    var (after, selection) = (random, selection)
    let kind = schedule.draw(
      from: candidates, step: step, using: &after, &selection, into: &labels)
    turn = 1 - turn
    let feed = feeds[kind][turn]
    source.fill(feed, kind: kind, labels: labels)
    return Batch(
      kind: kind, labels: labels, feed: feed, step: step, before: random, after: after,
      selection: selection)
  }
}
