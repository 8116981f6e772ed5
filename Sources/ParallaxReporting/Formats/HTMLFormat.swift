package import ParallaxCore

/// A page with one table, which nothing needs but itself; 'report' writes more.
package struct HTMLFormat: KeepingFormat {
  package static let id = "html"
  package static let fileExtensions = ["html", "htm"]
  package static let summary = "a table as a web page"

  package var rows: KeptRows

  package init(for presentation: Presentation) {
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func end(to output: Output) throws {
    let columns = rows.columns
    guard !columns.isEmpty else { return }
    try output(
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \(ContentPolicy.source(Self.sheet))">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Table</title>
      <style>\(Self.sheet)</style>
      <table>
      <thead>

      """)
    let heads = columns.map {
      HTML(.th, ["scope": "col", "class": Self.style(of: $0)], text: $0.name)
    }
    try output(Self.text(HTML(.tr, [:], heads)) + "</thead>\n<tbody>\n")
    try rows.forEach { cells in
      let cells = zip(columns, cells).map {
        HTML(.td, ["class": Self.style(of: $0)], text: $1)
      }
      try output(Self.text(HTML(.tr, [:], cells)))
    }
    try output("</tbody>\n</table>\n</html>\n")
  }

  private static let sheet =
    ":root{color-scheme:light dark}body{font-family:sans-serif}table{border-collapse:collapse}"
    + "th,td{border-bottom:1px solid;padding:.25em .6em;text-align:left;overflow-wrap:anywhere;"
    + "unicode-bidi:plaintext}"
    + ".number{text-align:right;font-variant-numeric:tabular-nums}"

  private static func style(of column: Table.Column) -> String {
    column.kind.isNumeric ? "number" : "text"
  }

  private static func text(_ element: HTML) -> String {
    var text = ""
    element.write(to: &text)
    return text
  }
}
