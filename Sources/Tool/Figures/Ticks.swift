import Foundation

/// Round numbers along an axis, and the texts that stand at them.
struct Ticks: Equatable {
  /// The numbers, ascending.
  let values: [Double]
  /// Their texts.
  let labels: [String]

  /// Places about `count` ticks at multiples of 1, 2 or 5 times a power of ten.
  init(from low: Double, to high: Double, count: Int = 6) {
    let raw = (high - low) / Double(max(count, 1))
    guard raw > 0, raw.isFinite, abs(low) < 1e15 * raw, abs(high) < 1e15 * raw else {
      (values, labels) = ([], [])
      return
    }
    let power = pow(10, floor(log10(raw)))
    let step = ([1, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10) * power
    let (first, last) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
    values = stride(from: first, through: last, by: 1).map { $0 * step }
    let largest = max(abs(low), abs(high))
    let digits = max(0, -Int(floor(log10(step) + 1e-9)))
    let isPlain = largest < 1e6 && digits <= 5
    let significant = max(0, Int(floor(log10(largest) - log10(step) + 1e-9)))
    labels = values.map { value in
      // Minus zero is a zero without a sign here.
      let format = isPlain ? "%.\(digits)f" : "%.\(significant)e"
      return String(format: format, value == 0 ? 0 : value)
    }
  }

  /// Places ticks at the whole powers of ten between two powers, or at every second, third …; where
  /// there are fewer than three, also at twice and five times these.
  init(powersFrom low: Double, to high: Double, count: Int = 6) {
    let (first, last) = (Int(ceil(low - 1e-9)), Int(floor(high + 1e-9)))
    guard last - first >= 2 else {
      let ticks = (first - 1...last + 1).flatMap { power in
        [1, 2, 5].map { (value: $0 * pow(10, Double(power)), power: power) }
      }.filter { (low - 1e-9...high + 1e-9).contains(log10($0.value)) }
      values = ticks.map(\.value)
      labels = ticks.map { tick in
        (-3...3).contains(tick.power)
          ? String(format: "%.\(max(0, -tick.power))f", tick.value)
          : String(format: "%.0e", tick.value)
      }
      return
    }
    let step = max(1, (last - first + count) / count)
    let powers = Array(stride(from: first, through: last, by: step))
    values = powers.map { pow(10, Double($0)) }
    labels = powers.map { (-3...3).contains($0) ? "\(Self.plain($0))" : "1e\($0)" }
  }

  private static func plain(_ power: Int) -> String {
    String(format: "%.\(max(0, -power))f", pow(10, Double(power)))
  }
}
