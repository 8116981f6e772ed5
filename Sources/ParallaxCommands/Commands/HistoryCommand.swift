package import CommandLanguage
internal import ParallaxCore
internal import ParallaxProviders
internal import ParallaxReporting
private import ParallaxSystem

package enum HistoryCommand: Command {
  package static let signature = CommandSignature(
    verb: "history", group: "Session", summary: "show the commands of this session, or save them",
    discussion: """
      Commands stand in canonical form, failed ones left out, so that what is saved runs as a \
      script. A range is the first and the last input, such as 3..24, or one input. On a terminal \
      the newest are shown, as many as 'set show.rows' says; --all shows every one.
      """,
    objects: [ObjectSpec("RANGE", .text, .optional)],
    options: [
      .flag("all", help: "show every command"),
      .single("save", .path, placeholder: "FILE", help: "write a script"),
      .flag("replace", help: "overwrite FILE"),
    ],
    examples: ["history", "history --save night.plx 3..24"])

  package static func run(
    _ arguments: Arguments, in session: Session, input: NamedResult?
  ) async throws -> CommandOutput {
    let inputs = try arguments.object("RANGE").map { try range($0, arguments) }
    let entries = session.entered.filter { inputs?.contains($0.number) ?? true }
    guard let path = arguments.string("save").map(PathText.expandingHome) else {
      let isCut =
        session.console.results.isTerminal && inputs == nil && !arguments.flag("all")
      let limit = isCut ? session.settings.integer("show.rows") : entries.count
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
    let filter = HistoryFilter(environment: session.providers.variables)
    let harmless = entries.filter { !filter.holdsKey($0.text) }
    let script = "version 1\n" + (try harmless.scriptLines()).map { $0 + "\n" }.joined()
    do {
      try session.files.write(
        .init(path, Array(script.utf8)), replace: arguments.flag("replace"))
    } catch let error as ParallaxError {
      throw error.located(at: arguments.location(ofOption: "save"))
    }
    let leftOut = Wording.count(entries.count - harmless.count, "command")
    return CommandOutput(
      notes: ["wrote \(Wording.count(harmless.count, "command")) to '\(path)'"],
      warnings: harmless.count == entries.count
        ? [] : ["\(leftOut) with a key in it: left out"])
  }

  package static func validate(_ arguments: Arguments) throws {
    if arguments.flag("replace"), !arguments.given("save") {
      throw arguments.error(atOption: "replace", .usage, "'--replace' goes with --save")
    }
    if let text = arguments.object("RANGE") { _ = try range(text, arguments) }
  }

  package static func foresee(_ arguments: Arguments, in scope: inout ScriptScope) throws {
    scope.write(arguments.string("save"))
  }

  private static func range(_ text: String, _ arguments: Arguments) throws -> ClosedRange<Int> {
    if let only = Int(text) { return only...only }
    let ends = text.split(separator: "..").compactMap { Int($0) }
    if ends.count == 2, ends[0] <= ends[1] { return ends[0]...ends[1] }
    throw arguments.error(
      atObject: "RANGE", .badValue, "'history' takes a range such as 3..24; got '\(text)'")
  }
}
