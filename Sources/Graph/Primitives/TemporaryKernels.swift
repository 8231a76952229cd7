import Tensors

@_specialize(where Scalar == Float) @_specialize(where Scalar == Double)
func sumAxis<Scalar: RealScalar>(
  _ x: UnsafePointer<Scalar>, _ view: AxisView, into result: UnsafeMutablePointer<Scalar>
) {
  for outer in 0..<view.outer {
    let r = result + outer * view.inner
    r.update(repeating: 0, count: view.inner)
    for k in 0..<view.count {
      let row = x + (outer * view.count + k) * view.inner
      for i in 0..<view.inner { r[i] += row[i] }
    }
  }
}

func gatherRows(
  _ source: UnsafeRawPointer, _ view: AxisView, at index: UnsafePointer<Int32>, count: Int,
  stride: Int, into result: UnsafeMutableRawPointer
) {
  let bytes = view.inner * stride
  for outer in 0..<view.outer {
    for k in 0..<count {
      (result + (outer * count + k) * bytes).copyMemory(
        from: source + (outer * view.count + Int(index[k])) * bytes, byteCount: bytes)
    }
  }
}

@_specialize(where Scalar == Float) @_specialize(where Scalar == Double)
func segmentSum<Scalar: RealScalar>(
  _ x: UnsafePointer<Scalar>, _ view: AxisView, at index: UnsafePointer<Int32>, count: Int,
  into result: UnsafeMutablePointer<Scalar>
) {
  result.update(repeating: 0, count: view.outer * count * view.inner)
  for outer in 0..<view.outer {
    for k in 0..<view.count {
      let row = x + (outer * view.count + k) * view.inner
      let r = result + (outer * count + Int(index[k])) * view.inner
      for i in 0..<view.inner { r[i] += row[i] }
    }
  }
}

@_specialize(where Scalar == Float) @_specialize(where Scalar == Double)
func segmentedProduct<Scalar: RealScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, segments: UnsafePointer<Int32>,
  rows: Int, _ p: Int, _ q: Int, count: Int, into result: UnsafeMutablePointer<Scalar>
) {
  result.update(repeating: 0, count: count * p * q)
  for r in 0..<rows {
    let block = result + Int(segments[r]) * p * q
    for i in 0..<p {
      let x = a[r * p + i]
      for j in 0..<q { block[i * q + j] += x * b[r * q + j] }
    }
  }
}

func permuteAxes<Element>(
  _ source: UnsafePointer<Element>, _ shape: ResolvedShape, _ permutation: [Int],
  into result: UnsafeMutablePointer<Element>
) {
  var strides = [Int](repeating: 1, count: shape.rank)
  for axis in (0..<max(0, shape.rank - 1)).reversed() {
    strides[axis] = strides[axis + 1] * shape[axis + 1]
  }
  for element in 0..<shape.count {
    var rest = element
    var offset = 0
    for axis in (0..<shape.rank).reversed() {
      let extent = shape[permutation[axis]]
      offset += rest % extent * strides[permutation[axis]]
      rest /= extent
    }
    result[element] = source[offset]
  }
}
