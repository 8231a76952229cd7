import Foundation
import Testing

@testable import AtomFlowTool

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a figure that is well-formed XML, with the texts in it.
final class ParsedFigure: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var texts: [String] = []
  private var text = ""

  init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    try #require(parser.parse(), "\(String(describing: parser.parserError)) in \(svg)")
  }

  func parser(
    _: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append((name, attributes))
    text = ""
  }

  func parser(_: XMLParser, foundCharacters string: String) { text += string }

  func parser(
    _: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    if name == "text" { texts.append(text) }
    text = ""
  }

  /// The strokes of lines with a width of their own, which data have.
  var curves: [[String: String]] {
    elements.map(\.attributes).filter { $0["stroke-width"] != nil && $0["fill"] == "none" }
  }
}

@Suite("Figures")
struct FigureTests {
  static func panel(_ layers: [Layer], y: Axis = Axis(label: "y")) -> Panel {
    Panel(x: Axis(label: "x"), y: y, layers: layers)
  }

  @Test("a figure is XML with its labels, whatever characters they have")
  func labels() throws {
    let name = "a<b & \"c\" \u{1} é 水"
    let figure = Figure(
      name,
      [
        Self.panel([Layer(.line(x: [0, 1, 2], y: [0, 5, 3]), name: name, style: 0)]),
        Self.panel([Layer(.points(x: [0, 1], y: [1, 2]), style: 1)]),
      ])
    let parsed = try ParsedFigure(figure.svg)
    let shown = "a<b & \"c\" ? é 水"
    #expect(parsed.texts.count { $0 == shown } == 2)
    #expect(parsed.texts.count { $0 == "x" } == 2 && parsed.texts.contains("y"))
    #expect(parsed.elements.first?.attributes["viewBox"] == "0 0 640 834")
    #expect(parsed.elements.count { $0.name == "circle" } == 2)
    #expect(!figure.svg.contains("href") && !figure.svg.contains("nan"))
  }

  @Test("lines have gaps where there is no number, and places that are right")
  func gaps() throws {
    let y: [Double] = [0, 10, .nan, 10, .infinity, 0]
    let axis = Axis(label: "y", range: 0...10)
    let panel = Panel(
      x: Axis(label: "x", range: 0...5), y: axis,
      layers: [Layer(.line(x: (0...5).map(Double.init), y: y), style: 0)])
    let path = try #require(try ParsedFigure(Figure("", [panel]).svg).curves.first?["d"])
    #expect(path == "M84 378L191.60 42M406.80 42M622 378")
  }

  @Test("bands, cells, levels and logarithmic axes are drawn")
  func marks() throws {
    let band = Layer.curve(
      x: [1, 2, 3], y: [1, 10, 100], deviation: [0.5, 20, 1], name: "band", style: 2)
    let cell = Layer.Cell(x: 1...2, y: 1...10, opacity: 0.5)
    let layers = band + [Layer(.cells([cell]), style: 3), Layer(.level(10), style: 6)]
    let figure = Figure("", [Self.panel(layers, y: Axis(label: "y", scale: .logarithmic))])
    let parsed = try ParsedFigure(figure.svg)
    #expect(parsed.texts.contains("100") && !parsed.texts.contains("50"))
    #expect(parsed.elements.contains { $0.attributes["fill-opacity"] == "0.22" })
    #expect(parsed.elements.contains { $0.attributes["fill-opacity"] == "0.50" })
    #expect(parsed.elements.contains { $0.attributes["stroke-dasharray"] == "4 4" })
  }

  @Test("a long series keeps its extremes in a small file")
  func long() throws {
    var y = (0..<100_000).map { Double($0 % 10) }
    y[54_321] = 100
    let line = Layer(.line(x: y.indices.map(Double.init), y: y), style: 0)
    let svg = Figure("", [Self.panel([line], y: Axis(label: "y", range: 0...100))]).svg
    #expect(svg.utf8.count < 80_000 && svg.contains(" 42L"))
  }

  @Test("nothing to draw is an empty panel", arguments: [[], [Double.nan], [0], [1e300, -1e300]])
  func empty(values: [Double]) throws {
    let line = Layer(.line(x: values, y: values), name: "none", style: 0)
    _ = try ParsedFigure(Figure("", [Self.panel([line])]).svg)
    _ = try ParsedFigure(
      Figure("", [Self.panel([line], y: Axis(label: "y", scale: .logarithmic))]).svg)
  }

  @Test(
    "ticks are round numbers",
    arguments: [
      (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
      (-0.13, 0.41, ["-0.1", "0.0", "0.1", "0.2", "0.3", "0.4"]),
      (0.9933, 0.9941, ["0.9934", "0.9936", "0.9938", "0.9940"]),
      (0, 4.2e7, ["0e+00", "1e+07", "2e+07", "3e+07", "4e+07"]), (5, 5, []), (0, .infinity, []),
    ] as [(Double, Double, [String])])
  func ticks(low: Double, high: Double, labels: [String]) {
    #expect(Ticks(from: low, to: high).labels == labels)
  }

  @Test("ticks of logarithmic axes are powers of ten, and multiples where these are few")
  func logarithmicTicks() {
    #expect(Ticks(powersFrom: -1.3, to: 3.3).labels == ["0.1", "1", "10", "100", "1000"])
    #expect(Ticks(powersFrom: -12, to: 0).values.count <= 7)
    #expect(Ticks(powersFrom: 0.35, to: 0.5).labels.isEmpty)
    #expect(Ticks(powersFrom: 1.5, to: 2.8).labels == ["50", "100", "200", "500"])
    #expect(Ticks(powersFrom: -2.4, to: -1.2).labels == ["0.005", "0.01", "0.02", "0.05"])
  }

  @Test("series differ by colour, then by dashes")
  func palette() {
    let styles = (0..<28).map { Palette.color($0) + Palette.dash($0) }
    #expect(Set(styles).count == 28)
  }
}
