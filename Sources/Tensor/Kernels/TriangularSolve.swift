/// Solves `op(L) X = B` for a small lower triangular matrix L and many right-hand sides.
///
/// Computed in double precision, sixteen columns at a time, each read and written once.
/// - Parameters:
///   - matrix: L, [n, n]; elements right of the diagonal are not read.
///   - transposed: whether op transposes.
///   - n: the number of rows of L.
///   - b: the right-hand sides as columns, [n, columns].
///   - columns: the number of right-hand sides.
///   - x: the solutions, [n, columns]; may be b.
@_specialize(where S == Float)
@_specialize(where S == Double)
public func solveTriangularRows<S: RealScalar>(
  _ matrix: UnsafePointer<S>, transposed: Bool, size n: Int,
  rightHandSides b: UnsafePointer<S>, columns: Int, into x: UnsafeMutablePointer<S>
) {
  let width = 16
  if n == 1 {
    let factor = 1 / Double(matrix[0])
    let rest = columns / 8 * 8
    for first in stride(from: 0, to: rest, by: 8) {
      store(load(b + first, count: 8) * factor, x + first, count: 8)
    }
    store(load(b + rest, count: columns - rest) * factor, x + rest, count: columns - rest)
    return
  }
  // A little more than that, for no vector of known unknowns may lie in two cache lines.
  withUnsafeTemporaryAllocation(of: Double.self, capacity: n * (n + 1) / 2 + n * width + 7) {
    let start = UnsafeMutableRawPointer($0.baseAddress.unsafelyUnwrapped)
    let known = start.alignedUp(toMultipleOf: 64).assumingMemoryBound(to: Double.self)
    // Their factors, and the inverse of the diagonal's element, in the order in which they are used.
    let factors = known + n * width
    var place = 0
    for step in 0..<n {
      let row = transposed ? n - 1 - step : step
      for other in 0..<step {
        let column = transposed ? n - 1 - other : other
        factors[place] = -Double(matrix[transposed ? column * n + row : row * n + column])
        place += 1
      }
      factors[place] = 1 / Double(matrix[row * n + row])
      place += 1
    }
    for first in stride(from: 0, to: columns, by: width) {
      let count = min(width, columns - first)
      var factor = factors
      for step in 0..<n {
        let row = (transposed ? n - 1 - step : step) * columns + first
        var low = load(b + row, count: count)
        var high = load(b + row + 8, count: count - 8)
        // Of many, every other one goes to sums of its own, since a sum waits for its last product.
        var (otherLow, otherHigh) = (Eight(repeating: 0), Eight(repeating: 0))
        var other = 0
        while step >= 16, other + 1 < step {
          let place = known + other * width
          let (scale, otherScale) = (factor[other], factor[other + 1])
          low.addProduct(eight(place), Eight(repeating: scale))
          high.addProduct(eight(place + 8), Eight(repeating: scale))
          otherLow.addProduct(eight(place + 16), Eight(repeating: otherScale))
          otherHigh.addProduct(eight(place + 24), Eight(repeating: otherScale))
          other += 2
        }
        while other < step {
          let (place, scale) = (known + other * width, Eight(repeating: factor[other]))
          low.addProduct(eight(place), scale)
          high.addProduct(eight(place + 8), scale)
          other += 1
        }
        low += otherLow
        high += otherHigh
        low *= factor[step]
        high *= factor[step]
        if step + 1 < n {
          let place = UnsafeMutableRawPointer(known + step * width)
          place.storeBytes(of: low, as: Eight.self)
          place.storeBytes(of: high, toByteOffset: MemoryLayout<Eight>.size, as: Eight.self)
        }
        store(low, x + row, count: count)
        store(high, x + row + 8, count: count - 8)
        factor += step + 1
      }
    }
  }
}

/// Half of the columns that are solved for at a time: one vector of the widest machines and two, four of
/// others. Sixteen columns in all keep the multipliers busy on each.
private typealias Eight = SIMD8<Double>

@inline(__always)
private func eight(_ source: UnsafePointer<Double>) -> Eight {
  UnsafeRawPointer(source).loadUnaligned(as: Eight.self)
}

/// Up to eight elements as doubles, zero beyond `count`.
@inline(__always)
private func load<S: RealScalar>(_ source: UnsafePointer<S>, count: Int) -> Eight {
  var vector = Eight(repeating: 0)
  if count >= 8 {
    for lane in 0..<8 { vector[lane] = Double(source[lane]) }
  } else {
    for lane in 0..<max(count, 0) { vector[lane] = Double(source[lane]) }
  }
  return vector
}

@inline(__always)
private func store<S: RealScalar>(
  _ vector: Eight, _ target: UnsafeMutablePointer<S>, count: Int
) {
  if count >= 8 {
    for lane in 0..<8 { target[lane] = S(vector[lane]) }
  } else {
    for lane in 0..<max(count, 0) { target[lane] = S(vector[lane]) }
  }
}
