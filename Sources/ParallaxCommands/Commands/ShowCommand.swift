package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

package enum ShowCommand: Command {
  package static let signature = CommandSignature(
    verb: "show", group: "Output", summary: "show a result again, the settings or the variables",
    objects: [
      ObjectSpec("RESULT", .result, .optionalByHand, keywords: ["settings", "variables"])
    ],
    options: [
      .list("columns", .column, placeholder: "NAME", help: "columns, in this order"),
      .single("rows", .integer(1...1_000_000), placeholder: "N", help: "at most N rows"),
      .single(
        "mode", .choice(FormatRegistry.ids), placeholder: "FORMAT",
        help: "format, this time"),
    ],
    examples: ["show red --columns rank,id,score --rows 5", "show settings"],
    acceptsResult: true, producesResult: true)

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let table: Table
    let provenance: Provenance
    let object = arguments.object("RESULT")
    if object == "settings" || object == "variables" {
      table = try (object == "settings" ? settings(session) : variables(session))
        .selecting(arguments)
      provenance = Provenance(command: arguments.canonical)
    } else {
      let result = try session.result(arguments, input: input)
      table = try result.table.selecting(arguments)
      provenance = result.provenance
    }
    let format = try arguments.string("mode").map { try FormatRegistry.format(named: $0) }
    return CommandOutput(
      .shown(table, format: format, rows: arguments.integer("rows")), provenance: provenance)
  }

  private static func settings(_ session: Session) -> Table {
    Table(
      columns: [
        .init("setting", .text, isKey: true), .init("value", .text, isKey: true),
        .init("from", .text), .init("meaning", .text, wraps: true),
      ],
      rows: Setting.all.map { setting in
        let (value, origin) = session.settings.value(setting)
        return [
          .text(setting.name), .text(value), .text(origin.rawValue), .text(setting.summary),
        ]
      })
  }

  private static func variables(_ session: Session) -> Table {
    Table(
      columns: [.init("variable", .text, isKey: true), .init("value", .text)],
      rows: session.variables.sorted { $0.key < $1.key }.map { [.text("$" + $0), .text($1)] })
  }
}

extension Table {
  /// The table cut to `--columns`, or whole without it.
  ///
  /// - Throws: `unknown-name` pointing at the column.
  func selecting(_ arguments: Arguments) throws -> Table {
    let names = arguments.list("columns")
    guard !names.isEmpty else { return self }
    return selecting(
      try names.enumerated().map { index, name in
        if let column = self.index(of: name) { return column }
        throw arguments.error(
          atOption: "columns", index: index, .unknownName, "the result has no column '\(name)'",
          hint: Suggestion.hint(for: name, among: columns.map(\.name))
            ?? "it has \(columns.map(\.name).joined(separator: ", "))")
      })
  }
}
