import Tensors

/// Repeats an operand along new axes: axis `i` of the operand becomes axis `axes[i]` of the result.
struct Broadcast: Primitive {
  var shape: Shape
  /// The result's axis for each axis of the operand, increasing.
  var axes: [Int]

  func resultType(_ operands: [TensorType]) throws(ShapeError) -> TensorType {
    try require(operands.count == 1, "needs one operand")
    try require(
      axes.count == operands[0].shape.rank && zip(axes, axes.dropFirst()).allSatisfy(<)
        && axes.allSatisfy(shape.extents.indices.contains),
      "to \(shape) needs an increasing axis for each axis of the operand, not \(axes)")
    try require(
      zip(axes, operands[0].shape.extents).allSatisfy { shape[$0] == $1 },
      "to \(shape) keeps the extents of axes \(axes)")
    return operands[0].with(shape)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, into result: Destination<Scalar>
  ) {
    if let pattern = pattern(in: result.shape) {
      if result.elements == .real {
        pattern.repeatElements(of: operands[0], from: 0, result.shape.count, into: result.base)
      } else {
        pattern.repeatElements(
          of: operands.indices(0), from: 0, result.shape.count, into: result.indices)
      }
    } else if result.elements == .real {
      repeatStrided(operands[0], result.shape, result.shape.count, into: result.base)
    } else {
      repeatStrided(operands.indices(0), result.shape, result.shape.count, into: result.indices)
    }
  }

  /// The repetition of elements, if the operand's axes lie side by side in the result.
  func pattern(in shape: ResolvedShape) -> RepeatPattern? {
    guard let first = axes.first, let last = axes.last else {
      return RepeatPattern(count: 1, repeats: max(1, shape.count))
    }
    guard last - first == axes.count - 1 else { return nil }
    return RepeatPattern(
      count: shape.count(first..<last + 1), repeats: shape.count(last + 1..<shape.rank))
  }

  /// The general case: writes `length` elements of the result, from element `start` of it on.
  @inline(__always)
  func repeatStrided<Element: SIMDScalar>(
    _ source: UnsafePointer<Element>, _ shape: ResolvedShape, from start: Int = 0, _ length: Int,
    into result: UnsafeMutablePointer<Element>
  ) {
    Tensors.repeatStrided(
      source, extents: shape.base, rank: shape.rank, isKept: { axes.contains($0) }, from: start,
      length, into: result)
  }

  var movesElements: Bool { true }

  var repeatsRows: Bool { axes.first != 0 }

  func pullback(_ cotangent: Symbol, operands: [Symbol], result: Symbol) -> [Symbol?] {
    guard operands[0].type.elements == .real else { return [nil] }
    return [cotangent.sum(along: shape.extents.indices.filter { !axes.contains($0) })]
  }

  func batched(_ operands: [Symbol], isBatched: [Bool], slices: Extent) -> Symbol {
    Broadcast(shape: shape.inserting(slices, at: 0), axes: [0] + axes.map { $0 + 1 })(operands[0])
  }

  func segmented(_ operands: [Batched], slices: Extent) -> Batched? {
    guard let rows = operands[0].segmented else { return nil }
    return rows.with(self(rows.value), axis: axes[rows.axis])
  }
}

/// The pattern of a broadcast in memory: `result[i] = source[(i / repeats) % count]`.
struct RepeatPattern: Hashable, Sendable {
  /// The number of elements of the source.
  var count: Int
  /// The number of copies of an element before the next one.
  var repeats: Int

  /// Writes `length` elements of the result, from element `start` of it on.
  @inline(__always)
  func repeatElements<Element: SIMDScalar>(
    of source: UnsafePointer<Element>, from start: Int, _ length: Int,
    into result: UnsafeMutablePointer<Element>
  ) {
    guard length > 0 else { return }
    if count == 1 {
      result.update(repeating: source[0], count: length)
    } else if repeats == 1 {
      let column = start % count
      var written = min(count - column, length)
      result.update(from: source + column, count: written)
      let rest = min(column, length - written)
      (result + written).update(from: source, count: rest)
      written += rest
      // From here on whole periods are written, and copied as a whole.
      while written < length {
        let run = min(written, length - written)
        (result + written).update(from: result, count: run)
        written += run
      }
    } else {
      var written = 0
      var column = start / repeats % count
      var within = start % repeats
      while written < length {
        let run = min(repeats - within, length - written)
        fillRun(result + written, with: source[column], count: run)
        written += run
        within = 0
        column += 1
        if column == count { column = 0 }
      }
    }
  }
}

extension Symbol {
  /// Returns the symbol repeated along new axes; axis `i` becomes axis `axes[i]` of the shape.
  public func broadcast(to shape: Shape, axes: [Int]) -> Symbol {
    shape == self.shape ? self : Broadcast(shape: shape, axes: axes)(self)
  }

  /// Returns the symbol repeated along a new leading axis.
  public func repeated(_ slices: Extent) -> Symbol {
    let shape = shape.inserting(slices, at: 0)
    return broadcast(to: shape, axes: Array(1..<shape.rank))
  }
}

extension [Symbol] {
  /// The operands of a batched operation: those that have no slices are repeated.
  func repeated(_ slices: Extent, unless isBatched: [Bool]) -> [Symbol] {
    zip(self, isBatched).map { $1 ? $0 : $0.repeated(slices) }
  }
}
