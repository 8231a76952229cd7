/// Writes a part of a tensor that repeats another along some of its axes:
/// `result[k] = source[Σ iₐ · strideₐ]` over the kept axes a, where iₐ are the places of element
/// `start + k` along the axes.
///
/// Neighbouring axes of one kind count as one, so runs of elements are copied or repeated.
/// - Parameters:
///   - source: the elements of the kept axes, in row-major order.
///   - extents: the axes of the result, outermost first.
///   - rank: the number of axes.
///   - isKept: whether the source has an axis.
///   - start: the first element of the result that is written.
///   - length: how many elements are written.
///   - result: where the first of these is written.
@_specialize(where Element == Float)
@_specialize(where Element == Double)
@_specialize(where Element == Int32)
public func repeatStrided<Element: SIMDScalar>(
  _ source: UnsafePointer<Element>, extents: UnsafePointer<Int>, rank: Int,
  isKept: (Int) -> Bool, from start: Int, _ length: Int,
  into result: UnsafeMutablePointer<Element>
) {
  guard length > 0 else { return }
  withUnsafeTemporaryAllocation(of: RepeatedAxis.self, capacity: rank + 1) { memory in
    let axes = memory.baseAddress.unsafelyUnwrapped
    var (count, stride, rest, offset) = (0, 1, start, 0)
    // Innermost first.
    for axis in (0..<rank).reversed() {
      let isKept = isKept(axis)
      let extent = extents[axis]
      if count > 0, (axes[count - 1].stride > 0) == isKept {
        axes[count - 1].extent *= extent
      } else {
        (axes + count).initialize(to: RepeatedAxis(extent: extent, stride: isKept ? stride : 0))
        count += 1
      }
      if isKept { stride *= extent }
    }
    if count == 0 {
      axes.initialize(to: RepeatedAxis(extent: 1, stride: 1))
      count = 1
    }
    for axis in 0..<count {
      axes[axis].place = rest % axes[axis].extent
      rest /= axes[axis].extent
      offset += axes[axis].place * axes[axis].stride
    }
    let (inner, copies) = (axes[0].extent, axes[0].stride > 0)
    var (written, within) = (0, axes[0].place)
    while true {
      let run = min(inner - within, length - written)
      if copies {
        copyRun(source + offset, into: result + written, count: run)
        offset -= within
      } else {
        fillRun(result + written, with: source[offset], count: run)
      }
      written += run
      if written == length { return }
      within = 0
      var axis = 1
      while axis < count {
        axes[axis].place += 1
        offset += axes[axis].stride
        if axes[axis].place < axes[axis].extent { break }
        axes[axis].place = 0
        offset -= axes[axis].extent * axes[axis].stride
        axis += 1
      }
    }
  }
}

/// Neighbouring axes that the source has, or that it lacks: then the stride is zero.
private struct RepeatedAxis {
  var extent: Int
  let stride: Int
  var place = 0
}

@inline(__always)
private func copyRun<Element: SIMDScalar>(
  _ source: UnsafePointer<Element>, into result: UnsafeMutablePointer<Element>, count: Int
) {
  if count < 8 {
    for index in 0..<count { result[index] = source[index] }
    return
  }
  // Vectors that may overlap, since a call would take longer; of eight elements of any kind.
  var index = 0
  while index < count {
    let place = min(index, count &- 8)
    let vector = UnsafeRawPointer(source + place).loadUnaligned(as: SIMD8<Element>.self)
    UnsafeMutableRawPointer(result + place).storeBytes(of: vector, as: SIMD8<Element>.self)
    index &+= 8
  }
}

/// Writes one element several times.
@inlinable @inline(__always)
public func fillRun<Element: SIMDScalar>(
  _ result: UnsafeMutablePointer<Element>, with element: Element, count: Int
) {
  if count < 8 {
    for index in 0..<count { result[index] = element }
    return
  }
  let vector = SIMD8(repeating: element)
  var index = 0
  while index < count {
    UnsafeMutableRawPointer(result + min(index, count &- 8)).storeBytes(
      of: vector, as: SIMD8<Element>.self)
    index &+= 8
  }
}
