import Graph
import Tensors

/// The labels of a source as schedules see them, with the weights of a state.
///
/// Only what a schedule asks for is computed.
final class TrainingCandidates<Source: LabelSource>: LabelCandidates {
  let kinds: [LabelKind]
  private let source: Source
  private let state: State<Source.Scalar>
  private let workers: Workers
  /// For each kind the program of its plain errors and its feed.
  private lazy var errors = kinds.map { kind in
    (
      session: Session(Program([kind.plainErrors]), state: state, workers: workers),
      feed: Feed<Source.Scalar>()
    )
  }
  /// For each structure, the labels of each kind.
  private lazy var labelsOfStructures: [[Range<Int>]] = Self.labels(of: source)
  /// The orders that were asked for last.
  private var orders: [(count: Int, seed: UInt64, stream: UInt64, numbers: [Int])] = []

  /// Makes candidates of the labels of a source.
  init(_ source: Source, _ state: State<Source.Scalar>, workers: Workers) {
    (self.source, self.state, self.workers) = (source, state, workers)
    kinds = source.kinds
  }

  /// The labels of one structure lie side by side.
  private static func labels(of source: Source) -> [[Range<Int>]] {
    let places = source.kinds.enumerated().map { number, kind in
      source.structures(ofErrorsOf: number, labels: Array(0..<kind.count))
    }
    let structures = Set(places.joined()).sorted()
    let numbers = Dictionary(
      uniqueKeysWithValues: structures.enumerated().map { ($0.element, $0.offset) })
    var result = structures.map { _ in source.kinds.map { _ in 0..<0 } }
    for (kind, places) in places.enumerated() {
      for (label, structure) in places.enumerated() {
        guard let number = numbers[structure] else { continue }
        let known = result[number][kind]
        result[number][kind] = (known.isEmpty ? label : known.lowerBound)..<label + 1
      }
    }
    return result
  }

  var structureCount: Int { labelsOfStructures.count }

  func labels(of structure: Int, kind: Int) -> Range<Int> { labelsOfStructures[structure][kind] }

  func error(of label: Int, kind: Int) -> Double { errors(of: [label], kind: kind)[0] }

  private func errors(of labels: [Int], kind: Int) -> [Double] {
    let (session, feed) = errors[kind]
    source.fill(feed, kind: kind, labels: labels)
    do { try session.run(feed) } catch {
      trap(
        "TrainingCandidates: the source filled the placeholders of \(kinds[kind].name) wrongly: \(error)"
      )
    }
    return zip(labels, session.output(0)).map {
      abs(Double($1)) * source.scale(ofLabel: $0, kind: kind)
    }
  }

  /// The number of labels whose errors are computed together.
  private static var labelsAtOnce: Int { 64 }

  func rootMeanSquareErrors() -> [Double] {
    if let known = source.rootMeanSquareErrors(state, workers: workers) { return known }
    return kinds.enumerated().map { number, kind in
      var sum = 0.0
      for first in stride(from: 0, to: kind.count, by: Self.labelsAtOnce) {
        let labels = Array(first..<min(first + Self.labelsAtOnce, kind.count))
        sum += errors(of: labels, kind: number).reduce(0) { $0 + $1 * $1 }
      }
      return (sum / Double(max(1, kind.count))).squareRoot()
    }
  }

  func order(_ count: Int, seed: UInt64, stream: UInt64) -> [Int] {
    if let known = orders.first(where: { ($0.count, $0.seed, $0.stream) == (count, seed, stream) })
    {
      return known.numbers
    }
    var random = RandomStream(seed: seed, stream: stream)
    var numbers = Array(0..<count)
    random.shuffle(&numbers)
    // The kinds of an epoch take turns.
    if orders.count > kinds.count { orders.removeFirst() }
    orders.append((count, seed, stream, numbers))
    return numbers
  }
}
