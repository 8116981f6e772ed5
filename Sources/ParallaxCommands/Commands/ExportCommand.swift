package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ExportCommand: Command {
  private static let result = ObjectKey.result
  private static let file = OptionKey.required(
    "to", .path, placeholder: "FILE", help: "file to write", short: "o")
  private static let format = OptionKey.single(
    "format", .format, placeholder: "FORMAT", help: "format, regardless of the ending")
  private static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "columns, in this order")
  private static let replaces = OptionKey.flag("replace", help: "overwrite FILE")
  private static let isSpreadsheetSafe = OptionKey.flag(
    "csv-safe", help: "guard cells that a spreadsheet would run as a formula")

  package static let signature = CommandSignature(
    verb: "export", group: "Output", summary: "write a result to a file",
    discussion: """
      The format follows the ending (\(FormatRegistry.endings)), or --format. The file appears \
      whole or not at all, and replaces another only with --replace. The provenance of the result \
      is written beside it, to FILE-metadata.json.
      """,
    objects: [result],
    options: [file, format, columns, replaces, isSpreadsheetSafe],
    examples: [
      "export red --to red.csv", "query photos@base --text cat | export --to cats.md --replace",
    ], acceptsResult: true)

  private let result: String?
  private let path: String
  private let format: any TableFormat.Type
  private let columns: [String]
  private let replaces: Bool
  private let isSpreadsheetSafe: Bool

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    let path = try arguments[Self.file]
    self.path = PathText.expandingHome(path)
    format =
      try arguments[Self.format]
      ?? attributing(to: Self.file) { try FormatRegistry.format(forPath: path) }
    columns = try arguments[Self.columns]
    replaces = try arguments[Self.replaces]
    isSpreadsheetSafe = try arguments[Self.isSpreadsheetSafe]
    guard isSpreadsheetSafe, !(format is any SpreadsheetFormat.Type) else { return }
    let guarded = FormatRegistry.all.filter { $0 is any SpreadsheetFormat.Type }
    throw arguments.error(
      at: Self.isSpreadsheetSafe, .usage,
      "--csv-safe goes with \(guarded.map { $0.id }.joined(separator: " and ")); "
        + "the format of '\(path)' is \(format.id)")
  }

  package func foresee(in scope: inout ScriptScope) throws { scope.write(path) }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let result = try session.result(self.result, input, for: Self.self)
    let table = try result.table.selecting(columns, of: Self.columns)
    let presentation = Presentation(fractionDigits: session.settings[.showPrecision])
    try attributing(to: Self.file) {
      try Exporter.write(
        table.columns, { write in for row in table.rows { try write(row) } },
        as: FormatRegistry.make(format, for: presentation, isSpreadsheetSafe: isSpreadsheetSafe),
        to: path, replace: replaces,
        provenance: result.provenance.fields.map { ($0.name, Value.text($0.value)) },
        with: session.files)
    }
    return .note("wrote \(Wording.count(table.rows.count, "row")) to '\(path)'")
  }
}
