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
  private static let images = OptionKey.flag(
    "images", help: "on a terminal, a small picture of each row")

  package static let signature = CommandSignature(
    verb: "show", group: "Output", summary: "show a result again, the settings or the variables",
    discussion: """
      --images shows rows as pictures with their fields below them, where results go to a terminal; \
      elsewhere a note says that there are none. 'help images' has the ways to draw them.
      """,
    objects: [result],
    options: [columns, rows, format, images],
    examples: [
      "show red --columns rank,id,score --rows 5", "show red --images --rows 5", "show settings",
    ],
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
  private let wantsImages: Bool
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
    wantsImages = try arguments[Self.images]
    canonical = arguments.canonical
    if wantsImages, case .result = subject { return }
    guard !wantsImages else {
      throw arguments.error(
        at: Self.images, .usage,
        "--images goes with a result; settings and variables have no pictures")
    }
  }

  package func foresee(in scope: inout ScriptScope) throws {
    guard case .result(let name) = subject else { return }
    let shape = scope.results.shape(of: name)
    scope.results.make(shape)
    if wantsImages, let shape, shape.collections.isEmpty {
      throw NamedResult.noImages(name ?? "_", for: Self.images)
    }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    switch subject {
    case .settings: return try output(of: Self.settings(session))
    case .variables: return try output(of: Self.variables(session))
    case .result(let name):
      let result = try session.result(name, input, for: Self.self)
      var output = try output(of: result.table)
      output.content = result.content
      output.provenance = result.provenance
      if wantsImages { try await draw(result, into: &output, session) }
      return output
    }
  }

  private func output(of table: Table) throws -> CommandOutput {
    CommandOutput(
      .shown(try table.selecting(columns, of: Self.columns), format: format, rows: rows),
      provenance: Provenance(command: canonical))
  }

  /// Adds the pictures of the rows that are shown, or the sentence that there are none.
  @MainActor private func draw(
    _ result: NamedResult, into output: inout CommandOutput, _ session: Session
  ) async throws {
    let items = try result.items(rows ?? session.settings[.showRows], for: Self.images)
    switch try session.pictureOutlet(for: format ?? session.settings[.mode]) {
    case .nothing(let reason): output.notes = ["no pictures are drawn: \(reason)"]
    case .drawn(let outlet):
      guard let table = output.table, !items.isEmpty else { return }
      let events = EventCollector(session.console)
      let (pictures, failures) = try await session.draw(items, table, on: outlet, events.handler)
      output.pictures = pictures
      output.notes = outlet.note.map { [$0] } ?? []
      output.warnings = PictureFailures.sentence(failures).map { [$0] } ?? []
    }
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
