/// Finds the first index that does not lie in `0 ..< bound`.
///
/// - Parameters:
///   - bound: the number of rows that indices may address.
///   - indices: the indices, [count].
///   - count: the number of indices.
/// - Returns: its place, or `nil` if all lie there.
public func firstIndex(
  outside bound: Int, in indices: UnsafePointer<Int32>, count: Int
) -> Int? {
  // Without its sign a negative number is greater than all others.
  let base = UnsafeRawPointer(indices)
  var (first, second) = (SIMD16<UInt32>(), SIMD16<UInt32>())
  var place = 0
  while place &+ 32 <= count {
    let (low, high) = (base + 4 * place, base + 4 * (place + 16))
    first = pointwiseMax(first, low.loadUnaligned(as: SIMD16<UInt32>.self))
    second = pointwiseMax(second, high.loadUnaligned(as: SIMD16<UInt32>.self))
    place &+= 32
  }
  var greatest = pointwiseMax(first, second).max()
  while place < count {
    greatest = max(greatest, UInt32(bitPattern: indices[place]))
    place &+= 1
  }
  if count == 0 || Int(greatest) < min(bound, 1 << 31) { return nil }
  return (0..<count).first { indices[$0] < 0 || Int(indices[$0]) >= bound }
}
