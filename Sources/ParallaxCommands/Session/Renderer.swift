internal import ParallaxCore
internal import ParallaxReporting

/// Writes a command's output: the table on the results stream, the footer on the notes stream.
@MainActor
struct Renderer {
  let session: Session

  func show(_ output: CommandOutput, named name: String?) throws {
    switch output.body {
    case .none: break
    case .text(let text): try session.console.write(text)
    case .table(let table):
      try show(table, format: nil, rows: nil, footer: output.footer, named: name)
      return
    case .shown(let table, let format, let rows):
      try show(table, format: format, rows: rows, footer: output.footer, named: name)
      return
    }
    if !output.footer.isEmpty { session.console.note(output.footer.joined(separator: " · ")) }
  }

  private func show(
    _ table: Table, format: (any TableFormat.Type)?, rows: Int?, footer: [String],
    named name: String?
  ) throws {
    let console = session.console
    let format = try format ?? FormatRegistry.format(named: session.settings["mode"])
    let isForPerson = console.results.isTerminal && format.id == "table"
    let limit = rows ?? (isForPerson ? session.settings.integer("show.rows") : table.rows.count)
    let shown =
      table.rows.count > limit ? table.replacing(rows: Array(table.rows.prefix(limit))) : table
    let visible = isForPerson ? fitting(shown, width: console.width) : (table: shown, hidden: [])
    if !table.rows.isEmpty || !isForPerson {
      try format.write(visible.table, style: style(isForPerson: isForPerson)) {
        try Task.checkCancellation()
        try console.write($0)
      }
    }
    var parts = footer
    if shown.rows.count < table.rows.count {
      parts.append(
        "\(Wording.count(shown.rows.count)) of \(Wording.count(table.rows.count)) rows shown: "
          + "'show \(name ?? "_") --rows \(table.rows.count)' shows all")
    }
    if !visible.hidden.isEmpty {
      parts.append("hidden columns: \(visible.hidden.joined(separator: ", ")) (--columns)")
    }
    if let name, name != "_" { parts.append("result: \(name)") }
    if !parts.isEmpty { console.note(parts.joined(separator: " · ")) }
  }

  private func style(isForPerson: Bool) -> TableStyle {
    TableStyle(
      width: isForPerson ? session.console.width : nil,
      fractionDigits: session.settings.integer("show.precision"),
      usesColor: session.console.results.usesColor)
  }

  /// As many leading columns as fit with a readable width each; keys always stay.
  private func fitting(_ table: Table, width: Int?) -> (table: Table, hidden: [String]) {
    guard let width else { return (table, []) }
    let readable = 12
    var left = width
    var kept: [Int] = []
    for (index, column) in table.columns.enumerated() {
      let widest = table.rows.lazy.map { TerminalText.width(of: $0[index].plainText) }.max() ?? 0
      let natural = max(
        TerminalText.width(of: column.name), min(widest, column.isKey ? 60 : readable))
      if column.isKey || natural <= left || kept.isEmpty {
        kept.append(index)
        left -= natural + 2
      }
    }
    let hidden = table.columns.indices.filter { !kept.contains($0) }.map { table.columns[$0].name }
    return hidden.isEmpty ? (table, []) : (table.selecting(kept), hidden)
  }
}
