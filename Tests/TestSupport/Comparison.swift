/// The largest difference of two lists, relative to one plus the size of the second.
public func largestDifference(
  _ found: some Sequence<Double>, _ expected: some Sequence<Double>
) -> Double {
  var largest = 0.0
  var count = (0, 0)
  for value in found where value.isNaN { largest = .infinity }
  for (a, b) in zip(found, expected) { largest = max(largest, abs(a - b) / (1 + abs(b))) }
  for _ in found { count.0 += 1 }
  for _ in expected { count.1 += 1 }
  return count.0 == count.1 ? largest : .infinity
}
