internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxText

/// Writes a command's output: the table on the results stream, the footer on the notes stream.
@MainActor
struct Renderer {
  let session: Session

  func show(_ output: CommandOutput, named name: String?) throws {
    switch output.body {
    case .none, .kept: break
    case .text(let text): try write(text)
    case .table(let table):
      try show(table, format: nil, rows: nil, footer: output.footer, named: name)
      return
    case .shown(let table, let format, let rows):
      if let pictures = output.pictures {
        try show(pictures, of: table, footer: output.footer, named: name)
      } else {
        try show(table, format: format, rows: rows, footer: output.footer, named: name)
      }
      return
    }
    session.console.note(parts: output.footer)
  }

  private func show(
    _ table: Table, format: (any TableFormat.Type)?, rows: Int?, footer: [String],
    named name: String?
  ) throws {
    let console = session.console
    let format = format ?? session.settings[.mode]
    let isForPerson = console.results.isTerminal && format.id == "table"
    let isCut = isForPerson && !pages
    let limit = rows ?? (isCut ? session.settings[.showRows] : table.rows.count)
    let shown =
      table.rows.count > limit ? table.replacing(rows: Array(table.rows.prefix(limit))) : table
    let visible = isForPerson ? fitting(shown, width: console.width) : (table: shown, hidden: [])
    if !table.rows.isEmpty || !isForPerson {
      let made = FormatRegistry.make(format, for: presentation(isForPerson: isForPerson))
      if pages {
        var text = ""
        try made.write(visible.table) { text += $0 }
        try write(text)
      } else {
        try made.write(visible.table) { try console.write($0) }
      }
    }
    var parts = footer + Self.cut(shown.rows.count, of: table, named: name)
    if !visible.hidden.isEmpty { parts.append(Self.hint(hidden: visible.hidden, of: name)) }
    if let name, name != "_" { parts.append("result: \(name)") }
    console.note(parts: parts)
  }

  /// Pictures with the fields of their rows; Ctrl-C stops between two bands of them.
  private func show(
    _ pictures: DrawnPictures, of table: Table, footer: [String], named name: String?
  ) throws {
    for band in pictures.bands {
      try Task.checkCancellation()
      try session.console.write(band)
    }
    var parts = footer + Self.cut(pictures.rows, of: table, named: name, " --images")
    if let name, name != "_" { parts.append("result: \(name)") }
    session.console.note(parts: parts)
  }

  /// How many rows are shown where they are not all.
  private static func cut(
    _ shown: Int, of table: Table, named name: String?, _ option: String = ""
  ) -> [String] {
    let all = table.rows.count
    guard shown < all else { return [] }
    return [
      "\(Wording.count(shown)) of \(Wording.count(all)) rows shown: "
        + "'show \(name ?? "_") --rows \(all)\(option)' shows all"
    ]
  }

  private var pages: Bool {
    session.settings[.pager] && session.isInteractive && !session.isSafe
      && session.console.results.isTerminal
  }

  /// Writes a text, in the pager where it is on and the text is longer than the screen.
  private func write(_ text: String) throws {
    let console = session.console
    guard pages, let height = console.height, text.utf8.count(where: { $0 == 0x0A }) >= height
    else {
      return try console.write(text)
    }
    console.eraseTransientLine()
    if let reason = Pager.show(text) {
      console.note("the pager failed (\(reason)); 'set pager off' does without")
      try console.write(text)
    }
  }

  /// Columns named in a footer.
  private static let named = 5

  /// Which columns are hidden, and the command that shows them.
  private static func hint(hidden: [String], of name: String?) -> String {
    let names = hidden.prefix(named)
    let rest = hidden.count - names.count
    let more = rest > 0 ? " and \(Wording.count(rest)) more" : ""
    let list = "hidden columns: \(names.joined(separator: ", "))\(more)"
    guard let name else { return "\(list) ('set mode line' shows all)" }
    let isPlain = names.allSatisfy { Quoting.quoted($0) == $0 }
    guard rest == 0, isPlain else { return "\(list) ('show \(name) --mode line' shows all)" }
    return "\(list) ('show \(name) --columns \(names.joined(separator: ","))')"
  }

  private func presentation(isForPerson: Bool) -> Presentation {
    Presentation(
      width: isForPerson ? session.console.width : nil,
      fractionDigits: session.settings[.showPrecision],
      usesColor: session.console.results.usesColor)
  }

  /// The columns that fit with a readable width each: keys always, then main ones, then the others
  /// from the left.
  private func fitting(_ table: Table, width: Int?) -> (table: Table, hidden: [String]) {
    guard let width else { return (table, []) }
    let naturals = table.columns.indices.map { natural($0, of: table) }
    let columns = table.columns
    let order =
      columns.indices.filter { columns[$0].isKey }
      + columns.indices.filter { !columns[$0].isKey && columns[$0].isMain }
      + columns.indices.filter { !columns[$0].isKey && !columns[$0].isMain }
    var left = width
    var kept: Set<Int> = []
    for index in order {
      let isKept = columns[index].isKey || columns[index].isMain || columns[index].wraps
      if isKept || naturals[index] <= left || kept.isEmpty {
        kept.insert(index)
        left -= naturals[index] + 2
      }
    }
    guard kept.count < columns.count else { return (table, []) }
    return (
      table.selecting(kept.sorted()),
      columns.indices.filter { !kept.contains($0) }.map { columns[$0].name }
    )
  }

  /// The columns of the terminal that a column is readable in.
  private func natural(_ index: Int, of table: Table) -> Int {
    let column = table.columns[index]
    let readable = column.isMain ? 40 : column.wraps ? 24 : column.isKey ? 60 : 12
    let widest = table.rows.lazy.map { TerminalText.width(of: $0[index].plainText) }.max() ?? 0
    return max(TerminalText.width(of: column.name), min(widest, readable))
  }
}
