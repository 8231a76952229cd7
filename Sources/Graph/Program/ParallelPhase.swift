import Tensors

/// Tasks of a program that do not depend on each other, shared out among threads.
///
/// Each thread has memory of its own for blocks and scratch. Rows do not depend on each other, and
/// the tasks do not either, so results are the same bits for any number of threads.
final class ParallelPhase<Scalar: RealScalar> {
  private let tasks: [RowTask<Scalar>]
  private let calls: [Int]
  private let workers: Workers

  /// The work that one thread takes at a time: rows of a task, or a whole call.
  private enum Item {
    case rows(task: Int, lane: Int, sums: Int)
    case call(Int)
  }

  private var items: [Item] = []
  /// The memory of one thread, for blocks and scratch; behind that of all threads lies that for sums.
  private var scratchCount = 0
  /// Where the memory for the sums of each task starts behind that of threads.
  private var sumStarts: [Int] = []
  private var isShared = false

  /// Whether threads share out the rows of a task, for the present sizes.
  var sharesRows: Bool { isShared && workers.count > 1 && tasks.contains { $0.laneCount > 1 } }

  /// Elements that are worth a thread.
  private static var shareOfThread: Int { 160_000 }

  init(
    _ phase: Program.Phase, of program: Program, _ allCalls: UnsafePointer<KernelCall>,
    operands: UnsafePointer<Int>, workers: Workers
  ) {
    self.workers = workers
    tasks = phase.tasks.compactMap { task in
      task.rowOperands.map {
        RowTask(
          task, rowOperands: $0, of: program, allCalls, operands: operands,
          threads: workers.count)
      }
    }
    calls = phase.tasks.filter { $0.rowOperands == nil }.map(\.instructions.lowerBound)
  }

  /// Cuts the tasks into items for the present sizes; returns how much scratch memory they want.
  func prepare(
    _ allCalls: UnsafePointer<KernelCall>, _ views: UnsafePointer<ValueView>,
    operands: UnsafePointer<Int>, shapes: inout [ResolvedShape]
  ) -> Int {
    items.removeAll(keepingCapacity: true)
    sumStarts.removeAll(keepingCapacity: true)
    scratchCount = 0
    var (work, sumCount) = (0, 0)
    for (number, task) in tasks.enumerated() {
      work += task.prepare(allCalls, views)
      scratchCount = max(scratchCount, task.scratchCount(allCalls, shapes: &shapes))
      for lane in 0..<task.laneCount {
        items.append(.rows(task: number, lane: lane, sums: sumCount))
      }
      sumStarts.append(sumCount)
      sumCount += task.sumScratchCount
    }
    for position in calls {
      work += allCalls[position].elementCount(views, operands: operands)
      scratchCount = max(
        scratchCount,
        allCalls[position].scratchCount(
          views, operands: operands, workers: Workers(count: 1), shapes: &shapes))
      items.append(.call(position))
    }
    isShared = items.count > 1 && work >= Self.shareOfThread
    // Threads do not share cache lines.
    scratchCount = (scratchCount + 31) / 32 * 32
    return scratchCount * workers.count + sumCount
  }

  /// Runs all tasks.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func run(
    _ allCalls: UnsafePointer<KernelCall>, _ views: UnsafePointer<ValueView>,
    operands: UnsafePointer<Int>, scratch: UnsafeMutablePointer<Scalar>
  ) {
    if isShared {
      // Items write values of their own, and each thread has its part of the scratch memory.
      nonisolated(unsafe) let (phase, calls, views) = (self, allCalls, views)
      nonisolated(unsafe) let (operands, scratch) = (operands, scratch)
      workers.forEach(items.count) { item, thread in
        phase.run(phase.items[item], as: thread, calls, views, operands, scratch)
      }
    } else {
      for item in items { run(item, as: 0, allCalls, views, operands, scratch) }
    }
    for (task, start) in zip(tasks, sumStarts) {
      task.addSums(views, scratch + scratchCount * workers.count + start)
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func run(
    _ item: Item, as thread: Int, _ allCalls: UnsafePointer<KernelCall>,
    _ views: UnsafePointer<ValueView>, _ operands: UnsafePointer<Int>,
    _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    let sumMemory = scratch + workers.count * scratchCount
    let scratch = scratch + thread * scratchCount
    switch item {
    case .rows(let task, let lane, let sums):
      tasks[task].run(
        lane: lane, as: thread, allCalls, views, scratch: scratch, sumMemory: sumMemory + sums)
    case .call(let position):
      allCalls[position].evaluate(
        views, operands: operands, workers: Workers(count: 1), scratch: scratch)
    }
  }
}
