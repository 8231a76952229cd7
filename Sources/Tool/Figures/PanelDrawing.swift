import Foundation

/// A panel while it is drawn into a rectangle of the figure.
struct PanelDrawing {
  private let panel: Panel
  private let left, right, top, bottom: Double
  private let clip: String
  private let xSpan, ySpan: ClosedRange<Double>
  private var text = ""

  /// Points beyond this number are drawn as the lowest and highest of their neighbours.
  private static let mostPoints = 3000
  private static let levelDash = "4 4"
  /// The most entries of a legend within the panel; longer ones stand below it.
  private static let mostEntriesWithin = 5
  private static let rowHeight = 18.0

  init(
    _ panel: Panel, left: Double, right: Double, top: Double, bottom: Double, clip: String
  ) {
    self.panel = panel
    (self.left, self.right, self.top, self.bottom) = (left, right, top, bottom)
    self.clip = clip
    let values = panel.layers.map(\.values)
    xSpan = panel.x.span(of: values.flatMap(\.x))
    ySpan = panel.y.span(of: values.flatMap(\.y))
  }

  /// The elements of the panel.
  mutating func draw() -> String {
    let box = "x=\"\(n(left))\" y=\"\(n(top))\" width=\"\(n(right - left))\" "
    let frame = box + "height=\"\(n(bottom - top))\""
    text += "<clipPath id=\"\(clip)\"><rect \(frame)/></clipPath>\n"
    drawTicks()
    text += "<g clip-path=\"url(#\(clip))\">\n"
    for layer in panel.layers { draw(layer) }
    text += "</g>\n<rect class=\"frame\" \(frame)/>\n"
    drawLabels()
    drawLegend()
    return text
  }

  private func x(_ value: Double) -> Double? { place(value, panel.x, xSpan, left, right) }
  private func y(_ value: Double) -> Double? { place(value, panel.y, ySpan, bottom, top) }

  private func place(
    _ value: Double, _ axis: Axis, _ span: ClosedRange<Double>, _ start: Double, _ end: Double
  ) -> Double? {
    axis.coordinate(value).map { coordinate in
      let fraction = (coordinate - span.lowerBound) / (span.upperBound - span.lowerBound)
      // Far beyond the frame one place is as good as another, and digits are saved.
      return start + (end - start) * min(max(fraction, -10), 10)
    }
  }

  private func n(_ value: Double) -> String {
    let text = String(format: "%.2f", value)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }

  private mutating func drawTicks() {
    let (xTicks, yTicks) = (panel.x.ticks(xSpan, count: 7), panel.y.ticks(ySpan, count: 6))
    for (value, label) in zip(xTicks.values, xTicks.labels) {
      guard let x = x(value) else { continue }
      text += "<path d=\"M\(n(x)) \(n(top))V\(n(bottom + 5))\" class=\"grid\"/>\n"
      text += "<text x=\"\(n(x))\" y=\"\(n(bottom + 20))\" text-anchor=\"middle\">\(xml(label))"
      text += "</text>\n"
    }
    for (value, label) in zip(yTicks.values, yTicks.labels) {
      guard let y = y(value) else { continue }
      text += "<path d=\"M\(n(left - 5)) \(n(y))H\(n(right))\" class=\"grid\"/>\n"
      text += "<text x=\"\(n(left - 9))\" y=\"\(n(y + 4.5))\" text-anchor=\"end\">\(xml(label))"
      text += "</text>\n"
    }
  }

  private mutating func drawLabels() {
    let (middle, height) = ((left + right) / 2, (top + bottom) / 2)
    text += "<text x=\"\(n(middle))\" y=\"\(n(bottom + 42))\" text-anchor=\"middle\">"
    text += "\(xml(panel.x.label))</text>\n"
    text +=
      "<text transform=\"translate(18 \(n(height))) rotate(-90)\" text-anchor=\"middle\">\(xml(panel.y.label))</text>\n"
  }

