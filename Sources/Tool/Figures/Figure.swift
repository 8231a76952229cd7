/// A figure of one or more panels, one below the other.
struct Figure {
  var title: String
  var panels: [Panel]

  init(_ title: String, _ panels: [Panel]) { (self.title, self.panels) = (title, panels) }
}

/// Axes and the layers between them.
struct Panel {
  /// The words above it; nil for none.
  var title: String?
  var x, y: Axis
  var layers: [Layer] = []
}

/// One thing that is drawn, and its line in the legend if it has a name.
struct Layer {
  /// The shape of a layer.
  enum Mark {
    /// A line through points; it has gaps where a value is not finite.
    case line(x: [Double], y: [Double])
    /// The area between two lines.
    case band(x: [Double], low: [Double], high: [Double])
    /// Points without a line.
    case points(x: [Double], y: [Double])
    /// Points with an error to both sides of each; none where it is not finite.
    case bars(x: [Double], y: [Double], error: [Double])
    /// Crosses, for what has ended early.
    case crosses(x: [Double], y: [Double])
    /// Filled rectangles, each with an opacity from 0 to 1.
    case cells([Cell])
    /// A line across the panel at one height.
    case level(Double)
    /// A line from bottom to top at one place.
    case upright(Double)
  }

  /// A rectangle in the units of the axes.
  struct Cell {
    var x, y: ClosedRange<Double>
    var opacity: Double
  }

  var mark: Mark
  /// The text in the legend; nil for none.
  var name: String?
  /// The number of the colour and dash in the palette.
  var style: Int

  init(_ mark: Mark, name: String? = nil, style: Int) {
    (self.mark, self.name, self.style) = (mark, name, style)
  }

  /// A line, and a band of a deviation to both sides of it where there is one.
  static func curve(
    x: [Double], y: [Double], deviation: [Double]?, name: String?, style: Int
  ) -> [Layer] {
    let line = Layer(.line(x: x, y: y), name: name, style: style)
    guard let deviation else { return [line] }
    let band = Mark.band(
      x: x, low: zip(y, deviation).map { $0 - $1 }, high: zip(y, deviation).map { $0 + $1 })
    return [Layer(band, style: style), line]
  }

  /// A line of steps through the counts of bins.
  static func steps(edges: [Double], counts: [Double], name: String?, style: Int) -> Layer {
    let x = edges.enumerated().flatMap { index, edge in
      index == 0 || index == edges.count - 1 ? [edge] : [edge, edge]
    }
    return Layer(.line(x: x, y: counts.flatMap { [$0, $0] }), name: name, style: style)
  }

  /// All values along both axes, for their ranges.
  var values: (x: [Double], y: [Double]) {
    switch mark {
    case .line(let x, let y), .points(let x, let y), .crosses(let x, let y): (x, y)
    case .bars(let x, let y, let error):
      (x, zip(y, error).flatMap { [$0 - ($1.isFinite ? $1 : 0), $0 + ($1.isFinite ? $1 : 0)] })
    case .band(let x, let low, let high): (x, low + high)
    case .cells(let cells):
      (
        cells.flatMap { [$0.x.lowerBound, $0.x.upperBound] },
        cells.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
      )
    case .level(let y): ([], [y])
    case .upright(let x): ([x], [])
    }
  }
}
