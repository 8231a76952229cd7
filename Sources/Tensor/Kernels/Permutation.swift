/// A change of the order of axes, `y[i_a0, i_a1, ...] = x[i_0, i_1, ...]`, planned once for a shape.
///
/// Axes that stay neighbours are merged. What remains is copied in runs where the last axis stays
/// last, and otherwise as many small transpositions of the two axes that are last before and after.
public struct Permutation: Sendable {
  /// One axis of the result and the distances between its elements in the source and the result.
  private struct Axis: Sendable {
    var extent: Int, source: Int, result: Int
  }

  /// The axes of the result outside the innermost loops.
  private var outer: [Axis] = []

  /// The axis that is last in the source and the one that is last in the result.
  private var sourceLast = Axis(extent: 1, source: 1, result: 1)
  private var resultLast = Axis(extent: 1, source: 1, result: 1)

  /// Plans the permutation of an array of a shape; axis k of the result is axis `axes[k]` of it.
  public init(shape: [Int], axes: [Int]) {
    ensure(
      axes.sorted() == Array(shape.indices), "Permutation: \(axes) does not reorder \(shape)")
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    var merged: [Axis] = []
    for axis in axes where shape[axis] != 1 {
      if let last = merged.last, last.source == strides[axis] * shape[axis] {
        merged[merged.count - 1].extent *= shape[axis]
        merged[merged.count - 1].source = strides[axis]
      } else {
        merged.append(Axis(extent: shape[axis], source: strides[axis], result: 1))
      }
    }
    for axis in merged.indices.dropLast().reversed() {
      merged[axis].result = merged[axis + 1].result * merged[axis + 1].extent
    }
    if let last = merged.popLast() { resultLast = last }
    if resultLast.source != 1, let last = merged.firstIndex(where: { $0.source == 1 }) {
      sourceLast = merged.remove(at: last)
    }
    outer = merged
  }

  /// Writes the permuted elements of x into y, which may not overlap it.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  @_specialize(where S == Int32)
  public func apply<S: SIMDScalar>(_ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>) {
    apply(x, into: y, axis: 0)
  }

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  @_specialize(where S == Int32)
  private func apply<S: SIMDScalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, axis: Int
  ) {
    if axis == outer.count {
      if resultLast.source == 1 {
        y.update(from: x, count: resultLast.extent)
      } else {
        transposeBlocks(x, into: y)
      }
      return
    }
    for index in 0..<outer[axis].extent {
      apply(x + index * outer[axis].source, into: y + index * outer[axis].result, axis: axis + 1)
    }
  }

  /// Transposes a matrix in square blocks, so that the lines it touches stay in the cache.
  @inline(__always)
  private func transposeBlocks<S: SIMDScalar>(
    _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>
  ) {
    let (rows, columns) = (resultLast.extent, sourceLast.extent)
    let (leading, resultLeading) = (resultLast.source, sourceLast.result)
    let side = 16
    for firstRow in stride(from: 0, to: rows, by: side) {
      let lastRow = min(firstRow + side, rows)
      for firstColumn in stride(from: 0, to: columns, by: side) {
        for column in firstColumn..<min(firstColumn + side, columns) {
          let (source, result) = (x + column, y + column * resultLeading)
          for row in firstRow..<lastRow { result[row] = source[row * leading] }
        }
      }
    }
  }
}

/// Transposes each of a number of matrices, [batch, rows, columns] into [batch, columns, rows].
@_specialize(where S == Float)
@_specialize(where S == Double)
@_specialize(where S == Int32)
public func transposeMatrices<S: SIMDScalar>(
  _ x: UnsafePointer<S>, batch: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<S>
) {
  Permutation(shape: [batch, rows, columns], axes: [0, 2, 1]).apply(x, into: y)
}
