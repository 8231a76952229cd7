import Testing

@testable import AtomFlowTool

@Suite("Marks, legends and pages")
struct FigureMarkTests {
  private func figure(_ layers: [Layer]) throws -> ParsedFigure {
    try ParsedFigure(Figure("", [FigureTests.panel(layers)]).svg)
  }

  @Test("bars reach from one end of the error to the other, and only where there is one")
  func bars() throws {
    let panel = Panel(
      x: Axis(label: "x", range: 0...2), y: Axis(label: "y", range: 0...10),
      layers: [Layer(.bars(x: [1, 2], y: [5, 5], error: [2.5, .nan]), style: 0)])
    let parsed = try ParsedFigure(Figure("", [panel]).svg)
    #expect(parsed.elements.count { $0.name == "circle" } == 2)
    // The frame reaches from 42 to 378, the middle of x is 353.
    #expect(parsed.elements.contains { $0.attributes["d"] == "M349 294h8m-4 0V126m-4 0h8" })
    #expect(parsed.elements.count { $0.attributes["d"]?.hasSuffix("m-4 0h8") == true } == 1)
  }

  @Test("neighbouring series of points differ by their shapes, too")
  func markers() throws {
    let parsed = try figure(
      (0..<4).map { Layer(.bars(x: [Double($0)], y: [1], error: [.nan]), style: $0) })
    let shapes = parsed.elements.filter { $0.attributes["fill"].map { $0.hasPrefix("#") } ?? false }
      .map { element in
        element.name + (element.attributes["d"].map { String($0.drop { $0 != "m" }) } ?? "")
      }
    #expect(shapes.count == 4 && Set(shapes).count == 4)
  }

  @Test("a line from bottom to top and a cross stand at their places")
  func uprightAndCross() throws {
    let panel = Panel(
      x: Axis(label: "x", range: 0...2), y: Axis(label: "y", range: 0...10),
      layers: [
        Layer(.upright(1), style: Palette.reference), Layer(.crosses(x: [2], y: [10]), style: 1),
      ])
    let paths = try ParsedFigure(Figure("", [panel]).svg).elements.compactMap { $0.attributes["d"] }
    #expect(paths.contains("M353 42V378") && paths.contains("M617 37l10 10m0 -10l-10 10"))
  }

  @Test("a long legend stands below its panel and makes the figure higher")
  func legend() throws {
    func lines(_ count: Int) -> [Layer] {
      (0..<count).map { Layer(.line(x: [0, 1], y: [0, 1]), name: "series \($0)", style: $0) }
    }
    let (short, long) = (try figure(lines(5)), try figure(lines(9)))
    #expect(short.elements[0].attributes["height"] == "434")
    let height = Double(long.elements[0].attributes["height"] ?? "") ?? 0
    #expect(height > 434 && long.texts.filter { $0.hasPrefix("series") }.count == 9)
    #expect(!long.elements.contains { $0.attributes["class"] == "legend" })
  }

  @Test("a page escapes its texts, and ids of its figures differ")
  func page() throws {
    var page = HTMLPage("a < b")
    page.answer("\"?\"", "<script>alert(1)</script> & more")
    page.table(["x", "y"], [["<b>", "1"]])
    let one = Figure("one", [FigureTests.panel([Layer(.level(1), style: 0)])])
    page.figure(one, caption: "first")
    page.figure(one, caption: "second")
    #expect(!page.text.contains("<script") && !page.text.contains("<b>"))
    #expect(page.text.contains("&lt;script&gt;") && page.text.contains("<title>a &lt; b</title>"))
    let ids = page.text.matches(of: /id="([^"]+)"/).map { String($0.1) }
    #expect(ids.count == 2 && Set(ids).count == 2)
  }
}
