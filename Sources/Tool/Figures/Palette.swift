/// The colours of Okabe and Ito, which people with any kind of colour vision can tell apart, the last one
/// that of the text.
///
/// Neighbouring series also differ by their dashes, for print in grey.
///
/// https://jfly.uni-koeln.de/color/
enum Palette {
  private static let colors = [
    "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "currentColor",
  ]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3"]

  /// The style of lines that are no series: levels and references.
  static let reference = 6

  /// The colour of a series.
  static func color(_ index: Int) -> String { colors[index % colors.count] }

  /// The dash pattern of a series; empty for a line without gaps.
  static func dash(_ index: Int) -> String {
    guard index % colors.count != reference else { return dashes[index / colors.count % 4] }
    return dashes[(index % colors.count + index / colors.count) % dashes.count]
  }
}
