internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxStorage
private import ParallaxText
internal import ParallaxWorkbench

/// Runs lines and scripts in a session.
@MainActor
package final class Interpreter {
  package let session: Session
  /// Prints `> command` before its result.
  package var echoes: Bool
  private let registry: SignatureRegistry

  package init(session: Session, echoes: Bool = false) {
    self.session = session
    self.echoes = echoes
    registry = CommandRegistry.signatures
  }

  /// Runs a whole script: parsed and checked first, then until the first failure.
  ///
  /// - Returns: the exit code; errors have been reported.
  package func run(script text: String, source: String) async -> Int32 {
    let before = session.statementCount
    do {
      try await execute(script: text, source: source)
      return 0
    } catch {
      let code = report(error)
      // 2 promises that nothing ran.
      return code == 2 && session.statementCount > before ? 1 : code
    }
  }

  /// The same, for a script within a script.
  func execute(script text: String, source: String) async throws {
    for checked in try check(script: text, source: source) {
      if session.wantsToQuit { break }
      try await execute(checked.statement, checked.commands)
    }
  }

  /// Runs what was typed at the prompt.
  ///
  /// - Returns: the exit code the line would have given a script, and its canonical form.
  package func run(line text: String) async -> (code: Int32, canonical: String?) {
    defer { session.inputNumber += 1 }
    var canonical: String?
    do {
      let statements = try parse(
        meant(text) ?? text, source: "input \(session.inputNumber)", style: .interactive,
        results: nil)
      canonical = statements.map(\.canonical).joined(separator: " ; ")
      for statement in statements where !session.wantsToQuit { try await execute(statement) }
      return (0, canonical)
    } catch {
      return (report(error), canonical)
    }
  }

  /// The name of a result alone stands for showing it, and a verb with `?` behind it for its help.
  private func meant(_ text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 1 else { return nil }
    let word = words[0]
    if session.result(named: String(word)) != nil { return "show \(word)" }
    guard word.hasSuffix("?"), registry.isTaken(String(word.dropLast())) else { return nil }
    return "help \(word.dropLast())"
  }

  /// The statements of a script with their commands: everything is checked that can be known without
  /// running them.
  func check(
    script text: String, source: String, isDryRun: Bool = false
  ) throws -> [CheckedStatement] {
    do {
      let statements = try parse(
        text, source: source, style: .script, results: Set(session.resultNames))
      var check = try ScriptCheck(session, isDryRun: isDryRun)
      return try check.check(statements)
    } catch let error as ParallaxError {
      throw error.beforeRunning
    }
  }

  /// - Parameter results: those there are; `nil` to leave their names to the commands.
  private func parse(
    _ text: String, source: String, style: InputStyle, results: Set<String>?
  ) throws -> [Statement] {
    do {
      let known = KnownNames(
        variables: Set(session.variables.keys), results: results,
        others: Set(session.resultNames))
      let statements = try Parser(registry, style: style).parse(text, source: source, known: known)
      return statements
    } catch var error as ParallaxError {
      if error.code == .unknownResult, error.hint == nil, let name = error.location?.part {
        error.hint = session.hint(forResult: name)
      }
      throw error
    }
  }

  /// - Parameter built: its commands; without them each is made when it runs.
  private func execute(_ statement: Statement, _ built: [BuiltCommand]? = nil) async throws {
    if echoes { try session.console.write(Self.echo(statement.text)) }
    try checkName(of: statement)
    var input: NamedResult?
    var pipeline: [ParsedCommand] = []
    for (position, parsed) in statement.pipeline.enumerated() {
      let isLast = position == statement.pipeline.count - 1
      let command =
        try built?[position] ?? BuiltCommand(filled(parsed), variables: session.variables)
      let arguments = command.arguments
      pipeline.append(arguments.command)
      let output = try await command.run(in: session, input: input)
      let kept = keep(output, as: isLast ? statement.name ?? "_" : "_")
      if isLast {
        try Renderer(session: session).show(output, named: kept?.name)
      }
      try say(output, isLast: isLast, arguments: arguments)
      if let failure = output.failure {
        throw failure.located(
          at: arguments.command.source.location(of: arguments.command.verbRange))
      }
      input = kept
    }
    session.remember(statement.replacing(pipeline: pipeline))
  }

  /// A statement as a transcript shows it, each further line of it behind a point.
  private static func echo(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { index, line in
      (index == 0 ? "> " : ". ") + TerminalText.escaped(String(line)) + "\n"
    }.joined()
  }

  /// Collections, spaces and results share their names.
  private func checkName(of statement: Statement) throws {
    guard let name = statement.name, let range = statement.nameRange,
      try session.workspace.collections().contains(where: { $0.name == name })
    else { return }
    throw ParallaxError(
      .alreadyExists, "a collection is called '\(name)' already",
      hint: "choose another name for the result"
    ).located(at: statement.source.location(of: range))
  }

  /// Objects left out by hand are taken from `use`; a result is the last one.
  private func filled(_ command: ParsedCommand) -> ParsedCommand {
    for object in command.signature.objects where object.arity == .optionalByHand {
      switch (object.type, session.current) {
      case (.collection, let current?):
        return command.filling(object.name, with: SpaceReference(current).collection)
      case (.space, let current?): return command.filling(object.name, with: current)
      case (.result, _) where !command.isPiped:
        guard let name = session.lastResultName else { return command }
        return command.filling(object.name, with: name)
      default: continue
      }
    }
    return command
  }

  private func keep(_ output: CommandOutput, as name: String) -> NamedResult? {
    guard let provenance = output.provenance, let table = output.table else { return nil }
    let result = NamedResult(
      name: name, table: table, provenance: provenance, content: output.content,
      remarks: .init(footer: output.footer, notes: output.notes, warnings: output.warnings))
    session.keep(result)
    return result
  }

  private func say(_ output: CommandOutput, isLast: Bool, arguments: Arguments) throws {
    let console = session.console
    if isLast {
      for note in output.notes { console.note(note) }
    }
    guard let last = output.warnings.last else { return }
    let isStrict = session.settings[.strict]
    let formatter = ErrorReport(session: session).formatter
    for warning in isStrict ? output.warnings.dropLast() : output.warnings[...] {
      console.noteBlock(formatter.warning(warning))
    }
    if isStrict { throw arguments.error(.strictWarning, last) }
  }

  private func report(_ error: any Error) -> Int32 {
    ErrorReport(session: session).report(error)
  }
}
