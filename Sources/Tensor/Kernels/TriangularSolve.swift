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
  withUnsafeTemporaryAllocation(of: Double.self, capacity: n * (n + 1) / 2 + n * width) {
    // The factors of the unknowns already known, and the inverse of the diagonal's element, in the
    // order in which they are used.
    let factors = $0.baseAddress.unsafelyUnwrapped
    let known = factors + n * (n + 1) / 2
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
        let own = known + step * width
        load(b + row, count: count, width, into: own)
        for lane in stride(from: 0, to: width, by: 2 * Double.lanes) {
          var low = own.lanes(at: lane)
          var high = own.lanes(at: lane + Double.lanes)
          for other in 0..<step {
            let scale = Double.Vector(repeating: factor[other])
            low.addProduct(known.lanes(at: other * width + lane), scale)
            high.addProduct(known.lanes(at: other * width + lane + Double.lanes), scale)
          }
          own.setLanes(low * factor[step], at: lane)
          own.setLanes(high * factor[step], at: lane + Double.lanes)
        }
        store(own, x + row, count: count, width)
        factor += step + 1
      }
    }
  }
}

/// Elements as doubles, zero beyond `count`.
@inline(__always)
private func load<S: RealScalar>(
  _ source: UnsafePointer<S>, count: Int, _ width: Int, into target: UnsafeMutablePointer<Double>
) {
  if count == width {
    for lane in 0..<width { target[lane] = Double(source[lane]) }
  } else {
    for lane in 0..<width { target[lane] = lane < count ? Double(source[lane]) : 0 }
  }
}

@inline(__always)
private func store<S: RealScalar>(
  _ source: UnsafePointer<Double>, _ target: UnsafeMutablePointer<S>, count: Int, _ width: Int
) {
  if count == width {
    for lane in 0..<width { target[lane] = S(source[lane]) }
  } else {
    for lane in 0..<count { target[lane] = S(source[lane]) }
  }
}