  private mutating func draw(_ layer: Layer) {
    let (color, dash) = (Palette.color(layer.style), Palette.dash(layer.style))
    switch layer.mark {
    case .line(let x, let y):
      let path = path(x, y)
      guard !path.isEmpty else { return }
      text += "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"1.8\""
      text += "\(dashAttribute(dash)) stroke-linejoin=\"round\"/>\n"
    case .band(let x, let low, let high):
      let usable = x.indices.filter {
        self.x(x[$0]) != nil && y(low[$0]) != nil && y(high[$0]) != nil
      }
      guard usable.count > 1 else { return }
      let outline = usable.map { (x[$0], high[$0]) } + usable.reversed().map { (x[$0], low[$0]) }
      let path = path(outline.map(\.0), outline.map(\.1), thins: false)
      text += "<path d=\"\(path)Z\" fill=\"\(color)\" fill-opacity=\"0.22\"/>\n"
    case .points(let xs, let ys):
      for (a, b) in zip(xs, ys) {
        guard let a = x(a), let b = y(b) else { continue }
        text += "<circle cx=\"\(n(a))\" cy=\"\(n(b))\" r=\"2\" fill=\"\(color)\" "
        text += "fill-opacity=\"0.6\"/>\n"
      }
    case .bars(let xs, let ys, let errors):
      for (value, (place, error)) in zip(xs, zip(ys, errors)) {
        guard let a = x(value), let b = y(place) else { continue }
        text += marker(a, b, layer.style)
        guard error.isFinite, let low = y(place - error), let high = y(place + error) else {
          continue
        }
        text += "<path d=\"M\(n(a - 4)) \(n(low))h8m-4 0V\(n(high))m-4 0h8\" fill=\"none\" "
        text += "stroke=\"\(color)\"/>\n"
      }
    case .crosses(let xs, let ys):
      for (a, b) in zip(xs, ys) {
        guard let a = x(a), let b = y(b) else { continue }
        text += cross(a, b, color)
      }
    case .cells(let cells):
      for cell in cells {
        guard let x0 = x(cell.x.lowerBound), let x1 = x(cell.x.upperBound),
          let y0 = y(cell.y.lowerBound), let y1 = y(cell.y.upperBound)
        else { continue }
        text += "<rect x=\"\(n(x0))\" y=\"\(n(y1))\" width=\"\(n(x1 - x0))\" "
        text += "height=\"\(n(y0 - y1))\" fill=\"\(color)\" fill-opacity=\"\(n(cell.opacity))\"/>\n"
      }
    case .level(let value):
      guard let y = y(value) else { return }
      text += "<path d=\"M\(n(left)) \(n(y))H\(n(right))\" stroke=\"\(color)\" "
      text += "stroke-dasharray=\"\(Self.levelDash)\"/>\n"
    case .upright(let value):
      guard let x = x(value) else { return }
      text += "<path d=\"M\(n(x)) \(n(top))V\(n(bottom))\" stroke=\"\(color)\" "
      text += "stroke-dasharray=\"\(Self.levelDash)\"/>\n"
    }
  }

  /// A disc, a square, a diamond or a triangle, so that points differ without colours, too.
  private func marker(_ x: Double, _ y: Double, _ style: Int) -> String {
    let color = Palette.color(style)
    let outlines = ["", "m-4 -4h8v8h-8z", "m0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5z", "m0 -5l5 9h-10z"]
    let outline = outlines[style % outlines.count]
    return outline.isEmpty
      ? "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"4\" fill=\"\(color)\"/>\n"
      : "<path d=\"M\(n(x)) \(n(y))\(outline)\" fill=\"\(color)\"/>\n"
  }

  private func cross(_ x: Double, _ y: Double, _ color: String) -> String {
    "<path d=\"M\(n(x - 5)) \(n(y - 5))l10 10m0 -10l-10 10\" fill=\"none\" "
      + "stroke=\"\(color)\" stroke-width=\"2.4\"/>\n"
  }

  private func dashAttribute(_ dash: String) -> String {
    dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
  }

  private func path(_ xs: [Double], _ ys: [Double], thins: Bool = true) -> String {
    var (path, isDown) = ("", false)
    for index in thins ? Self.thinned(ys) : Array(ys.indices) {
      guard let x = x(xs[index]), let y = y(ys[index]) else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(n(x)) \(n(y))"
      isDown = true
    }
    return path
  }

  /// The indices of a line's points that are drawn: all, or the extremes of groups of neighbours.
  private static func thinned(_ values: [Double]) -> [Int] {
    guard values.count > mostPoints else { return Array(values.indices) }
    let size = (values.count * 2 + mostPoints - 1) / mostPoints
    return stride(from: 0, to: values.count, by: size).flatMap { start -> [Int] in
      let group = start..<min(start + size, values.count)
      let low = group.min { values[$0] < values[$1] } ?? start
      let high = group.max { values[$0] < values[$1] } ?? start
      return low == high ? [low] : [min(low, high), max(low, high)]
    }
  }

