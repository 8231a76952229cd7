import Tensors

/// Instructions that work row by row, run for a block of rows at a time while it is in the cache.
///
/// A lane is a share of the rows that one thread works through, with views of its own that look at the
/// present block.
final class RowTask<Scalar: RealScalar> {
  private let calls: Range<Int>
  /// For each call the numbers, among the views of a lane, of its operands and of its result.
  private var identifiers: [Int] = []
  private var starts: [(operands: Int, result: Int)] = []
  /// The values whose rows are taken, first among the views of a lane, and those taken as a whole.
  private var rowValues: [Int] = []
  private var wholeValues: [Int] = []

  private let views: UnsafeMutablePointer<ValueView>
  private let extents: UnsafeMutablePointer<Int>
  private let rowBytes: UnsafeMutablePointer<Int>
  private let viewCount: Int
  private let extentCount: Int
  private let mostLanes: Int

  /// The number of lanes and the rows of a block for the present sizes.
  private(set) var laneCount = 1
  private var blockRows = 1

  /// The elements of the widest value in a block: a dozen values fit into the second-level cache.
  private static var blockElements: Int { 8192 }

  /// The elements that a lane computes at least: few enough that threads end at about the same time.
  private static var laneElements: Int { 32_768 }

  init(
    _ calls: Range<Int>, _ rowOperands: [[Bool]], _ allCalls: [KernelCall],
    operands: UnsafePointer<Int>, lanes: Int
  ) {
    self.calls = calls
    mostLanes = lanes
    var rowNumbers: [Int: Int] = [:]
    var wholeNumbers: [Int: Int] = [:]
    func number(_ value: Int, _ numbers: inout [Int: Int], _ values: inout [Int]) -> Int {
      if let known = numbers[value] { return known }
      values.append(value)
      numbers[value] = values.count - 1
      return values.count - 1
    }
    // Whole values come after all values by rows, whose number is known at the end.
    var isWhole: [Bool] = []
    for (position, byRows) in zip(calls, rowOperands) {
      let call = allCalls[position]
      let start = identifiers.count
      for place in 0..<call.operandCount {
        let value = operands[call.operandStart + place]
        isWhole.append(!byRows[place])
        identifiers.append(
          byRows[place]
            ? number(value, &rowNumbers, &rowValues) : number(value, &wholeNumbers, &wholeValues))
      }
      starts.append((start, number(call.result, &rowNumbers, &rowValues)))
    }
    for place in identifiers.indices where isWhole[place] { identifiers[place] += rowValues.count }
    viewCount = rowValues.count + wholeValues.count
    extentCount = 8 * rowValues.count
    views = .allocate(capacity: viewCount * lanes)
    extents = .allocate(capacity: extentCount * lanes)
    rowBytes = .allocate(capacity: rowValues.count)
  }

  deinit {
    views.deallocate()
    extents.deallocate()
    rowBytes.deallocate()
  }

  /// Takes over the shapes of the present sizes; returns the number of elements to be computed.
  func prepare(_ allCalls: [KernelCall], _ all: UnsafePointer<ValueView>) -> Int {
    let rows = all[rowValues[0]].shape[0]
    var (widest, total) = (1, 0)
    for (number, value) in rowValues.enumerated() {
      let width = all[value].shape.count(1..<all[value].shape.rank)
      widest = max(widest, width)
      total += rows * width
      rowBytes[number] = width * MemoryLayout<Scalar>.stride
    }
    blockRows = max(1, Self.blockElements / widest)
    if blockRows > 8 { blockRows -= blockRows % 8 }
    laneCount = max(1, min(mostLanes, total / Self.laneElements))
    for lane in 0..<laneCount {
      for (number, value) in rowValues.enumerated() {
        let shape = all[value].shape
        precondition(shape.rank <= 8, "a program takes values of at most eight axes")
        let target = extents + lane * extentCount + 8 * number
        for axis in 0..<shape.rank { target[axis] = shape[axis] }
        target[0] = blockRows
        (views + lane * viewCount + number).initialize(
          to: ValueView(
            base: all[value].base, shape: ResolvedShape(base: target, rank: shape.rank)))
      }
      for (number, value) in wholeValues.enumerated() {
        (views + lane * viewCount + rowValues.count + number).initialize(to: all[value])
      }
    }
    return total
  }

  /// The scratch memory that a lane wants.
  func scratchCount(_ allCalls: [KernelCall], shapes: inout [ResolvedShape]) -> Int {
    identifiers.withUnsafeBufferPointer { identifiers in
      var most = 0
      for (number, position) in calls.enumerated() {
        let (start, result) = starts[number]
        most = max(
          most,
          allCalls[position].scratchCount(
            views, operands: identifiers.baseAddress.unsafelyUnwrapped + start, result: result,
            workers: Workers(count: 1), shapes: &shapes))
      }
      return most
    }
  }

  /// Works through the rows of one lane; `all` are the views of the whole values.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func run(
    lane: Int, _ allCalls: [KernelCall], _ all: UnsafePointer<ValueView>,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    let (views, extents) = (views + lane * viewCount, extents + lane * extentCount)
    let rows = all[rowValues[0]].shape[0]
    var first = rows * lane / laneCount
    let end = rows * (lane + 1) / laneCount
    for (number, value) in wholeValues.enumerated() {
      views[rowValues.count + number].base = all[value].base
    }
    let one = Workers(count: 1)
    identifiers.withUnsafeBufferPointer { identifiers in
      let identifiers = identifiers.baseAddress.unsafelyUnwrapped
      while first < end {
        let count = min(blockRows, end - first)
        for (number, value) in rowValues.enumerated() {
          views[number].base = all[value].base.unsafelyUnwrapped + first * rowBytes[number]
          extents[8 * number] = count
        }
        for (number, position) in calls.enumerated() {
          let (start, result) = starts[number]
          allCalls[position].evaluate(
            views, operands: identifiers + start, result: result, workers: one, scratch: scratch)
        }
        first += count
      }
    }
  }
}
