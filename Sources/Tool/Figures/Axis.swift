import Foundation

/// One direction of a figure: its quantity, unit and range.
struct Axis {
  /// The map of values to lengths.
  enum Scale { case linear, logarithmic }

  /// The quantity, with its unit: `distance r (Å)`.
  var label: String
  var scale = Scale.linear
  /// The range; nil means that of the data.
  var range: ClosedRange<Double>?
  /// Whether a range from the data begins at zero.
  var startsAtZero = false

  /// A number that grows evenly along the axis, or nil where the value has no place.
  func coordinate(_ value: Double) -> Double? {
    switch scale {
    case .linear: value.isFinite ? value : nil
    case .logarithmic: value > 0 && value.isFinite ? log10(value) : nil
    }
  }

  /// The range of `coordinate`, a little wider than the data.
  func span(of values: [Double]) -> ClosedRange<Double> {
    if let range, let low = coordinate(range.lowerBound), let high = coordinate(range.upperBound),
      low < high
    {
      return low...high
    }
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values.lazy.compactMap(coordinate) {
      (low, high) = (min(low, value), max(high, value))
    }
    if startsAtZero, scale == .linear { (low, high) = (min(low, 0), max(high, 0)) }
    guard low <= high else { return 0...1 }
    let isFlat = high - low <= 1e-12 * max(abs(low), abs(high))
    let margin = isFlat ? max(abs(low) * 0.05, 0.5e-3) : (high - low) * 0.04
    let keepsZero = startsAtZero && scale == .linear
    return (keepsZero && low == 0 ? 0 : low - margin)...(keepsZero && high == 0 ? 0 : high + margin)
  }

  /// The ticks within a range of coordinates.
  func ticks(_ span: ClosedRange<Double>, count: Int) -> Ticks {
    switch scale {
    case .linear: Ticks(from: span.lowerBound, to: span.upperBound, count: count)
    case .logarithmic: Ticks(powersFrom: span.lowerBound, to: span.upperBound, count: count)
    }
  }
}
