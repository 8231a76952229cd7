import Tensors

/// An instruction with all that its kernel needs to be called.
///
/// It is not copied, so that threads that call it do not both count references to its kernel.
struct KernelCall: ~Copyable {
  let kernel: any Kernel
  let attributes: UnsafePointer<Int>
  /// The numbers below which the elements of the result have to lie, for few instructions.
  let bounds: UnsafeBufferPointer<Int>
  let operandStart: Int, operandCount: Int
  let result: Int
  let elements: ElementKind
  let isConstant: Bool
  /// The axes whose sizes matter for the scratch memory and, if it is constant, for the result.
  let axes: AxisSet

  /// Some of a program's axes, as bits by their number; those from the 64th on share one.
  typealias AxisSet = UInt64

  /// Computes the result; operands and result are numbers of views.
  @inline(__always)
  func evaluate<Scalar: RealScalar>(
    _ views: UnsafePointer<ValueView>, operands: UnsafePointer<Int>, result: Int,
    workers: Workers, scratch: UnsafeMutablePointer<Scalar>
  ) {
    kernel.evaluate(
      self.operands(views, operands, workers: workers, scratch: scratch),
      into: Destination<Scalar>(view: views[result], elements: elements))
    if !bounds.isEmpty { checkIndices(views[result]) }
  }

  /// The rows of the result that the share of a block of rows may change.
  @inline(__always)
  func changedRows<Scalar: RealScalar>(
    _ operands: Operands<Scalar>, of result: ValueView
  ) -> Range<Int> { kernel.changedRows(operands, of: result.shape) }

  /// Adds the share of a block of rows to the result.
  @inline(__always)
  func add<Scalar: RealScalar>(_ operands: Operands<Scalar>, to result: ValueView) {
    kernel.add(operands, to: Destination<Scalar>(view: result, elements: elements))
  }

  /// The operands; `identifiers` are numbers of views.
  @inline(__always)
  func operands<Scalar: RealScalar>(
    _ views: UnsafePointer<ValueView>, _ identifiers: UnsafePointer<Int>, workers: Workers,
    scratch: UnsafeMutablePointer<Scalar>
  ) -> Operands<Scalar> {
    Operands(
      views: views, identifiers: identifiers, attributes: attributes, count: operandCount,
      workers: workers, scratch: scratch)
  }

  /// Traps unless all elements of the result lie below the bounds.
  @inline(never)
  private func checkIndices(_ result: ValueView) {
    let indices = UnsafePointer(
      result.base.unsafelyUnwrapped.assumingMemoryBound(to: Int32.self))
    for bound in bounds {
      if let place = firstIndex(outside: bound, in: indices, count: result.shape.count) {
        trap(
          "\(kernel.name): the index \(indices[place]) at \(place) of the result does not lie in "
            + "0 ..< \(bound), the rows that it addresses")
      }
    }
  }

  /// The scratch memory that the kernel wants for the shapes of these views.
  func scratchCount(
    _ views: UnsafePointer<ValueView>, operands: UnsafePointer<Int>, result: Int,
    workers: Workers, shapes: inout [ResolvedShape]
  ) -> Int {
    shapes.removeAll(keepingCapacity: true)
    for operand in 0..<operandCount { shapes.append(views[operands[operand]].shape) }
    return kernel.scratchCount(shapes, result: views[result].shape, workers: workers)
  }

  /// Computes the result, where `operands` are the numbers of all instructions' operands.
  @inline(__always)
  func evaluate<Scalar: RealScalar>(
    _ views: UnsafePointer<ValueView>, operands: UnsafePointer<Int>, workers: Workers,
    scratch: UnsafeMutablePointer<Scalar>
  ) {
    evaluate(
      views, operands: operands + operandStart, result: result, workers: workers,
      scratch: scratch)
  }

  /// The scratch memory, where `operands` are the numbers of all instructions' operands.
  func scratchCount(
    _ views: UnsafePointer<ValueView>, operands: UnsafePointer<Int>, workers: Workers,
    shapes: inout [ResolvedShape]
  ) -> Int {
    scratchCount(
      views, operands: operands + operandStart, result: result, workers: workers,
      shapes: &shapes)
  }

  /// The elements of all operands and of the result.
  func elementCount(_ views: UnsafePointer<ValueView>, operands: UnsafePointer<Int>) -> Int {
    (0..<operandCount).reduce(views[result].shape.count) {
      $0 + views[operands[operandStart + $1]].shape.count
    }
  }
}
