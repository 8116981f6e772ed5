package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
private import ParallaxSystem

package struct HistoryCommand: Command {
  private static let range = ObjectKey<String?>.optional("RANGE", .text)
  private static let all = OptionKey.flag("all", help: "show every command")
  private static let file = OptionKey.single(
    "save", .path, placeholder: "FILE", help: "write a script")
  private static let replaces = OptionKey.flag("replace", help: "overwrite FILE")

  package static let signature = CommandSignature(
    verb: "history", group: "Session", summary: "show the commands of this session, or save them",
    discussion: """
      Commands are shown in canonical form, without failed ones, so that the saved file runs as a \
      script; a FILE that ends in .md is a notebook. A range is the first and the last input, such \
      as 3..24, or one input. On a terminal the newest are shown, up to 'set show.rows'; --all \
      shows all of them. A session keeps its newest \(EnteredLog.limit) commands.
      """,
    objects: [range],
    options: [all, file, replaces],
    examples: ["history", "history --save night.plx 3..24"])

  private let inputs: ClosedRange<Int>?
  private let isWhole: Bool
  private let path: String?
  private let replaces: Bool

  package init(_ arguments: Arguments) throws {
    inputs = try arguments[Self.range].map(Self.inputs)
    isWhole = try arguments[Self.all]
    path = try arguments[Self.file].map(PathText.expandingHome)
    replaces = try arguments[Self.replaces]
    if replaces, path == nil {
      throw arguments.error(at: Self.replaces, .usage, "'--replace' goes with --save")
    }
  }

  private static func inputs(_ text: String) throws -> ClosedRange<Int> {
    if let only = Int(text) { return only...only }
    let ends = text.split(separator: "..").compactMap { Int($0) }
    if ends.count == 2, ends[0] <= ends[1] { return ends[0]...ends[1] }
    throw ParallaxError(
      .badValue, "'history' takes a range such as 3..24; got '\(text)'",
      parameter: range.parameter())
  }

  package func foresee(in scope: inout ScriptScope) throws {
    if let path { scope.write(path) }
  }

  package func run(in session: Session, input: NamedResult?) async throws -> CommandOutput {
    let entries = session.entered.entries.filter { inputs?.contains($0.number) ?? true }
    var output = try path.map { try save(entries, to: $0, session) } ?? list(entries, session)
    if !isCut(session), let gap = session.entered.gap(in: inputs) { output.warnings.append(gap) }
    return output
  }

  /// Whether only the newest are shown, as on a terminal where nothing else is asked for.
  @MainActor private func isCut(_ session: Session) -> Bool {
    session.console.results.isTerminal && path == nil && inputs == nil && !isWhole
  }

  @MainActor private func list(_ entries: [Entered], _ session: Session) -> CommandOutput {
    let limit = isCut(session) ? session.settings[.showRows] : entries.count
    let table = Table(
      columns: [
        .init("input", .integer, isKey: true), .init("command", .text, wraps: true),
      ],
      rows: entries.suffix(limit).map { [Value($0.number), .text($0.text)] })
    let footer =
      entries.count > limit
      ? ["the newest \(limit) of \(Wording.count(entries.count)): 'history --all' shows all"] : []
    return CommandOutput(
      .shown(table, format: nil, rows: max(1, table.rows.count)), footer: footer)
  }

  @MainActor private func save(
    _ entries: [Entered], to path: String, _ session: Session
  ) throws -> CommandOutput {
    let filter = HistoryFilter(environment: session.providers.variables)
    let harmless = entries.filter { !filter.holdsKey($0.text) }
    let lines = try harmless.scriptLines().map { $0 + "\n" }.joined()
    let leftOut = Wording.count(entries.count - harmless.count, "command")
    let warnings =
      harmless.count == entries.count ? [] : ["\(leftOut) with a key in it: left out"]
    try session.refuseToWrite(warnings)
    let script =
      Script.isNotebook(path)
      ? "---\nparallax: 1\n---\n\n```parallax\n\(lines)```\n" : "version 1\n\(lines)"
    try attributing(to: Self.file) {
      try session.files.write(.init(path, Array(script.utf8)), replace: replaces)
    }
    return CommandOutput(
      notes: ["wrote \(Wording.count(harmless.count, "command")) to '\(path)'"],
      warnings: warnings)
  }
}
