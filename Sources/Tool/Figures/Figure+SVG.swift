import Foundation

extension Figure {
  private static let width = 640.0
  private static let panelHeight = 400.0
  private static let titleHeight = 34.0
  private static let panelTitleHeight = 24.0

  /// The figure as a file of scalable vector graphics that every browser shows.
  ///
  /// It needs nothing from outside: no style sheet, no script, no font but the browser's own.
  var svg: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + element() }

  /// The element `svg`, for a file or within a page; ids of several in one page begin with prefixes of
  /// their own.
  func element(idPrefix: String = "") -> String {
    let drawings = placed(idPrefix)
    let height = drawings.last?.end ?? Self.titleHeight
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(height))" \
      width="\(Int(Self.width))" height="\(Int(height))" font-family="sans-serif" font-size="13">
      <title>\(xml(title))</title>
      <style>\(Self.style)</style>
      <rect class="paper" width="100%" height="100%"/>
      <text x="\(Int(Self.width / 2))" y="23" text-anchor="middle" font-size="15">\(xml(title))</text>

      """
    for drawing in drawings {
      if let title = drawing.panel.title {
        text += "<text x=\"84\" y=\"\(Int(drawing.top + 14))\" font-weight=\"bold\">"
        text += "\(xml(title))</text>\n"
      }
      var drawing = drawing.drawing
      text += drawing.draw()
    }
    return text + "</svg>\n"
  }

  /// Colours for light and dark surroundings.
  private static let style = """
    svg{color:#000}svg text{fill:#222}.paper{fill:#fff}.frame{stroke:#333;fill:none}\
    .grid{stroke:#ddd}.legend{fill:#fff;stroke:#bbb}\
    @media(prefers-color-scheme:dark){svg{color:#eee}svg text{fill:#ddd}.paper{fill:#181a1b}\
    .frame{stroke:#999}.grid{stroke:#3a3d3f}.legend{fill:#181a1b;stroke:#666}}
    """

  /// The panels one below the other, each with room for its title and for a legend below it.
  private func placed(
    _ idPrefix: String
  ) -> [(panel: Panel, top: Double, end: Double, drawing: PanelDrawing)] {
    var top = Self.titleHeight
    return panels.enumerated().map { index, panel in
      let start = top + (panel.title == nil ? 0 : Self.panelTitleHeight)
      let drawing = PanelDrawing(
        panel, left: 84, right: Self.width - 18, top: start + 8,
        bottom: start + Self.panelHeight - 56, clip: "\(idPrefix)panel\(index)")
      let end = start + Self.panelHeight + drawing.legendBelow
      defer { top = end }
      return (panel, top, end, drawing)
    }
  }
}

/// Text for an element or an attribute; characters that XML cannot hold become question marks.
func xml(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n", "\r": result += " "
    default:
      let isAllowed = scalar.value >= 32 && scalar.value & 0xfffe != 0xfffe
      result.unicodeScalars.append(isAllowed ? scalar : "?")
    }
  }
  return result
}
