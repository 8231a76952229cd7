/// A page for a browser in one file: text, tables and figures, no script, nothing from outside.
struct HTMLPage {
  let title: String
  private var body = ""
  private var figures = 0

  init(_ title: String) { self.title = title }

  /// Adds a heading.
  mutating func heading(_ text: String) { body += "<h2>\(xml(text))</h2>\n" }

  /// Adds a smaller heading.
  mutating func subheading(_ text: String) { body += "<h3>\(xml(text))</h3>\n" }

  /// Adds a paragraph.
  mutating func paragraph(_ text: String) { body += "<p>\(xml(text))</p>\n" }

  /// Adds a question with its answer.
  mutating func answer(_ question: String, _ answer: String) {
    body += "<p class=\"answer\"><strong>\(xml(question))</strong><br/>\(xml(answer))</p>\n"
  }

  /// Adds a table; all columns but the first are numbers.
  mutating func table(_ columns: [String], _ rows: [[String]]) {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(xml($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    body += "<div class=\"wide\"><table>\n<thead>\(row(columns, "th"))</thead>\n<tbody>\n"
    body += rows.map { row($0, "td") }.joined()
    body += "</tbody></table></div>\n"
  }

  /// Adds a figure with a sentence below it.
  mutating func figure(_ figure: Figure, caption: String) {
    figures += 1
    body += "<figure>\n\(figure.element(idPrefix: "f\(figures)-"))"
    body += "<figcaption>Figure \(figures). \(xml(caption))</figcaption>\n</figure>\n"
  }

  /// Adds text as it is, in a box that can be opened.
  mutating func details(_ summary: String, text: String) {
    body += "<details><summary>\(xml(summary))</summary>\n<pre>"
    body += text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { xml(String($0)) }.joined(separator: "\n")
    body += "</pre></details>\n"
  }

  /// The file.
  var text: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <title>\(xml(title))</title>
    <style>
    body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 sans-serif;color:#222;
      background:#fff}
    h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.3rem;margin-top:2.2rem}h3{font-size:1.1rem}
    table{border-collapse:collapse;font-size:.88rem}
    th,td{padding:.25rem .6rem;border-bottom:1px solid #ccc;text-align:right;white-space:nowrap}
    th:first-child,td:first-child{text-align:left}
    .wide{overflow-x:auto;margin:.8rem 0}.answer{border-left:4px solid #0072b2;padding-left:.8rem}
    figure{margin:1.5rem 0}figure svg{max-width:100%;height:auto}
    figcaption{font-size:.88rem;color:#555}pre{font-size:.8rem;overflow-x:auto}
    @media(prefers-color-scheme:dark){body{color:#ddd;background:#181a1b}
      th,td{border-color:#444}figcaption{color:#aaa}}
    </style>
    </head>
    <body>
    <h1>\(xml(title))</h1>
    \(body)</body>
    </html>

    """
  }
}
