public import Tensors
public import Testing

private let views = [
  AxisView(outer: 1, axis: 1, inner: 1), AxisView(outer: 3, axis: 7, inner: 1),
  AxisView(outer: 2, axis: 133, inner: 1), AxisView(outer: 2, axis: 75, inner: 3),
  AxisView(outer: 1, axis: 8, inner: 5), AxisView(outer: 2, axis: 5, inner: 8),
  AxisView(outer: 3, axis: 9, inner: 45), AxisView(outer: 2, axis: 0, inner: 4),
  AxisView(outer: 2, axis: 0, inner: 1), AxisView(outer: 2, axis: 0, inner: 40),
  AxisView(outer: 2, axis: 40, inner: 25), AxisView(outer: 1, axis: 40, inner: 33),
  AxisView(outer: 1, axis: 40, inner: 70),
]

extension AxisView: CustomTestStringConvertible {
  /// The extents.
  public var testDescription: String { "[\(outer), \(axis), \(inner)]" }

  /// The place of an element in memory.
  fileprivate func at(_ o: Int, _ k: Int, _ i: Int) -> Int { (o * axis + k) * inner + i }
}

/// Reduces along the axis one element after the other.
private func fold<S: RealScalar>(
  _ x: [S], _ view: AxisView, _ start: S, _ combine: (S, S) -> S
) -> [S] {
  var y: [S] = []
  for o in 0..<view.outer {
    for i in 0..<view.inner {
      y.append((0..<view.axis).reduce(start) { combine($0, x[view.at(o, $1, i)]) })
    }
  }
  return y
}

private func checkReductions<S: RealScalar>(_: S.Type, _ view: AxisView) {
  let x: [S] = scattered(view.count)
  let empty = [S](repeating: .nan, count: view.outer * view.inner)
  var y = empty
  sumAlongAxis(x, view, into: &y)
  #expect(greatestDifference(y, fold(x, view, 0, +)) <= 50 * S.ulpOfOne)
  maximumAlongAxis(x, view, into: &y)
  #expect(y == fold(x, view, -.infinity, max))
  minimumAlongAxis(x, view, into: &y)
  #expect(y == fold(x, view, .infinity, min))
  if view.axis > 0 {
    var poisoned = x
    poisoned[view.at(0, view.axis / 2, 0)] = .nan
    for kernel in [sumAlongAxis, maximumAlongAxis, minimumAlongAxis] as [Kernel<S>] {
      kernel(poisoned, view, &y)
      #expect(y[0].isNaN)
      #expect(y[1...].allSatisfy { !$0.isNaN })
    }
  }
}

private typealias Kernel<S> = (UnsafePointer<S>, AxisView, UnsafeMutablePointer<S>) -> Void

@Test("Reductions along an axis agree with plain loops, and pass NaN on", arguments: views)
func reductions(_ view: AxisView) {
  checkReductions(Float.self, view)
  checkReductions(Double.self, view)
}

private func checkSegments<S: RealScalar>(_: S.Type, _ view: AxisView, runs: Int) {
  let x: [S] = scattered(view.count)
  let count = 6
  // Segment 2 is empty, and the order is not sorted.
  let segments = (0..<view.axis).map { Int32([0, 0, 5, 1, 3, 4, 1][$0 / runs % 7]) }
  func reduced(_ start: S, _ combine: (S, S) -> S) -> [S] {
    var y = [S](repeating: start, count: view.outer * count * view.inner)
    for o in 0..<view.outer {
      for k in 0..<view.axis {
        for i in 0..<view.inner {
          let place = (o * count + Int(segments[k])) * view.inner + i
          y[place] = combine(y[place], x[view.at(o, k, i)])
        }
      }
    }
    return y
  }
  var y = [S](repeating: .nan, count: view.outer * count * view.inner)
  segmentSum(x, view, segments: segments, count: count, into: &y)
  #expect(y == reduced(0, +))
  segmentMaximum(x, view, segments: segments, count: count, into: &y)
  #expect(y == reduced(-.infinity, max))
  segmentMinimum(x, view, segments: segments, count: count, into: &y)
  #expect(y == reduced(.infinity, min))
}

private func checkRows<S: RealScalar>(_: S.Type, _ view: AxisView) {
  for runs in [1, 4] { checkSegments(S.self, view, runs: runs) }
  if view.axis == 0 { return }
  let x: [S] = scattered(view.count)
  let indices = (0..<11).map { Int32($0 * 5 % view.axis) }
  var rows = [S](repeating: .nan, count: view.outer * indices.count * view.inner)
  gatherRows(x, view, at: indices, count: indices.count, into: &rows)
  var expected: [S] = []
  for o in 0..<view.outer {
    for index in indices {
      for i in 0..<view.inner { expected.append(x[view.at(o, Int(index), i)]) }
    }
  }
  #expect(rows == expected)
}

@Test("Gathering rows and reducing segments agree with plain loops", arguments: views)
func rows(_ view: AxisView) {
  checkRows(Float.self, view)
  checkRows(Double.self, view)
}

@Test("Cumulative sums agree with plain loops, from either end and in place", arguments: views)
func cumulativeSums(_ view: AxisView) {
  let x: [Double] = scattered(view.count)
  for reversed in [false, true] {
    var expected = x
    for o in 0..<view.outer {
      for k in 1..<max(view.axis, 1) {
        let row = reversed ? view.axis - 1 - k : k
        for i in 0..<view.inner {
          expected[view.at(o, row, i)] += expected[view.at(o, reversed ? row + 1 : row - 1, i)]
        }
      }
    }
    var y = [Double](repeating: .nan, count: view.count)
    cumulativeSum(x, view, reversed: reversed, into: &y)
    #expect(y == expected)
    var inPlace = x
    inPlace.withUnsafeMutableBufferPointer { x in
      if let base = x.baseAddress { cumulativeSum(base, view, reversed: reversed, into: base) }
    }
    #expect(inPlace == expected)
  }
}

@Test(
  "A permutation moves every element to its place",
  arguments: [
    ([], []), ([5], [0]), ([3, 4], [1, 0]), ([40, 50], [1, 0]), ([2, 17, 33], [0, 2, 1]),
    ([3, 4, 5], [2, 1, 0]), ([3, 4, 5], [1, 0, 2]), ([3, 1, 5, 2], [3, 1, 0, 2]),
    ([2, 3, 4, 5], [2, 3, 0, 1]), ([2, 0, 3], [1, 2, 0]), ([2, 3, 4, 2, 3], [4, 1, 3, 0, 2]),
  ] as [([Int], [Int])])
func permutations(shape: [Int], axes: [Int]) {
  let x: [Float] = scattered(shape.reduce(1, *))
  var y = [Float](repeating: .nan, count: x.count)
  Permutation(shape: shape, axes: axes).apply(x, into: &y)
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  let expected = y.indices.map { place in
    var (rest, source) = (place, 0)
    for axis in axes.reversed() {
      source += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return x[source]
  }
  #expect(y == expected)
}

@Test("Matrices are transposed one by one")
func transposition() {
  let x: [Int32] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  var y = [Int32](repeating: 0, count: 12)
  transposeMatrices(x, batch: 2, rows: 2, columns: 3, into: &y)
  #expect(y == [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])
}
