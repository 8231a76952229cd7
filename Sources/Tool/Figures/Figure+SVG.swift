import Foundation

extension Figure {
  private static let width = 640.0
  private static let panelHeight = 400.0
  private static let titleHeight = 34.0

  /// The figure as a file of scalable vector graphics that every browser shows.
  ///
  /// It needs nothing from outside: no style sheet, no script, no font but the browser's own.
  var svg: String {
    let height = Self.titleHeight + Self.panelHeight * Double(panels.count)
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(height))" \
      width="\(Int(Self.width))" height="\(Int(height))" font-family="sans-serif" font-size="13">
      <title>\(xml(title))</title>
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(Int(Self.width / 2))" y="23" text-anchor="middle" font-size="15">\(xml(title))</text>

      """
    for (index, panel) in panels.enumerated() {
      let top = Self.titleHeight + Self.panelHeight * Double(index)
      var drawing = PanelDrawing(
        panel, left: 84, right: Self.width - 18, top: top + 8, bottom: top + Self.panelHeight - 56,
        clip: "panel\(index)")
      text += drawing.draw()
    }
    return text + "</svg>\n"
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
