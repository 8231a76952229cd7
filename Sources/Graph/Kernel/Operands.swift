public import Tensors

/// A shape with numbers for all extents, while a program runs.
public struct ResolvedShape {
  let base: UnsafePointer<Int>

  /// The number of axes.
  public let rank: Int

  /// The length of one axis.
  public subscript(axis: Int) -> Int {
    assert(axis >= 0 && axis < rank)
    return base[axis]
  }

  /// The number of elements of the axes in a range.
  public func count(_ axes: Range<Int>) -> Int {
    var count = 1
    for axis in axes { count *= self[axis] }
    return count
  }

  /// The number of elements.
  public var count: Int { count(0..<rank) }
}

/// The memory of a value while a program runs.
struct ValueView {
  var base: UnsafeMutableRawPointer?
  var shape: ResolvedShape
}

/// The operands of one kernel call: memory and shapes, valid during the call.
///
/// Threads of a kernel may share them: operands do not change while it runs. Its scratch memory is for
/// the kernel to share out, by the number of the thread.
public struct Operands<Scalar: RealScalar>: @unchecked Sendable {
  let views: UnsafePointer<ValueView>
  let identifiers: UnsafePointer<Int>
  let attributes: UnsafePointer<Int>

  /// The number of operands.
  public let count: Int

  /// The threads a kernel may use.
  public let workers: Workers

  /// Memory for intermediate values, as much as `scratchCount` asked for.
  public let scratch: UnsafeMutablePointer<Scalar>

  /// The elements of a real operand.
  public subscript(operand: Int) -> UnsafePointer<Scalar> {
    UnsafePointer(view(operand).base.unsafelyUnwrapped.assumingMemoryBound(to: Scalar.self))
  }

  /// The elements of an index operand.
  public func indices(_ operand: Int) -> UnsafePointer<Int32> {
    UnsafePointer(view(operand).base.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self))
  }

  /// The elements of an operand whose kind does not matter.
  public func bytes(_ operand: Int) -> UnsafeRawPointer {
    UnsafeRawPointer(view(operand).base.unsafelyUnwrapped)
  }

  /// The number that one of the primitive's `attributeExtents` stands for.
  public func attribute(_ index: Int) -> Int { attributes[index] }

  /// The extents of an operand.
  public func shape(_ operand: Int) -> ResolvedShape { view(operand).shape }

  private func view(_ operand: Int) -> ValueView {
    assert(operand < count)
    return views[identifiers[operand]]
  }
}

/// The memory that a kernel writes its result to.
///
/// Threads of a kernel may share it; each writes elements of its own.
public struct Destination<Scalar: RealScalar>: @unchecked Sendable {
  let view: ValueView

  /// The kind of the elements.
  public let elements: ElementKind

  /// The extents.
  public var shape: ResolvedShape { view.shape }

  /// The memory of a real result.
  public var base: UnsafeMutablePointer<Scalar> {
    bytes.assumingMemoryBound(to: Scalar.self)
  }

  /// The memory of an index result.
  public var indices: UnsafeMutablePointer<Int32> { bytes.assumingMemoryBound(to: Int32.self) }

  /// The memory of a result whose kind does not matter.
  public var bytes: UnsafeMutableRawPointer { view.base.unsafelyUnwrapped }

  /// The size of an element in bytes.
  public var stride: Int { elements.stride(Scalar.self) }

  /// Makes all elements zero; workers share what is large, where the system first has to find the memory.
  public func setZero(_ workers: Workers? = nil) {
    // Zero is all bits zero, and filling bytes needs no specialisation.
    let (count, portion) = (shape.count * stride, 1 << 18)
    guard let workers, count > portion else {
      bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count)
      return
    }
    nonisolated(unsafe) let bytes = bytes
    workers.forEach((count + portion - 1) / portion) { number in
      let start = number * portion
      (bytes + start).initializeMemory(
        as: UInt8.self, repeating: 0, count: min(portion, count - start))
    }
  }

  /// Writes the elements of a result that is its operand, moved.
  func copyElements(from source: UnsafeRawPointer) {
    bytes.copyMemory(from: source, byteCount: shape.count * stride)
  }
}
