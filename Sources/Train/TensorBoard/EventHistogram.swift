/// A histogram with the exponential buckets that TensorBoard's charts are made for.
///
/// The right edges are `±10⁻¹² · 1.1ᵏ` below `10²⁰`, zero, and the largest numbers. Empty buckets
/// next to each other become one. Values that are not finite belong to no bucket and are left out.
struct EventHistogram: Equatable {
  var minimum = 0.0
  var maximum = 0.0
  var count = 0
  var sum = 0.0
  var sumOfSquares = 0.0
  /// The right edges of the buckets, exclusive and increasing.
  var limits: [Double] = []
  /// The number of values in each bucket.
  var counts: [Double] = []

  private static let edges: [Double] = {
    var positive: [Double] = []
    var edge = 1e-12
    while edge < 1e20 {
      positive.append(edge)
      edge *= 1.1
    }
    positive.append(.greatestFiniteMagnitude)
    return positive.reversed().map { -$0 } + [0] + positive
  }()

  init(_ values: [Double]) {
    var buckets = [Double](repeating: 0, count: Self.edges.count)
    for value in values where value.isFinite {
      minimum = count == 0 ? value : min(minimum, value)
      maximum = count == 0 ? value : max(maximum, value)
      count += 1
      sum += value
      sumOfSquares += value * value
      buckets[Self.bucket(of: value)] += 1
    }
    for (limit, bucket) in zip(Self.edges, buckets) {
      if bucket == 0, counts.last == 0 {
        limits[limits.count - 1] = limit
      } else {
        limits.append(limit)
        counts.append(bucket)
      }
    }
  }

  /// The index of the first edge above a value, by bisection.
  private static func bucket(of value: Double) -> Int {
    var low = 0
    var high = edges.count - 1
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// The fields of TensorFlow's `HistogramProto`.
  func encode(into message: inout ProtocolBufferWriter) {
    message.double(1, minimum)
    message.double(2, maximum)
    message.double(3, Double(count))
    message.double(4, sum)
    message.double(5, sumOfSquares)
    message.packed(6, limits)
    message.packed(7, counts)
  }
}