  private var named: [Layer] { panel.layers.filter { $0.name != nil } }

  /// The width of an entry of the legend.
  private var entryWidth: Double {
    min(right - left, 48 + 7.6 * Double(named.compactMap(\.name?.count).max() ?? 0))
  }

  /// The columns of a legend below the panel.
  private var legendColumns: Int { max(1, Int((right - left) / entryWidth)) }

  /// The height of a legend below the axis; 0 where it stands within the panel.
  var legendBelow: Double {
    guard named.count > Self.mostEntriesWithin else { return 0 }
    let rows = (named.count + legendColumns - 1) / legendColumns
    return Self.rowHeight * Double(rows) + 8
  }

  private mutating func drawLegend() {
    guard !named.isEmpty else { return }
    guard legendBelow == 0 else {
      for (index, layer) in named.enumerated() {
        let (row, column) = (index / legendColumns, index % legendColumns)
        drawEntry(
          layer, left + Double(column) * (right - left) / Double(legendColumns),
          bottom + 56 + Self.rowHeight * (Double(row) + 0.5))
      }
      return
    }
    let (width, height) = (entryWidth, Self.rowHeight * Double(named.count) + 8)
    let (start, above) = legendCorner(width, height)
    text += "<rect class=\"legend\" x=\"\(n(start))\" y=\"\(n(above))\" width=\"\(n(width))\" "
    text += "height=\"\(n(height))\" fill-opacity=\"0.85\"/>\n"
    for (row, layer) in named.enumerated() {
      drawEntry(layer, start, above + 4 + Self.rowHeight * (Double(row) + 0.5))
    }
  }

  /// Draws the sample and the name of a layer from its left end.
  private mutating func drawEntry(_ layer: Layer, _ start: Double, _ y: Double) {
    let color = Palette.color(layer.style)
    switch layer.mark {
    case .line:
      text += "<path d=\"M\(n(start + 7)) \(n(y))h24\" stroke=\"\(color)\" stroke-width=\"1.8\""
      text += "\(dashAttribute(Palette.dash(layer.style)))/>\n"
    case .level, .upright:
      text += "<path d=\"M\(n(start + 7)) \(n(y))h24\" stroke=\"\(color)\""
      text += "\(dashAttribute(Self.levelDash))/>\n"
    case .crosses: text += cross(start + 19, y, color)
    case .bars: text += marker(start + 19, y, layer.style)
    case .band, .points, .cells:
      text += "<rect x=\"\(n(start + 13))\" y=\"\(n(y - 6))\" width=\"12\" height=\"12\" "
      text += "fill=\"\(color)\"/>\n"
    }
    text += "<text x=\"\(n(start + 37))\" y=\"\(n(y + 4.5))\">\(xml(layer.name ?? ""))</text>\n"
  }

  /// The upper left corner of the legend where it hides the fewest points.
  private func legendCorner(_ width: Double, _ height: Double) -> (x: Double, y: Double) {
    let places = panel.layers.flatMap { layer -> [(Double, Double)] in
      let (xs, ys): ([Double], [Double])
      switch layer.mark {
      case .line(let x, let y), .points(let x, let y), .crosses(let x, let y),
        .bars(let x, let y, _):
        (xs, ys) = (x, y)
      case .band(let x, let low, let high): (xs, ys) = (x + x, low + high)
      case .cells(let cells):
        xs = cells.flatMap { [$0.x.lowerBound, $0.x.upperBound] }
        ys = cells.flatMap { [$0.y.lowerBound, $0.y.upperBound] }
      case .level, .upright: return []
      }
      return zip(xs, ys).compactMap { x, y in
        guard let x = self.x(x), let y = self.y(y) else { return nil }
        return (x, y)
      }
    }
    let corners = [
      (right - width - 8, top + 8), (left + 8, top + 8), (right - width - 8, bottom - height - 8),
      (left + 8, bottom - height - 8),
    ]
    func hidden(_ corner: (Double, Double)) -> Int {
      places.count { x, y in
        (corner.0...corner.0 + width).contains(x) && (corner.1...corner.1 + height).contains(y)
      }
    }
    let counts = corners.map(hidden)
    let best = counts.indices.min { counts[$0] < counts[$1] } ?? 0
    return corners[best]
  }
}
