package import ParallaxCore
private import ParallaxText

/// A `tabular` environment of LaTeX in UTF-8, to be put into a paper; it needs no package.
package struct LaTeXFormat: KeepingFormat {
  package static let id = "latex"
  package static let fileExtensions = ["tex"]
  package static let summary = "a table for LaTeX"

  package var rows: KeptRows

  package init(for presentation: Presentation) {
    rows = KeptRows(fractionDigits: presentation.fractionDigits)
  }

  package mutating func end(to output: Output) throws {
    let columns = rows.columns
    guard !columns.isEmpty else { return }
    let sides = columns.map { $0.kind.isNumeric ? "r" : "l" }.joined()
    try output("\\begin{tabular}{\(sides)}\n\\hline\n")
    try output(Self.line(columns.map { Self.escaped(TerminalText.escaped($0.name)) }) + "\\hline\n")
    try rows.forEach { cells in
      let texts = zip(columns, cells).map { Self.escaped($1, isNumber: $0.kind.isNumeric) }
      try output(Self.line(texts))
    }
    try output("\\hline\n\\end{tabular}\n")
  }

  private static func line(_ cells: [String]) -> String {
    cells.joined(separator: " & ") + " \\\\\n"
  }

  /// Signs that mean something to TeX as what prints them in every encoding of fonts.
  private static func escaped(_ text: String, isNumber: Bool = false) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&", "%", "$", "#", "_", "{", "}": result += "\\\(scalar)"
      case "\\": result += "\\textbackslash{}"
      case "~": result += "\\textasciitilde{}"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      case "`": result += "\\textasciigrave{}"
      case "\"": result += "\\string\""
      case "-" where isNumber: result += "$-$"
      // Two of them are a dash. Behind the end of a line, the others are an option of it.
      case "-", "[", "]", "*": result += "{\(scalar)}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
