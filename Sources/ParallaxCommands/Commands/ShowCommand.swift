package import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

package struct ShowCommand: Command {
  private static let settings = "settings"
  private static let variables = "variables"
  private static let result = ObjectKey<String?>.optional(
    "RESULT", .result, .optionalByHand, keywords: [settings, variables])
  private static let columns = OptionKey.list(
    "columns", .column, placeholder: "NAME", help: "columns, in this order")
  private static let rows = OptionKey.single(
    "rows", .integer(1...1_000_000), placeholder: "N", help: "at most N rows")
  private static let format = OptionKey.single(
    "mode", .format, placeholder: "FORMAT", help: "format, this time only")

  package static let signature = CommandSignature(
    verb: "show", group: "Output", summary: "show a result again, the settings or the variables",
    objects: [result],
    options: [columns, rows, format],
    examples: ["show red --columns rank,id,score --rows 5", "show settings"],
    acceptsResult: true, producesResult: true, showsResults: true)

  private enum Subject {
    case settings, variables
    /// `nil` for the one piped in, or the last one.
    case result(String?)
  }

  private let subject: Subject
  private let columns: [String]
  private let rows: Int?
  private let format: (any TableFormat.Type)?
  private let canonical: String

  package init(_ arguments: Arguments) throws {
    switch try arguments[Self.result] {
    case Self.settings: subject = .settings
    case Self.variables: subject = .variables
    case let name: subject = .result(name)
    }
    columns = try arguments[Self.columns]
    rows = try arguments[Self.rows]
    format = try arguments[Self.format]
    canonical = arguments.canonical
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if case .result(let name) = subject {
      scope.results.make(scope.results.shape(of: name))
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let table: Table
    var content = ResultContent.table
    var provenance = Provenance(command: canonical)
    switch subject {
    case .settings: table = Self.settings(session)
    case .variables: table = Self.variables(session)
    case .result(let name):
      let result = try session.result(name, input, for: Self.self)
      table = result.table
      content = result.content
      provenance = result.provenance
    }
    return CommandOutput(
      .shown(try table.selecting(columns, of: Self.columns), format: format, rows: rows),
      content: content, provenance: provenance)
  }

  @MainActor private static func settings(_ session: Session) -> Table {
    Table(
      columns: [
        .init("setting", .text, isKey: true), .init("value", .text, isKey: true),
        .init("from", .text), .init("meaning", .text, wraps: true),
      ],
      rows: Setting.all.map { setting in
        let (value, origin) = session.settings.text(of: setting)
        return [
          .text(setting.name), .text(value), .text(origin.rawValue), .text(setting.summary),
        ]
      })
  }

  @MainActor private static func variables(_ session: Session) -> Table {
    Table(
      columns: [.init("variable", .text, isKey: true), .init("value", .text)],
      rows: session.variables.sorted { $0.key < $1.key }.map { [.text("$" + $0), .text($1)] })
  }
}

extension Table {
  /// The table cut to some columns, or whole when none is named.
  ///
  /// - Throws: `unknown-name`, about the column.
  func selecting(_ names: [String], of option: some ArgumentKey) throws -> Table {
    guard !names.isEmpty else { return self }
    return selecting(
      try names.enumerated().map { index, name in
        if let column = self.index(of: name) { return column }
        throw ParallaxError(
          .unknownName, "the result has no column '\(name)'",
          hint: Suggestion.hint(for: name, among: columns.map(\.name))
            ?? "it has \(columns.map(\.name).joined(separator: ", "))",
          parameter: option.parameter(index))
      })
  }
}
