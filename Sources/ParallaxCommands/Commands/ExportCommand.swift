package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem
internal import ParallaxWorkbench

package enum ExportCommand: Command {
  package static let signature = CommandSignature(
    verb: "export", group: "Output", summary: "write a result to a file",
    discussion: """
      The format follows the ending (\(FormatRegistry.endings)), or --format. The file appears \
      whole or not at all, and replaces another only with --replace. Where the result came from is \
      written beside it, to FILE-metadata.json.
      """,
    objects: [ObjectSpec("RESULT", .result, .optionalByHand)],
    options: [
      .single(
        "to", .path, placeholder: "FILE", help: "file to write", required: true, short: "o"),
      .single(
        "format", .choice(FormatRegistry.ids), placeholder: "FORMAT",
        help: "format, whatever the ending"),
      .list("columns", .column, placeholder: "NAME", help: "columns, in this order"),
      .flag("replace", help: "overwrite FILE"),
      .flag("csv-safe", help: "guard cells that a spreadsheet would run as a formula"),
    ],
    examples: [
      "export red --to red.csv", "query photos@base --text cat | export --to cats.md --replace",
    ], acceptsResult: true)

  package static func validate(_ arguments: Arguments) throws {
    guard !arguments.given("format"), let path = arguments.string("to") else { return }
    do { _ = try FormatRegistry.format(forPath: path) } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofOption: "to"))
    }
  }

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.write(arguments.string("to"))
  }

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let result = try session.result(arguments, input: input)
    let path = PathText.expandingHome(arguments.string("to") ?? "")
    let table = try result.table.selecting(arguments)
    do {
      let format =
        try arguments.string("format").map { try FormatRegistry.format(named: $0) }
        ?? FormatRegistry.format(forPath: path)
      let presentation = Presentation(fractionDigits: session.settings.integer("show.precision"))
      try Exporter.write(
        table.columns, { write in for row in table.rows { try write(row) } },
        as: FormatRegistry.make(
          format, for: presentation, isSpreadsheetSafe: arguments.flag("csv-safe")),
        to: path, replace: arguments.flag("replace"),
        provenance: result.provenance.fields.map { ($0.name, Value.text($0.value)) },
        with: session.files)
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofOption: "to"))
    }
    return .note("wrote \(Wording.count(table.rows.count, "row")) to '\(path)'")
  }
}
