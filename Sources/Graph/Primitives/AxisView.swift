/// How a kernel along one axis sees its operand: `[outer, axis, inner]`.
struct AxisView {
  var outer: Int
  var count: Int
  var inner: Int

  init(_ shape: ResolvedShape, axis: Int) {
    outer = shape.count(0..<axis)
    count = shape[axis]
    inner = shape.count(axis + 1..<shape.rank)
  }
}
