package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxSystem
internal import ParallaxWorkbench

package struct ExportCommand: Command {
  private static let result = ObjectKey<String?>.optional(
    ObjectKey.result.name, .resultOrSpace, .optionalByHand)
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
    verb: "export", group: "Output",
    summary: "write a result, or the vectors of a space, to a file",
    discussion: """
      The format follows the ending (\(FormatRegistry.endings)), or --format. The file appears \
      whole or not at all, and replaces another only with --replace. The provenance of the result \
      is written beside it, to FILE-metadata.json.

      A run ('query --queries') is written in TREC's form where the ending is .run or .trec: \
      question, Q0, item, rank, score, name. Blanks and a few other characters of ids are \
      escaped ('red car' is 'red!20car'), which 'import-run' reads back. FILE.ids.csv tells the \
      item and the path of each id. Of a result of 'eval' or 'compare', .qrels writes the judgements \
      as they counted, and of 'eval' of one system, .run its answers as they counted: trec_eval gives \
      the same values for the two files.

      .parquet keeps integers of 64 bits, floats, booleans and days as what they are, and tells NULL from \
      the empty text. A column with a value that is of another kind is written as text, which is said; a \
      list is written as JSON.

      RESULT may be a space: COLLECTION@SPACE. Its vectors are then written in ascending order of id, as \
      32-bit floats. FILE.npy is NumPy's array, and FILE.ids.txt has the ids, one a line; 'import' \
      reads the two back. FILE.tsv and FILE.metadata.tsv are for TensorBoard's Embedding Projector; \
      the second has the columns of the items, or those of --columns. FILE.parquet has both, and the \
      vector as a list in a column 'vector'.
      """,
    objects: [result],
    options: [file, format, columns, replaces, isSpreadsheetSafe],
    examples: [
      "export red --to red.csv", "export q --to q.run", "export ev --to judged.qrels",
      "query photos@base --text cat | export --to cats.md --replace",
      "export photos@base --to vectors.npy", "export photos@base --to projector.tsv",
    ], acceptsResult: true)

  private let result: String?
  /// Of a space; `nil` for a result.
  private let vectors: (space: SpaceReference, format: any VectorFormat.Type)?
  private let canonical: String
  private let path: String
  /// `nil` for TREC's form, and for Parquet's.
  private let format: (any TableFormat.Type)?
  private let columns: [String]
  private let replaces: Bool
  private let isSpreadsheetSafe: Bool

  package init(_ arguments: Arguments) throws {
    result = try arguments[Self.result]
    let path = try arguments[Self.file]
    self.path = PathText.expandingHome(path)
    columns = try arguments[Self.columns]
    replaces = try arguments[Self.replaces]
    isSpreadsheetSafe = try arguments[Self.isSpreadsheetSafe]
    canonical = arguments.canonical
    vectors = try Self.vectors(arguments)
    guard vectors == nil else {
      format = nil
      return
    }
    let isTREC = RunExport.isPath(path) || JudgementExport.isPath(path)
    let isParquet = ParquetTable.isPath(path)
    format =
      (isTREC || isParquet) && !arguments.given(Self.format)
      ? nil
      : try arguments[Self.format]
        ?? attributing(to: Self.file) { try FormatRegistry.format(forPath: path) }
    if format == nil, isTREC, let first = columns.first {
      throw arguments.error(
        at: Self.columns, .usage, "TREC's form has columns of its own; got '\(first)'")
    }
    guard isSpreadsheetSafe, !(format is any SpreadsheetFormat.Type) else { return }
    let guarded = FormatRegistry.all.filter { $0 is any SpreadsheetFormat.Type }
    throw arguments.error(
      at: Self.isSpreadsheetSafe, .usage,
      "--csv-safe goes with \(guarded.map { $0.id }.joined(separator: " and ")); "
        + "the format of '\(path)' is \(format?.id ?? (isTREC ? "TREC's form" : "Parquet"))")
  }

  /// The space and the form of its vectors, if the object is a space.
  private static func vectors(
    _ arguments: Arguments
  ) throws -> (space: SpaceReference, format: any VectorFormat.Type)? {
    let path = try arguments[file]
    let format = VectorFormatRegistry.format(forPath: path)
    guard let name = try arguments[result], name.contains("@") else {
      if let format, format.id == NPYVectors.id, !arguments.given(Self.format) {
        throw arguments.error(
          at: file, .invalidValue, "'.\(format.fileExtension)' holds the vectors of a space",
          hint: "'export COLLECTION@SPACE --to FILE' writes them; the endings of a result are "
            + FormatRegistry.endings)
      }
      return nil
    }
    guard let format else {
      throw arguments.error(
        at: file, .invalidValue, "the ending of '\(path)' is not that of a file of vectors",
        hint: "the endings are \(VectorFormatRegistry.endings)")
    }
    for key in [Self.format, isSpreadsheetSafe] as [any ArgumentKey] where arguments.given(key) {
      throw arguments.error(
        at: key, .usage,
        "--\(key.name) is for results; the vectors of a space have a form of their own")
    }
    if !format.holdsColumns, arguments.given(columns) {
      throw arguments.error(
        at: columns, .usage, "'.\(format.fileExtension)' has no columns: it holds vectors and ids")
    }
    return (SpaceReference(name), format)
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let vectors {
      try attributing(to: Self.result) { try scope.require(vectors.space) }
      for beside in vectors.format.besides(path) { scope.write(beside) }
    }
    scope.write(path)
  }

  @MainActor private func writeParquet(
    of result: NamedResult, in session: Session
  ) throws -> CommandOutput {
    let table = try result.table.selecting(columns, of: Self.columns)
    let parquet = try ParquetTable(table.columns) { write in
      for row in table.rows { try write(row) }
    }
    try Exporter.write(
      parquet, rows: table.rows.count, to: path, replace: replaces,
      provenance: result.provenance.fields.map { ($0.name, Value.text($0.value)) },
      with: session.files)
    return CommandOutput(
      notes: ["wrote \(Wording.count(table.rows.count, "row")) to '\(path)'"] + parquet.notes)
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    if let vectors {
      let space = try attributing(to: Self.result) { try session.bench.space(vectors.space) }
      let export = VectorExport(
        space: space, path: path, format: vectors.format, columns: columns, replaces: replaces)
      do { return try await export.write(in: session, command: canonical) } catch let error
        as ParallaxError
      {
        throw error.about(Self.file.parameter())
      }
    }
    let result = try session.result(self.result, input, for: Self.self)
    guard let format else {
      do {
        if ParquetTable.isPath(path) { return try writeParquet(of: result, in: session) }
        if JudgementExport.isPath(path) {
          return try await JudgementExport(of: result).write(
            to: path, replace: replaces, with: session.files)
        }
        return try await RunExport(of: result).write(to: path, replace: replaces, in: session)
      } catch let error as ParallaxError {
        throw error.about(Self.file.parameter())
      }
    }
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
